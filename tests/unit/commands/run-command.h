/* SPDX-License-Identifier: GPL-2.0 */
/* A command as its words say: for the test of one, behind its source. */
#ifndef RUN_COMMAND_H
#define RUN_COMMAND_H

/* A run: its words, and what it came to. */
struct attempt {
	char *words[5], *text;
	int status;
};

/* For capture(). */
static void run_attempt(void *arg)
{
	struct attempt *attempt = arg;
	struct options options = { 0 };
	int argc = 0;

	while (attempt->words[argc])
		argc++;
	optind = 0;
	attempt->status = run(argc, attempt->words, &options);
	free(options.pids);
}

#endif
