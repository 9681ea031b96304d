// SPDX-License-Identifier: GPL-2.0
/*
 * switches_mms, tlb_mms and births_mms: known numbers of events, each found in
 * its class on the process that it concerns, with a trace as the witness; and
 * their sums against the files by CPU.
 */
#include "patient-harness.h"
#include "shootdown-test.h"
#include "accounts-test.h"

#define ROUNDS 1009	/* primes: no other number that is about comes close */
#define SLEEPS 211
#define MOVES 53
#define FLUSHES 101
#define CHILDREN 23
#define TRIES 20

#define ALL_ON "+switches +tlb +births"

FIXTURE(attribution) {
	struct table switches, tlb, births;
	char *trace;
	pid_t me;
};

FIXTURE_SETUP(attribution)
{
	memset(self, 0, sizeof(*self));
	probes(PROBES_OFF);
	real_time_unlimited(true);
	pin_to(1);
	real_time();
	self->me = getpid();
	trace_open("sched/sched_switch");
}

static void forget(struct _test_data_attribution *self)
{
	table_free(&self->switches);
	table_free(&self->tlb);
	table_free(&self->births);
	free(self->trace);
	self->trace = NULL;
}

FIXTURE_TEARDOWN(attribution)
{
	forget(self);
	probes(PROBES_OFF);
	trace_close();
	real_time_unlimited(false);
}

/*
 * What @work causes, counted and traced. A real-time task that does not sleep
 * makes no switch around it: neither for the reset nor before the first probe is
 * detached.
 */
static void count(struct _test_data_attribution *self, void (*work)(void *), void *argument)
{
	forget(self);
	probes(ALL_ON);
	trace_clear();
	reset_counters();
	work(argument);
	trace_mark("over");
	probes(PROBES_OFF);
	self->trace = trace_text();
	self->switches = table_read("switches_mms");
	self->tlb = table_read("tlb_mms");
	self->births = table_read("births_mms");
	all_add_up();
}

static void take_turns(void *turns)
{
	turns_take(turns, ROUNDS);
}

/*
 * Two real-time tasks hand the CPU over directly, unless a stopper thread comes
 * in between, which is rare: then the trace says so, and it is tried again.
 */
static void count_turns(struct _test_data_attribution *self, struct turns *turns,
			const struct group *one, const struct group *other, uint64_t wanted)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		count(self, take_turns, turns);
		if (traced(self->trace, one, other) == wanted)
			return;
	}
}

TEST_F(attribution, threads_take_turns)
{
	struct turns turns = { .tid = 0 };
	struct group group = { .count = 2 };

	turns_start(&turns, true, 1);
	group.tids[0] = self->me;
	group.tids[1] = turns.tid;
	count_turns(self, &turns, &group, &group, 2 * ROUNDS);
	turns_end(&turns);
	EXPECT_EQ(2 * ROUNDS, account_of(&self->switches, self->me, "thread"));
	EXPECT_EQ(traced(self->trace, &group, &group),
		  account_of(&self->switches, self->me, "thread"));
	if (flushes_are_traced())
		EXPECT_EQ(0, account_of(&self->tlb, self->me, "task_switch_full"));
}

TEST_F(attribution, processes_take_turns)
{
	struct turns turns = { .tid = 0 };
	struct group parent = { .tids = { self->me }, .count = 1 }, child = { .count = 1 };
	uint64_t flushed;

	turns_start(&turns, false, 1);
	child.tids[0] = turns.pid;
	count_turns(self, &turns, &parent, &child, ROUNDS);
	EXPECT_EQ(ROUNDS, traced(self->trace, &parent, &child));
	/* Both are counted where they arrive; nobody else runs in between. */
	EXPECT_EQ(ROUNDS, account_of(&self->switches, turns.pid, "process"));
	EXPECT_EQ(traced(self->trace, NULL, &child), arrivals(&self->switches, turns.pid));
	EXPECT_EQ(traced(self->trace, NULL, &parent), arrivals(&self->switches, self->me));
	EXPECT_EQ(0, account_of(&self->switches, turns.pid, "thread"));
	turns_end(&turns);
	if (!flushes_are_traced())
		return;
	/* Each arrival loads the other address space; what becomes of the TLB is PCID's. */
	flushed = account_of(&self->tlb, turns.pid, "task_switch_full") +
		  account_of(&self->tlb, turns.pid, "task_switch_range") +
		  account_of(&self->tlb, turns.pid, "task_switch_kept");
	EXPECT_EQ(account_of(&self->switches, turns.pid, "process") +
		  account_of(&self->switches, turns.pid, "return_other"), flushed);
}

static void sleep_often(void *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < SLEEPS; i++)
		usleep(1000);
}

