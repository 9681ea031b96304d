// SPDX-License-Identifier: GPL-2.0
/*
 * `latency` and the ns of `switches` against the clock of the kernel's own trace: from
 * sched_switch to the function finish_task_switch, switch by switch of two threads. The
 * trace takes time itself, so the sums may differ by some factor; not by a thousand.
 */
#include "patient-harness.h"
#include "trace-test.h"
#include "turns-test.h"

#define ROUNDS 503	/* prime */
#define FACTOR 16

static const char *const classes[] = { SHARESTAT_SWITCH_CLASSES(SHARESTAT_NAME) };

/* Switches, the time they took, and the sum of the logarithms to base 2 of each time. */
struct times {
	uint64_t count, ns, logs;
};

static unsigned int log_of(uint64_t ns)
{
	return 63 - __builtin_clzll(ns | 1);
}

/* Of "COMM-PID [CPU] FLAGS SECONDS.MICROSECONDS: WHAT". */
static bool parse_line(const char *line, int *cpu, uint64_t *ns, const char **what)
{
	const char *at = strstr(line, " [");
	unsigned long seconds, microseconds;
	char flags[16];
	int length = 0;

	while (at && sscanf(at, " [%d] %15s %lu.%lu: %n", cpu, flags, &seconds, &microseconds,
			    &length) != 4)
		at = strstr(at + 1, " [");
	if (!at || !length)
		return false;
	*ns = seconds * 1000000000 + microseconds * 1000;
	*what = at + length;
	return true;
}

/* From B to C, on CPU 1. What ends there began there: nothing sleeps in between. */
static struct times times_traced(void)
{
	char *text = trace_text(), *at = text, *line;
	enum trace_section section = BEFORE_A;
	uint64_t begin = 0, now;
	struct times times = { 0 };
	const char *what;
	int cpu;

	while ((line = next_line(&at))) {
		if (!parse_line(line, &cpu, &now, &what))
			continue;
		section += !!strstr(what, "tracing_mark_write");
		if (section != A_TO_B || cpu != 1)
			continue;
		if (!strncmp(what, "sched_switch:", strlen("sched_switch:")))
			begin = now;
		if (strncmp(what, "finish_task_switch", strlen("finish_task_switch")) || !begin)
			continue;
		times.count++;
		times.ns += now - begin;
		times.logs += log_of(now - begin ?: 500);
		begin = 0;
	}
	if (section != B_TO_C)
		fail("the trace has %d of 2 marks", section);
	free(text);
	return times;
}

/* What was counted of a class of switches; the buckets are of all CPUs. */
static struct times times_counted(enum switch_class class)
{
	struct table switches = table_read("switches"), latency = table_read("latency");
	struct times times = {
		.count = table_sum(&switches, "count", "cpu", "1", "class", classes[class], NULL),
		.ns = table_sum(&switches, "ns", "cpu", "1", "class", classes[class], NULL),
	};
	size_t row;

	for (row = 0; row < latency.rows; row++)
		if (!strcmp(table_text(&latency, row, "class"), classes[class]))
			times.logs += table_number(&latency, row, "count") *
				      table_number(&latency, row, "bucket");
	table_free(&switches);
	table_free(&latency);
	return times;
}

FIXTURE(time) {
	struct turns turns;
};

FIXTURE_SETUP(time)
{
	probes(PROBES_OFF);
	real_time_unlimited(true);
	pin_to(1);
	real_time();
	turns_start(&self->turns, true, 1);
	trace_open("sched/sched_switch");
	trace_write("set_ftrace_filter", "finish_task_switch*");
	trace_write("current_tracer", "function");
	probes("+switches +latency");
}

FIXTURE_TEARDOWN(time)
{
	probes(PROBES_OFF);
	trace_write("current_tracer", "nop");
	trace_close();
	turns_end(&self->turns);
	real_time_unlimited(false);
}

TEST_F(time, is_in_ns)
{
	struct times before, counted, traced;

	trace_clear();
	before = times_counted(SWITCH_THREAD);
	trace_mark("begin");
	turns_take(&self->turns, ROUNDS);
	trace_mark("end");
	counted = times_counted(SWITCH_THREAD);
	traced = times_traced();
	counted.count -= before.count;
	counted.ns -= before.ns;
	counted.logs -= before.logs;
	TH_LOG("%ju switches, %ju ns; traced %ju, %ju ns", (uintmax_t)counted.count,
	       (uintmax_t)counted.ns, (uintmax_t)traced.count, (uintmax_t)traced.ns);
	EXPECT_EQ(2 * ROUNDS, counted.count);
	EXPECT_LE(counted.count, traced.count);
	EXPECT_GE(counted.count + counted.count / 10, traced.count);
	EXPECT_LT(traced.ns / FACTOR, counted.ns);
	EXPECT_GT(traced.ns * FACTOR, counted.ns);
	/* The mean of the buckets, which are logarithms. */
	EXPECT_LT(traced.logs, counted.logs + 4 * counted.count);
	EXPECT_GT(traced.logs + 4 * counted.count, counted.logs);
}

TEST_HARNESS_MAIN
