// SPDX-License-Identifier: GPL-2.0
/* isolation: who is left after a crash and an exit, and who notices the rest. */
#include "experiments/isolation.c"
#include "model/finding.h"
#include "verdict-test.h"

static const struct fate of_process = {
	.crash = { .before = OTHERS + 1, .after = OTHERS, .after_proc = OTHERS,
		   .ended_by = -SIGSEGV },
	.ended = { .before = OTHERS + 1, .after = OTHERS, .after_proc = OTHERS },
};

static const struct fate of_thread = {
	.crash = { .before = OTHERS + 1, .ended_by = -SIGSEGV, .damaged = true },
	.ended = { .before = OTHERS + 1 },
	.harm = { true, true },
};

static void try(struct fate process, struct fate thread, enum verdict verdict, const char *words)
{
	struct finding finding = { 0 };

	tell(&finding, "a process", &process.crash);
	tell(&finding, "a thread", &thread.crash);
	decide(&finding, &process, &thread);
	check_finding(&finding, verdict, words, "isolation");
}

static void test_processes(void)
{
	struct fate fewer = of_process;

	try(WITH(of_process, crash.before, OTHERS), of_thread, REFUTED, "processes live before");
	try(WITH(of_process, crash.ended_by, 0), of_thread, REFUTED, "process that crashes ends");
	fewer.crash.after = OTHERS - 1;
	fewer.crash.after_proc = OTHERS - 1;
	try(fewer, of_thread, REFUTED, "other processes live after a crash");
	try(WITH(of_process, ended.after, OTHERS - 1), of_thread, REFUTED, "after one has called exit");
	try(WITH(of_process, crash.damaged, true), of_thread, REFUTED, "does not reach");
	try(WITH(of_process, harm.directory, true), of_thread, REFUTED, "change of directory is its own");
	try(WITH(of_process, harm.limit, true), of_thread, REFUTED, "lower limit is its own");
}

static void test_threads(void)
{
	struct fate more = of_thread;

	try(of_process, WITH(of_thread, crash.ended_by, -SIGKILL), REFUTED, "ends its process");
	try(of_process, WITH(of_thread, crash.before, 1), REFUTED, "threads live before");
	more.crash.after = 1;
	more.crash.after_proc = 1;
	try(of_process, more, REFUTED, "no thread lives after a crash");
	try(of_process, WITH(of_thread, ended.after, 1), REFUTED, "no thread lives after one has called");
	try(of_process, WITH(of_thread, crash.damaged, false), REFUTED, "wild write reaches");
	try(of_process, WITH(of_thread, harm.directory, false), REFUTED, "directory is that of all");
	try(of_process, WITH(of_thread, harm.limit, false), REFUTED, "lower limit is that of all");
}

/* A file that could not be read is no dead thread. */
static void test_readings(void)
{
	const char *words = "nobody was counted";

	try(of_process, WITH(WITH(of_thread, crash.after, -1), crash.after_proc, -1),
	    NOT_MEASURABLE, words);
	try(of_process, WITH(of_thread, ended.after, -1), NOT_MEASURABLE, words);
	try(WITH(of_process, ended.before, -1), of_thread, NOT_MEASURABLE, words);
	try(of_process, WITH(of_thread, crash.after_proc, 4), NOT_MEASURABLE, "disagree");
	try(WITH(of_process, crash.after_proc, OTHERS - 1), of_thread, NOT_MEASURABLE, "disagree");
	try(of_process, WITH(of_thread, crash.after_proc, -1), CONFIRMED,
	    "no word from the witness /proc/PID/task");
	CHECK(count_tasks_proc((const pid_t[]) { getpid() }, 1) == 1 &&
	      count_tasks_proc((const pid_t[]) { 0x7ffffff0 }, 1) == 0,
	      "verdict: isolation: tasks of this process, and of none");
}

/* Whatever ulimit -f says, there is a limit that can be seen to be lowered. */
static void test_limits(void)
{
	struct rlimit before, least, limit;
	bool chosen;

	getrlimit(RLIMIT_FSIZE, &before);
	CHECK(choose_limit(&limit) && resource == RLIMIT_FSIZE, "verdict: isolation: a limit");
	least = (struct rlimit) { 0, before.rlim_max };
	setrlimit(RLIMIT_FSIZE, &least);
	chosen = choose_limit(&limit);
	setrlimit(RLIMIT_FSIZE, &before);	/* before anything is written */
	CHECK(chosen && resource != RLIMIT_FSIZE && limit.rlim_cur,
	      "verdict: isolation: another limit when that is 0");
}

void test_verdict_isolation(void)
{
	try(of_process, of_thread, CONFIRMED, NULL);
	test_processes();
	test_threads();
	test_readings();
	test_limits();
}
