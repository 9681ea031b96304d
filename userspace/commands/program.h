/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMMANDS_PROGRAM_H
#define SHARESTAT_COMMANDS_PROGRAM_H

#include "commands/command.h"

#define PROGRAM_SECONDS 300		/* the option --seconds */
#define PROGRAM_USUAL_SECONDS 2

/** program_seconds() - the argument of --seconds. Return: 0, or -1 explained */
int program_seconds(double *seconds, const char *text);
/**
 * program_command() - watch the processes of -p, or run the command of argv
 * @argc: as given to run()
 * @argv: as given to run(), after its options
 * @options: of it
 * @seconds: to watch
 * @advice: print that, not the rows
 *
 * Return: the exit status.
 */
int program_command(int argc, char **argv, struct options *options, double seconds,
		    bool advice);

#endif
