// SPDX-License-Identifier: GPL-2.0
/*
 * A forking server: workers that share the memory of their parent by
 * copy-on-write, and sleep. Runs a command while they do, with their pids in
 * the environment, separated by commas.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start_worker(int ready)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static int run(char **command)
{
	pid_t pid = fork();
	int status = 1;

	if (!pid) {
		execvp(command[0], command);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int argc, char **argv)
{
	static char list[8192];
	int ready[2], count;
	size_t size;
	char *memory;

	if (argc < 4) {
		fprintf(stderr, "Usage: workers COUNT MIB COMMAND [ARGUMENT...]\n");
		return 1;
	}
	count = atoi(argv[1]);
	size = strtoul(argv[2], NULL, 10) << 20;
	memory = malloc(size);
	if (!memory || pipe(ready)) {
		perror("workers");
		return 1;
	}
	memset(memory, 1, size);
	for (int i = 0; i < count; i++) {
		char c;
		pid_t pid = start_worker(ready[1]);

		if (pid < 0 || read(ready[0], &c, 1) != 1) {
			perror("workers");
			return 1;
		}
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%d",
			 i ? "," : "", pid);
	}
	setenv("WORKERS", list, 1);
	/* The workers die with us. */
	return run(argv + 3);
}