/*
 * The CPU goes idle, or to whom the system has ready: a kernel thread, or a
 * process, whose arrival is its own. So to_kernel has bounds, arrivals are exact.
 * On a slow machine a timer may fire before its task sleeps, which then does not:
 * then the trace says so, and it is tried again.
 */
TEST_F(attribution, an_idle_gap)
{
	struct group me = { .tids = { self->me }, .count = 1 };
	struct group idle = { .tids = { 0 }, .count = 1 };
	uint64_t left;
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		count(self, sleep_often, NULL);
		if (traced(self->trace, &me, NULL) >= SLEEPS)
			break;
	}
	left = account_of(&self->switches, self->me, "to_kernel");
	EXPECT_LE(traced(self->trace, &me, &idle), left);
	EXPECT_GE(traced(self->trace, &me, NULL), left);
	EXPECT_LE(SLEEPS, traced(self->trace, &me, NULL));
	EXPECT_EQ(traced(self->trace, NULL, &me), arrivals(&self->switches, self->me));
	EXPECT_LE(SLEEPS, account_of(&self->switches, self->me, "return") +
			  account_of(&self->switches, self->me, "return_other") +
			  account_of(&self->switches, self->me, "process"));
	EXPECT_EQ(0, account_of(&self->switches, self->me, "thread"));
}

static void move_about(void *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < MOVES; i++) {
		pin_to(0);
		pin_to(1);
	}
}

/* A stopper thread takes the task from its CPU: a kernel thread is woken up. */
TEST_F(attribution, migration_by_a_kernel_thread)
{
	struct group me = { .tids = { self->me }, .count = 1 };

	count(self, move_about, NULL);
	EXPECT_LE(2 * MOVES, account_of(&self->switches, self->me, "to_kernel"));
	EXPECT_EQ(traced(self->trace, &me, NULL),
		  account_of(&self->switches, self->me, "to_kernel"))
		TH_LOG("a real-time task gives way to kernel threads alone");
	EXPECT_EQ(traced(self->trace, NULL, &me), arrivals(&self->switches, self->me));
	EXPECT_LE(2 * MOVES, arrivals(&self->switches, self->me));
}

enum way { MADVISE, MPROTECT, MUNMAP, WAYS };

struct shootdown {
	struct flags *flags;	/* shared by processes, too */
	enum way way;
	char *pages;		/* one for each flush */
	bool disturbed;		/* who spins did not spin all the time */
};

/* A page that is there changes: the kernel has no choice but one flush. */
static void flush_once(const struct shootdown *shootdown, char *page)
{
	int ret;

	write_pages(page, 1);
	if (shootdown->way == MADVISE)
		ret = madvise(page, PAGE, MADV_DONTNEED);
	else if (shootdown->way == MPROTECT)
		ret = mprotect(page, PAGE, PROT_READ);
	else
		ret = munmap(page, PAGE);
	if (ret)
		fail("a page is changed: %s", strerror(errno));
}

static void flush_often(void *argument)
{
	struct shootdown *shootdown = argument;
	unsigned long switches;
	int i;

	spin_begin(shootdown->flags);
	switches = spinner_switches(shootdown->flags);
	for (i = 0; i < FLUSHES; i++)
		flush_once(shootdown, shootdown->pages + i * PAGE);
	shootdown->disturbed = spinner_switches(shootdown->flags) != switches;
	spin_end(shootdown->flags);
}

