// SPDX-License-Identifier: GPL-2.0
/* sharestat: the table of commands, and what is done before and after each. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "lib/safe-text.h"

static const struct command *const commands[] = {
	&command_report, &command_advise, &command_tasks, &command_mms, &command_vmas,
	&command_frames, &command_who, &command_same, &command_matrix, &command_sum, &command_cow,
	&command_stat, &command_top, &command_switches, &command_tlb, &command_births,
	&command_latency, &command_verify, &command_export, &command_record, NULL
};

static const struct command *find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	warnx("unknown command: '%s'; the commands are:", name);
	print_commands(stderr, commands);
	return NULL;
}

static int run(const struct command *command, int argc, char **argv,
	       struct options *options)
{
	int status;

	optind = 0;	/* glibc: forget what getopt_long() knows of the old argv */
	status = command->run(argc, argv, options);
	free(options->pids);
	return status;
}

/* What was printed must have arrived, unless the reader had enough of it. */
static int close_output(int status)
{
	bool failed = ferror(stdout);

	if (fflush(stdout)) {
		if (errno == EPIPE)
			return status;
		warn("cannot write to standard output");
		return EXIT_FAILURE;
	}
	if (!failed)
		return status;
	warnx("cannot write to standard output");
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	const struct command *command;

	signal(SIGCHLD, SIG_DFL);	/* inherited as ignored, it loses the status of children */
	setlocale(LC_ALL, "");
	safe_errors();
	setlocale(LC_NUMERIC, "C");	/* JSON has no decimal commas */
	if (options_global(argc, argv, commands, &options) != -1)
		return EXIT_FAILURE;
	if (optind == argc) {
		print_usage(stderr, commands);
		return EXIT_FAILURE;
	}
	command = find(argv[optind]);
	if (!command)
		return EXIT_FAILURE;
	return close_output(run(command, argc - optind, argv + optind, &options));
}
