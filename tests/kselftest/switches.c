// SPDX-License-Identifier: GPL-2.0
/*
 * `switches` against /proc/stat, against a known number of turns, and, class by
 * class, against the trace of sched_switch.
 */
#include "patient-harness.h"
#include "trace-test.h"
#include "turns-test.h"

#define ROUNDS 1009	/* prime: no other number that is about comes close */
#define TRIES 50

static const char *const classes[] = { SHARESTAT_SWITCH_CLASSES(SHARESTAT_NAME) };

static uint64_t all_switches(void)
{
	struct table table = table_read("switches");
	uint64_t sum = table_sum(&table, "count", NULL);

	table_free(&table);
	return sum;
}

/* Both at a moment without a switch: /proc/stat says the same before and after. */
static bool read_both(uint64_t *ctxt, uint64_t *switches)
{
	int tries;

	for (tries = 0; tries < 1000; tries++) {
		*ctxt = read_ctxt();
		*switches = all_switches();
		if (read_ctxt() == *ctxt)
			return true;
	}
	return false;
}

FIXTURE(switches) {
	struct turns turns;
};

FIXTURE_SETUP(switches)
{
	probes(PROBES_OFF);
	reset_counters();
	real_time_unlimited(true);
	pin_to(1);
	real_time();
	probes("+switches");
}

FIXTURE_TEARDOWN(switches)
{
	probes(PROBES_OFF);
	real_time_unlimited(false);
}

struct counts {
	uint64_t class[SWITCH_CLASSES];
};

/* Of one CPU, or of all with -1. */
static struct counts counts_read(int cpu)
{
	struct table table = table_read("switches");
	struct counts counts;
	char number[16];
	int class;

	snprintf(number, sizeof(number), "%d", cpu);
	for (class = 0; class < SWITCH_CLASSES; class++)
		counts.class[class] = cpu < 0 ?
			table_sum(&table, "count", "class", classes[class], NULL) :
			table_sum(&table, "count", "class", classes[class], "cpu", number, NULL);
	table_free(&table);
	return counts;
}

static struct counts counts_since(int cpu, const struct counts *before)
{
	struct counts counts = counts_read(cpu);
	int class;

	for (class = 0; class < SWITCH_CLASSES; class++)
		counts.class[class] -= before->class[class];
	return counts;
}

static uint64_t from_user(const struct counts *counts)
{
	return counts->class[SWITCH_THREAD] + counts->class[SWITCH_PROCESS] +
	       counts->class[SWITCH_TO_KERNEL];
}

TEST_F(switches, classes_add_up_to_ctxt)
{
	uint64_t ctxt[2], sum[2];

	turns_start(&self->turns, false, 0);
	ASSERT_TRUE(read_both(&ctxt[0], &sum[0]));
	turns_take(&self->turns, ROUNDS);
	usleep(20000);
	ASSERT_TRUE(read_both(&ctxt[1], &sum[1]));
	EXPECT_LT(ROUNDS, sum[1] - sum[0]);
	EXPECT_EQ(ctxt[1] - ctxt[0], sum[1] - sum[0]);
	turns_end(&self->turns);
}

/*
 * Turns on one CPU: each is one switch of @class. A stopper thread that comes
 * in between is seen as to_kernel and in the tasks' own counts.
 */
static void check_turns(struct __test_metadata *_metadata, struct turns *turns,
			enum switch_class class, enum switch_class other)
{
	uint64_t tasks = csw_sum(getpid()) + csw_sum(turns->tid);
	struct counts counts = counts_read(1);

