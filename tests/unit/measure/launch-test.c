// SPDX-License-Identifier: GPL-2.0
/* A command that waits to be let go: its start, its end, and the signals meanwhile. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/command.h"
#include "measure/clock.h"
#include "measure/launch.h"
#include "tap.h"

#define LONG	60.0		/* seconds: never waited for, be the machine ever so busy */

static char *sleeps[3] = { "sleep", "30" };

static bool is_blocked(int number)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	return sigismember(&now, number);
}

static void check_status(const char *what, char *script, int status)
{
	char *command[4] = { "sh", "-c", script };
	struct launch launch;
	bool ended;

	launch_start(&launch, command);
	launch_go(&launch);
	ended = launch_ended(&launch, now_seconds() + LONG);
	if (!CHECK(ended && launch.status == status, "launch: %s: status %d", what, status))
		printf("# ended %d, status %d\n", ended, launch.status);
	CHECK(!launch_end(&launch), "launch: %s: it was executed", what);
}

/* Nothing of the command happens before it is let go. */
static void test_waits(void)
{
	struct launch launch;
	int tries;

	launch_start(&launch, sleeps);
	CHECK(!launch_ended(&launch, now_seconds() + 0.1) && !launch_executed(&launch),
	      "launch: it waits");
	CHECK(is_blocked(SIGTERM) && is_blocked(SIGINT), "launch: signals wait for launch_ended()");
	launch_go(&launch);
	for (tries = 0; tries < 6000 && !launch_executed(&launch); tries++)
		usleep(10000);
	CHECK(launch_executed(&launch), "launch: let go, it becomes the command");
	CHECK(!launch_ended(&launch, now_seconds()), "launch: which runs");
	raise(SIGTERM);
	CHECK(launch_ended(&launch, now_seconds() + LONG) && launch.status == 128 + SIGTERM,
	      "launch: SIGTERM is handed on to it");
	launch_end(&launch);
	CHECK(!is_blocked(SIGTERM) && !is_blocked(SIGINT), "launch: then signals are as before");
}

/* The terminal sends SIGINT to both: it is the command that ends, or does not. */
static void test_interrupt(void)
{
	struct launch launch;

	launch_start(&launch, sleeps);
	launch_go(&launch);
	while (!launch_executed(&launch))
		usleep(10000);
	raise(SIGINT);
	CHECK(!launch_ended(&launch, now_seconds() + 0.1), "launch: SIGINT is not handed on");
	kill(launch.pid, SIGINT);
	CHECK(launch_ended(&launch, now_seconds() + LONG) && launch.status == 128 + SIGINT,
	      "launch: but awaited");
	launch_end(&launch);
}

struct failure {
	char *program;
	bool executed;
	int result, status;
};

static void fail(void *arg)
{
	struct failure *failure = arg;
	char *command[2] = { failure->program };
	struct launch launch;

	launch_start(&launch, command);
	launch_go(&launch);
	launch_ended(&launch, now_seconds() + LONG);
	failure->executed = launch_executed(&launch);
	failure->result = launch_end(&launch);
	failure->status = launch.status;
}

static void check_failure(char *program, int status, const char *reason)
{
	struct failure failure = { .program = program };
	char *text = capture(stderr, fail, &failure);

	if (!CHECK(!failure.executed && failure.result == -1 && failure.status == status &&
		   strstr(text, program) && strstr(text, reason),
		   "launch: %s: %s", program, reason))
		printf("# result %d, status %d: %s\n", failure.result, failure.status, text);
	free(text);
}

/* Whoever gives up before it lets it go: the child ends, too. */
static void test_given_up(void)
{
	struct launch launch;

	launch_start(&launch, sleeps);
	launch_end(&launch);
	CHECK(launch.ended && launch.status == EXIT_FAILURE, "launch: given up before it began");
}

static void test_sleep(void)
{
	double begun = now_seconds();
	sigset_t old;

	launch_block_signals(&old);
	CHECK(!launch_sleep(begun + 0.1) && now_seconds() >= begun + 0.1,
	      "launch: a sleep lasts until the time");
	CHECK(!launch_sleep(begun), "launch: or not at all");
	raise(SIGHUP);
	CHECK(launch_sleep(begun + LONG) == SIGHUP && now_seconds() < begun + LONG,
	      "launch: a signal ends it");
	sigprocmask(SIG_SETMASK, &old, NULL);
}

void test_launch(void)
{
	/* What a shell starts in the background ignores it, and so would the commands. */
	signal(SIGINT, SIG_DFL);
	check_status("it ends well", "exit 0", 0);
	check_status("it ends otherwise", "exit 7", 7);
	check_status("a signal ends it", "kill -KILL $$", 128 + SIGKILL);
	test_waits();
	test_interrupt();
	check_failure("/nowhere/command", 127, "No such file or directory");
	check_failure("/etc", 126, "Permission denied");
	test_given_up();
	test_sleep();
}
