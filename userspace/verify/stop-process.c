// SPDX-License-Identifier: GPL-2.0
/* Stops processes one at a time and sees to it that each goes on. */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "verify/stop-process.h"
#include "witness/live-thread.h"

#define WAITS 200		/* of 5 ms for all threads of a process to stop */

static char state_of_process(pid_t pid)
{
	return task_state(live_thread(pid));
}

static bool is_stopped(pid_t pid)
{
	char state = state_of_process(pid);

	return state == 'T' || state == 't';
}

static bool has_ended(pid_t pid)
{
	char state = state_of_process(pid);

	return !state || state == 'Z' || state == 'X';
}

static bool stop(pid_t pid)
{
	/* Signals that it has no handler for do not reach process 1. */
	if (pid == 1 || kill(pid, SIGSTOP))
		return false;
	for (int i = 0; i < WAITS && !has_ended(pid); i++) {
		if (is_stopped(pid))
			return true;
		usleep(5000);
	}
	return false;
}

/* Orders are process numbers, 0 for "continue"; each is answered. */
static void obey(int orders, int answers)
{
	pid_t pid, stopped = 0;

	while (read(orders, &pid, sizeof(pid)) == sizeof(pid)) {
		char answer = 1;

		if (stopped)
			kill(stopped, SIGCONT);
		stopped = 0;
		if (pid && !is_stopped(pid)) {
			stopped = pid;
			answer = stop(pid);
		}
		if (write(answers, &answer, 1) != 1)
			break;
	}
	if (stopped)
		kill(stopped, SIGCONT);
}

/* ^C is for those who are waited for, not for who has to tidy up. */
static void __attribute__((noreturn)) guard(int orders, int answers)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_IGN);
	setsid();
	obey(orders, answers);
	_exit(0);
}

int guardian_start(struct guardian *guardian)
{
	int orders[2], answers[2];

	if (pipe(orders) || pipe(answers)) {
		warn("pipe");
		return -1;
	}
	guardian->pid = fork();
	if (guardian->pid < 0) {
		warn("fork");
		return -1;
	}
	if (!guardian->pid) {
		/* Else it would never hear the end of us. */
		close(orders[1]);
		close(answers[0]);
		guard(orders[0], answers[1]);
	}
	close(orders[0]);
	close(answers[1]);
	guardian->orders = orders[1];
	guardian->answers = answers[0];
	return 0;
}

static bool order(struct guardian *guardian, pid_t pid)
{
	char answer = 0;

	if (write(guardian->orders, &pid, sizeof(pid)) != sizeof(pid))
		return false;
	while (read(guardian->answers, &answer, 1) < 0 && errno == EINTR)
		;
	return answer;
}

bool guardian_stop(struct guardian *guardian, pid_t pid)
{
	return order(guardian, pid);
}

void guardian_continue(struct guardian *guardian)
{
	order(guardian, 0);
}

void guardian_end(struct guardian *guardian)
{
	close(guardian->orders);
	close(guardian->answers);
	waitpid(guardian->pid, NULL, 0);
}