	turns_take(turns, ROUNDS);
	counts = counts_since(1, &counts);
	tasks = csw_sum(getpid()) + csw_sum(turns->tid) - tasks;
	EXPECT_EQ(0, counts.class[other]);
	EXPECT_EQ(0, counts.class[SWITCH_RETURN_OTHER]);
	EXPECT_EQ(tasks, from_user(&counts));
	EXPECT_EQ(counts.class[SWITCH_TO_KERNEL], counts.class[SWITCH_RETURN]);
	EXPECT_EQ(2 * ROUNDS + counts.class[SWITCH_TO_KERNEL], tasks);
	EXPECT_EQ(2 * ROUNDS, counts.class[class])
		TH_LOG("%ju by the kernel", (uintmax_t)counts.class[SWITCH_TO_KERNEL]);
}

TEST_F(switches, turns_of_threads)
{
	turns_start(&self->turns, true, 1);
	check_turns(_metadata, &self->turns, SWITCH_THREAD, SWITCH_PROCESS);
	turns_end(&self->turns);
}

TEST_F(switches, turns_of_processes)
{
	turns_start(&self->turns, false, 1);
	check_turns(_metadata, &self->turns, SWITCH_PROCESS, SWITCH_THREAD);
	turns_end(&self->turns);
}

static struct counts count_sleeps(struct csw *csw)
{
	struct csw before = csw_read(getpid()), after;
	struct counts counts = counts_read(1);
	int i;

	for (i = 0; i < 101; i++)
		usleep(500);
	counts = counts_since(1, &counts);
	after = csw_read(getpid());
	csw->voluntary = after.voluntary - before.voluntary;
	csw->involuntary = after.involuntary - before.involuntary;
	return counts;
}

/*
 * Another program ran on this CPU meanwhile and brought another address space, or
 * there was a switch between a reading of the one and of the other.
 */
static bool disturbed(const struct counts *counts, const struct csw *csw)
{
	return counts->class[SWITCH_PROCESS] || counts->class[SWITCH_RETURN_OTHER] ||
	       counts->class[SWITCH_TO_KERNEL] != csw->voluntary + csw->involuntary;
}

/*
 * Alone on its CPU: away to the idle task and back, with the same mm. A try counts
 * only when it was alone; were the classes wrong, no try would seem to be.
 */
TEST_F(switches, sleeps)
{
	struct counts counts;
	struct csw csw;
	int tries = 0;

	do {
		counts = count_sleeps(&csw);
	} while (disturbed(&counts, &csw) && ++tries < 20);
	/* On a slow machine a timer may fire before its task sleeps. */
	EXPECT_GE(101, csw.voluntary);
	EXPECT_LT(50, csw.voluntary);
	EXPECT_EQ(csw.voluntary + csw.involuntary, counts.class[SWITCH_TO_KERNEL]);
	EXPECT_EQ(counts.class[SWITCH_TO_KERNEL], counts.class[SWITCH_RETURN]);
	EXPECT_EQ(0, counts.class[SWITCH_THREAD]);
	EXPECT_EQ(0, counts.class[SWITCH_PROCESS]);
	EXPECT_EQ(0, counts.class[SWITCH_RETURN_OTHER]);
}

/* Two CPUs: both go idle while they wait, so that no class of two users shows. */
TEST_F(switches, turns_over_two_cpus)
{
	struct counts counts;
	uint64_t tasks = 0;
	int tries;

	turns_start(&self->turns, true, 0);
	/* Another process that wakes up meanwhile spoils a try, and shows. */
	for (tries = 0; tries < 5; tries++) {
		tasks = csw_sum(getpid()) + csw_sum(self->turns.tid);
		counts = counts_read(-1);
		turns_take(&self->turns, 101);
		usleep(20000);
		counts = counts_since(-1, &counts);
		tasks = csw_sum(getpid()) + csw_sum(self->turns.tid) - tasks;
		if (tasks == from_user(&counts))
			break;
	}
	EXPECT_EQ(0, counts.class[SWITCH_THREAD]);
	EXPECT_EQ(0, counts.class[SWITCH_PROCESS]);
	EXPECT_LT(101, counts.class[SWITCH_TO_KERNEL]);
	EXPECT_EQ(tasks, counts.class[SWITCH_TO_KERNEL]);
	EXPECT_EQ(tasks, counts.class[SWITCH_RETURN] + counts.class[SWITCH_RETURN_OTHER]);
	turns_end(&self->turns);
}

