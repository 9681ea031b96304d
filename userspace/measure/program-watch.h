/* SPDX-License-Identifier: GPL-2.0 */
/* Looks at a program while it runs. */
#ifndef SHARESTAT_MEASURE_PROGRAM_WATCH_H
#define SHARESTAT_MEASURE_PROGRAM_WATCH_H

#include "model/program.h"

/**
 * program_watch() - look at running processes and their relatives
 * @program: all zeroes; filled; program_free() gives everything back
 * @tgids: which
 * @count: how many
 * @seconds: for how long
 *
 * Return: 0, or -1 after an explanation.
 */
int program_watch(struct program *program, const pid_t *tgids, size_t count, double seconds);
/**
 * program_run() - run a command and look at it
 * @program: filled; program_free() gives everything back
 * @command: its words, ends with NULL
 *
 * Return: 0, -1 explained, or 1 explained when it could not be executed: @program then has
 * the status that a shell gives.
 */
int program_run(struct program *program, char **command);
/** program_free() - give back what program_watch() or program_run() filled */
void program_free(struct program *program);

#endif
