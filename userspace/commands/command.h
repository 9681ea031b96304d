/* SPDX-License-Identifier: GPL-2.0 */
/* What main.c and the commands offer each other. */
#ifndef SHARESTAT_COMMANDS_COMMAND_H
#define SHARESTAT_COMMANDS_COMMAND_H

#include <stdlib.h>
#include <sys/types.h>

#include "show/table.h"

/* Beside EXIT_SUCCESS, and EXIT_FAILURE, which wrong usage ends with, too. */
enum exit_status {
	EXIT_REFUTED = 2,
	EXIT_NOT_MEASURABLE = 4,
};

/* The common options, already parsed. */
struct options {
	struct output output;
	unsigned int given;		/* a bit for each */
	pid_t *pids;			/* of -p */
	size_t npids;
};

/* An option of one command, for getopt_long() and for --help. */
struct command_option {
	const char *name;		/* long, without the dashes */
	int value;			/* a letter, or 256 and more for none */
	const char *argument;		/* as shown: "ID"; NULL when it takes none */
	const char *help;
};

/* For command->takes: letters that stand for options without one. */
#define TAKES_ROOT 'R'
#define TAKES_COLOR 'C'
#define TAKES_TABLE "JrnobC"		/* what shapes a table */

struct command {
	const char *name;
	const char *help;		/* one line for the list of commands */
	const struct column *columns;	/* for --help, or NULL */
	/*
	 * argv[0] is the command's name; the command takes its own options
	 * out of argv with options_next(), which takes the common ones.
	 */
	int (*run)(int argc, char **argv, struct options *options);
	const char *operands;		/* for --help: "[INTERVAL [COUNT]]", or NULL */
	const struct command_option *own;	/* ends without a name, or NULL */
	const char *takes;			/* letters of the common options for it */
	const char *instead;			/* of those that it does not take, or NULL */
	bool runs;				/* its first operand is a program to run */
};

extern const struct command command_report, command_advise, command_tasks, command_mms,
	command_vmas, command_frames, command_who, command_same, command_matrix, command_sum,
	command_cow, command_stat, command_top, command_switches, command_tlb, command_births,
	command_latency, command_verify, command_export, command_record;

/**
 * options_next() - the next option of the command's own
 * @argc: as given to run()
 * @argv: as given to run()
 * @command: whose options
 * @options: takes the common options; --help and --version end the program
 *
 * Return: the `value` of one of command->own, with its argument in optarg; -1
 * at the end, with the operands from argv[optind] on; '?' after an explanation.
 */
int options_next(int argc, char **argv, const struct command *command,
		 struct options *options);

/** options_no_operands() - Return: 0, or -1 explained when there are any left */
int options_no_operands(int argc, char **argv);

/**
 * options_only() - for a command without options of its own and operands
 * @argc: as given to run()
 * @argv: as given to run()
 * @command: which
 * @options: takes the common options
 *
 * Return: 0, or -1 after an explanation.
 */
int options_only(int argc, char **argv, const struct command *command,
		 struct options *options);

/**
 * options_global() - the options before the command
 * @argc: as given to main()
 * @argv: as given to main()
 * @commands: for the help; ends with NULL
 * @options: takes the common options
 *
 * Return: as options_next(); argv[optind] is the command's name.
 */
int options_global(int argc, char **argv, const struct command *const *commands,
		   struct options *options);

/** print_usage() - of the program, with its list of commands, which ends with NULL */
void print_usage(FILE *out, const struct command *const *commands);
/** print_commands() - name and help of each */
void print_commands(FILE *out, const struct command *const *commands);

#endif
