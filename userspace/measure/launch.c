// SPDX-License-Identifier: GPL-2.0
/* Runs a command that waits to be let go; see launch.h. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "measure/clock.h"
#include "measure/launch.h"

static void fill_set(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGQUIT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

/* Signals are taken one at a time by launch_sleep(), not in between. */
void launch_block_signals(sigset_t *old)
{
	sigset_t set;

	fill_set(&set);
	sigprocmask(SIG_BLOCK, &set, old);
}

int launch_sleep(double time)
{
	double left = time - now_seconds();
	struct timespec timeout = { 0 };
	sigset_t set;
	int number;

	fill_set(&set);
	if (left > 0) {
		timeout.tv_sec = (time_t)left;
		timeout.tv_nsec = (long)((left - (double)timeout.tv_sec) * 1e9);
	}
	number = sigtimedwait(&set, NULL, &timeout);
	return number > 0 ? number : 0;
}

static void __attribute__((noreturn)) execute(const struct launch *launch)
{
	char byte;
	int error;

	close(launch->go[1]);
	/* Nothing comes when the one who counts gave up. */
	if (read(launch->go[0], &byte, 1) != 1)
		_exit(EXIT_FAILURE);
	sigprocmask(SIG_SETMASK, &launch->signals, NULL);
	execvp(launch->command[0], launch->command);
	error = errno;
	(void)!write(launch->error[1], &error, sizeof(error));
	_exit(error == ENOENT ? 127 : 126);
}

int launch_start(struct launch *launch, char **command)
{
	*launch = (struct launch) { .command = command };
	if (pipe2(launch->go, O_CLOEXEC) || pipe2(launch->error, O_CLOEXEC))
		err(EXIT_FAILURE, "pipe");
	launch_block_signals(&launch->signals);
	launch->pid = fork();
	if (launch->pid < 0)
		err(EXIT_FAILURE, "fork");
	if (!launch->pid)
		execute(launch);
	close(launch->go[0]);
	close(launch->error[1]);
	return 0;
}

int launch_go(struct launch *launch)
{
	return write(launch->go[1], "", 1) == 1 ? 0 : -1;
}

/* An exec closes its end of the pipe, on which it would have said why it failed. */
bool launch_executed(const struct launch *launch)
{
	struct pollfd end = { .fd = launch->error[0], .events = POLLIN };

	return poll(&end, 1, 0) == 1 && end.revents & POLLHUP && !(end.revents & POLLIN);
}

bool launch_ended(struct launch *launch, double time)
{
	while (!launch->ended) {
		int status, number;
		pid_t ended = waitpid(launch->pid, &status, WNOHANG);

		if (ended < 0)
			err(EXIT_FAILURE, "%s: its status is lost", launch->command[0]);
		if (ended) {
			launch->ended = true;
			launch->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
					 WEXITSTATUS(status);
			break;
		}
		if (now_seconds() >= time)
			break;
		number = launch_sleep(time);
		/* The terminal's signals are the command's anyway. */
		if (number == SIGTERM || number == SIGHUP)
			kill(launch->pid, number);
	}
	return launch->ended;
}

int launch_end(struct launch *launch)
{
	bool executed = true;
	int error;

	close(launch->go[1]);
	while (!launch_ended(launch, now_seconds() + 1))
		;
	if (read(launch->error[0], &error, sizeof(error)) == sizeof(error)) {
		errno = error;
		warn("%s", launch->command[0]);
		executed = false;
	}
	close(launch->error[0]);
	sigprocmask(SIG_SETMASK, &launch->signals, NULL);
	return executed ? 0 : -1;
}