static void shootdown_map(struct shootdown *shootdown)
{
	shootdown->pages = map_or_fail(NULL, FLUSHES * PAGE, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(shootdown->pages, FLUSHES * PAGE, MADV_NOHUGEPAGE);
}

static void shootdown_prepare(struct shootdown *shootdown, enum way way)
{
	shootdown->flags = flags_new();
	shootdown->way = way;
	shootdown_map(shootdown);
}

#define TRIES 20

/* Once more with new pages when the kernel took the CPU from who spins: it limits real time. */
static void count_flushes(FIXTURE_DATA(attribution) * self, struct shootdown *shootdown)
{
	int tries = 0;

	while (!shootdown->flags->tid)
		usleep(1000);
	spinner_switches(shootdown->flags);	/* writes to what a fork left shared: a flush */
	count(self, flush_often, shootdown);
	while (shootdown->disturbed && tries++ < TRIES) {
		shootdown_map(shootdown);
		count(self, flush_often, shootdown);
	}
}

static const char *const way_names[WAYS] = { "madvise", "mprotect", "munmap" };

TEST_F(attribution, shootdowns_of_a_threaded_program)
{
	int way;

	if (!flushes_are_traced())
		SKIP(return, WHY_NO_FLUSHES);
	for (way = 0; way < WAYS; way++) {
		struct shootdown shootdown;
		pthread_t thread;

		shootdown_prepare(&shootdown, way);
		ASSERT_EQ(0, pthread_create(&thread, NULL, spin_on_cpu0, shootdown.flags));
		count_flushes(self, &shootdown);
		shootdown.flags->over = true;
		pthread_join(thread, NULL);
		EXPECT_EQ(FLUSHES, account_of(&self->tlb, self->me, "begun"))
			TH_LOG("begun, %s", way_names[way]);
		EXPECT_EQ(FLUSHES, account_of(&self->tlb, self->me, "received"))
			TH_LOG("received, %s", way_names[way]);
		EXPECT_EQ(FLUSHES, account_of(&self->tlb, self->me, "local"))
			TH_LOG("local, %s", way_names[way]);
	}
}

/*
 * The child has an address space of its own: nothing has to be shot down. The
 * first time counts as none: what the fork made copy-on-write is copied then,
 * with a flush each.
 */
TEST_F(attribution, shootdowns_of_a_forked_program)
{
	int way;

	if (!flushes_are_traced())
		SKIP(return, WHY_NO_FLUSHES);
	for (way = 0; way < WAYS; way++) {
		struct shootdown shootdown;
		pid_t child;

		shootdown_prepare(&shootdown, way);
		child = spinner_start(shootdown.flags, -1, 0);
		count(self, flush_often, &shootdown);
		shootdown_map(&shootdown);
		count(self, flush_often, &shootdown);
		spinner_end(shootdown.flags, child);
		EXPECT_EQ(0, account_of(&self->tlb, self->me, "begun"))
			TH_LOG("begun, %s", way_names[way]);
		EXPECT_EQ(0, account_of(&self->tlb, child, "received"))
			TH_LOG("received, %s", way_names[way]);
		EXPECT_EQ(FLUSHES, account_of(&self->tlb, self->me, "local"))
			TH_LOG("local, %s", way_names[way]);
	}
}

/*
 * One process takes pages away that another has loaded on CPU 0: it alone begins
 * the flushes, the other alone receives them.
 */
struct punch {
	struct flags *flags;
	int fd;
};

static void punch_often(void *argument)
{
	struct punch *punch = argument;
	int i;

	spin_begin(punch->flags);
	for (i = 0; i < FLUSHES; i++)
		if (fallocate(punch->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, i * PAGE,
			      PAGE))
			fail("fallocate: %s", strerror(errno));
	spin_end(punch->flags);
}

TEST_F(attribution, shootdowns_of_another_process)
{
	struct punch punch = { .fd = memfd_create("punch", 0), .flags = flags_new() };
	pid_t child;

	if (!flushes_are_traced())
		SKIP(return, WHY_NO_FLUSHES);
	ASSERT_EQ(0, ftruncate(punch.fd, FLUSHES * PAGE));
	child = spinner_start(punch.flags, punch.fd, FLUSHES);
	count(self, punch_often, &punch);
	spinner_end(punch.flags, child);
	EXPECT_EQ(FLUSHES, account_of(&self->tlb, self->me, "begun"));
	EXPECT_EQ(0, account_of(&self->tlb, self->me, "received"));
	EXPECT_EQ(0, account_of(&self->tlb, child, "begun"));
	EXPECT_EQ(FLUSHES, account_of(&self->tlb, child, "received"));
}

static void fork_and_execute(void *argument)
{
	pid_t *children = argument;
	int i, status;

	for (i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (!children[i]) {
			execl("/bin/true", "true", NULL);
			_exit(127);
		}
		if (waitpid(children[i], &status, 0) != children[i] || status)
			fail("/bin/true: status %d", status);
	}
}

static const char *number(pid_t pid)
{
	static char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	return text;
}

/*
 * They execute and exit between switches: each is charged to who it is by then.
 * On its way out a task has no address space any more and counts as a kernel
 * task, so the last few arrivals that are traced are nobody's.
 */
TEST_F(attribution, exec_and_exit_in_the_middle)
{
	pid_t children[CHILDREN];
	int i;

	count(self, fork_and_execute, children);
	EXPECT_EQ(CHILDREN, account_of(&self->births, self->me, "fork"));
	EXPECT_EQ(0, account_of(&self->births, self->me, "exec"));
	for (i = 0; i < CHILDREN; i++) {
		struct group child = { .tids = { children[i] }, .count = 1 };

		EXPECT_EQ(1, account_of(&self->births, children[i], "exec"));
		EXPECT_EQ(1, table_sum(&self->births, "exec", "tgid", number(children[i]),
				       "comm", "true", NULL))
			TH_LOG("the name of the program, not of who executed it");
		EXPECT_EQ(0, account_of(&self->births, children[i], "fork"));
		EXPECT_LE(1, arrivals(&self->switches, children[i]));
		EXPECT_GE(traced(self->trace, NULL, &child),
			  arrivals(&self->switches, children[i]));
	}
}

TEST_HARNESS_MAIN
