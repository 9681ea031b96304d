// SPDX-License-Identifier: GPL-2.0
/* Who stops processes lets them go on, whatever becomes of whom it works for. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"
#include "verify/sample-processes.h"
#include "verify/stop-process.h"
#include "witness/live-thread.h"

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (!pid) {
		for (;;)
			pause();
	}
	return pid;
}

static bool becomes(pid_t pid, const char *states)
{
	for (int i = 0; i < 6000; i++) {
		char state = task_state(pid);

		if (state ? !!strchr(states, state) : !*states)
			return true;
		usleep(10000);
	}
	return false;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_stops(void)
{
	pid_t one = sleeper(), other = sleeper();
	struct guardian guardian;

	guardian_start(&guardian);
	CHECK(guardian_stop(&guardian, one) && task_state(one) == 'T', "stop: it stands still");
	CHECK(guardian_stop(&guardian, other) && task_state(other) == 'T' && becomes(one, "S"),
	      "stop: then another one, and the first goes on");
	guardian_continue(&guardian);
	CHECK(becomes(other, "S"), "stop: and so does the other");
	guardian_stop(&guardian, one);
	guardian_end(&guardian);
	CHECK(becomes(one, "S"), "stop: at the end all go on");
	end(one);
	end(other);
}

static void test_leaves_alone(void)
{
	struct guardian guardian;
	pid_t one = sleeper();

	guardian_start(&guardian);
	kill(one, SIGSTOP);
	becomes(one, "T");
	CHECK(guardian_stop(&guardian, one), "stop: who was stopped stands still");
	guardian_continue(&guardian);
	guardian_end(&guardian);
	CHECK(task_state(one) == 'T', "stop: and is left so by who has not done it");
	end(one);
	guardian_start(&guardian);
	CHECK(!guardian_stop(&guardian, 1), "stop: process 1 does not stop");
	CHECK(!guardian_stop(&guardian, one), "stop: nor who has ended");
	one = sleeper();
	kill(one, SIGKILL);
	becomes(one, "Z");
	CHECK(!guardian_stop(&guardian, one), "stop: nor whom nobody has waited for");
	waitpid(one, NULL, 0);
	guardian_end(&guardian);
}

/* Whoever verifies is killed while somebody stands still. */
static void test_killed(void)
{
	pid_t one = sleeper(), worker = fork();

	if (!worker) {
		struct guardian guardian;

		guardian_start(&guardian);
		guardian_stop(&guardian, one);
		kill(getpid(), SIGKILL);
	}
	waitpid(worker, NULL, 0);
	CHECK(becomes(one, "S"), "stop: who works for a dead one lets all go on");
	end(one);
}

/* The terminal's signals reach its whole group. */
static void test_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
	pid_t one = sleeper();
	struct guardian guardian;

	guardian_start(&guardian);
	guardian_stop(&guardian, one);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		kill(guardian.pid, numbers[i]);
	guardian_continue(&guardian);
	CHECK(becomes(one, "S") && guardian_stop(&guardian, one) && task_state(one) == 'T',
	      "stop: it goes on with its work after ^C");
	guardian_end(&guardian);
	CHECK(becomes(one, "S"), "stop: and to its end");
	end(one);
	kill(guardian.pid, 0);
	CHECK(!task_state(guardian.pid), "stop: after which it is no more");
}

static void test_specimen(void)
{
	struct specimen specimen;
	pid_t parent, child;

	if (!CHECK(!specimen_start(&specimen), "specimen: two processes"))
		return;
	parent = specimen.pids[0];
	child = specimen.pids[1];
	CHECK(parent != child && becomes(parent, "S") && becomes(child, "S"),
	      "specimen: which sleep");
	specimen_end(&specimen);
	CHECK(!task_state(parent) && becomes(child, ""), "specimen: and then are gone");
}

void test_stop_process(void)
{
	test_stops();
	test_leaves_alone();
	test_killed();
	test_signals();
	test_specimen();
}