/* The thread group of a task, 0 for kernel threads: it stands for the mm. */
static pid_t group_of(pid_t tid)
{
	uint64_t tgid = 0, size = 0;
	char path[64], line[256];
	FILE *file;

	if (!tid)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!status_line(line, "Tgid:", &tgid))
			status_line(line, "VmSize:", &size);
	if (!file || !tgid)
		fail("a task %d was switched, but is gone", tid);
	fclose(file);
	return size ? tgid : 0;
}

static enum switch_class classify(pid_t prev, pid_t next, pid_t loaded)
{
	if (prev)
		return !next ? SWITCH_TO_KERNEL : prev == next ? SWITCH_THREAD : SWITCH_PROCESS;
	if (!next)
		return SWITCH_KERNEL;
	return next == loaded ? SWITCH_RETURN : SWITCH_RETURN_OTHER;
}

/* The classes of what was traced from B to C, and from A to D. */
static void classify_trace(struct counts *inner, struct counts *outer)
{
	struct trace_event event = { .section = BEFORE_A };
	char *text = trace_text(), *at = text;
	pid_t loaded[2] = { 0 };

	memset(inner, 0, sizeof(*inner));
	memset(outer, 0, sizeof(*outer));
	while (trace_next(&at, "sched_switch", &event)) {
		const char *prev_at = strstr(event.text, " prev_pid=");
		const char *next_at = strstr(event.text, " next_pid=");
		enum switch_class class;
		pid_t prev, next;

		if (!prev_at || !next_at)
			fail("no sched_switch: '%s'", event.text);
		prev = group_of(atoi(prev_at + 10));
		next = group_of(atoi(next_at + 10));
		if (prev)
			loaded[event.cpu] = prev;
		class = classify(prev, next, loaded[event.cpu]);
		if (event.section > BEFORE_A && event.section < AFTER_D)
			outer->class[class]++;
		if (event.section == B_TO_C)
			inner->class[class]++;
	}
	if (event.section != AFTER_D)
		fail("the trace has %d of 4 marks", event.section);
	free(text);
}

/* All six classes: threads, processes, sleeps, and two that sleep on one CPU. */
static void mixed_work(struct turns *thread, struct turns *process)
{
	int i;

	turns_take(thread, 13);
	turns_take(process, 17);
	for (i = 0; i < 11; i++)
		usleep(3000);
}

TEST_F(switches, each_class_is_as_traced)
{
	struct subject *ticking;
	struct turns thread, process;
	struct counts before, counts, inner, outer;
	int class, tries;

	(void)self;
	ticking = subject_start(subject_tick, NULL);
	turns_start(&thread, true, 1);
	turns_start(&process, false, 1);
	trace_open("sched/sched_switch");
	for (tries = 0; tries < TRIES; tries++) {
		trace_clear();
		usleep(10000);
		trace_mark("A");
		before = counts_read(-1);
		trace_mark("B");
		mixed_work(&thread, &process);
		trace_mark("C");
		counts = counts_since(-1, &before);
		trace_mark("D");
		classify_trace(&inner, &outer);
		/* When nobody switched during the readings it must be exact. */
		if (!memcmp(&inner, &outer, sizeof(inner)))
			break;
	}
	trace_close();
	EXPECT_LT(tries, TRIES);
	for (class = 0; class < SWITCH_CLASSES; class++) {
		EXPECT_EQ(inner.class[class], counts.class[class])
			TH_LOG("of class %s", classes[class]);
		if (class != SWITCH_KERNEL)
			EXPECT_LT(0, counts.class[class]);
	}
	turns_end(&thread);
	turns_end(&process);
	subject_end(ticking);
}

TEST_HARNESS_MAIN
