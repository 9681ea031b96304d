// SPDX-License-Identifier: GPL-2.0
/*
 * `tlb` against the trace of tlb_flush, by CPU, reason and outcome, and against
 * flushes of a known number and size.
 */
#include "patient-harness.h"
#include "shootdown-test.h"
#include "stimulus-test.h"
#include "trace-test.h"

#define ROUNDS 1009	/* prime */
#define FLUSHES 101	/* prime */
#define TRIES 50
#define CPUS 2
#define LARGE 64	/* pages: above tlb_single_page_flush_ceiling */

static const char *const reasons[] = { SHARESTAT_TLB_REASONS(SHARESTAT_NAME) };
static const char *const outcomes[] = { SHARESTAT_TLB_OUTCOMES(SHARESTAT_NAME) };

struct flushes {
	struct flush_sums cpu[CPUS];
};

static size_t index_of(const char *name, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(name, names[i]))
			return i;
	fail("tlb: what is %s?", name);
}

static struct flushes flushes_read(void)
{
	struct table table = table_read("tlb");
	struct flushes flushes = { 0 };
	size_t row;

	if (table.rows != CPUS * TLB_REASONS * TLB_OUTCOMES)
		fail("tlb: %zu rows", table.rows);
	for (row = 0; row < table.rows; row++) {
		const char *pages = table_text(&table, row, "pages");
		uint64_t cpu = table_number(&table, row, "cpu");
		size_t reason = index_of(table_text(&table, row, "reason"), reasons, TLB_REASONS);
		size_t outcome = index_of(table_text(&table, row, "outcome"), outcomes,
					  TLB_OUTCOMES);

		flushes.cpu[cpu].count[reason][outcome] = table_number(&table, row, "count");
		if (outcome == TLB_OUTCOME_RANGE)
			flushes.cpu[cpu].pages[reason] = table_number(&table, row, "pages");
		else if (strcmp(pages, outcome == TLB_OUTCOME_FULL ? "-" : "0"))
			fail("tlb: pages of %s are %s", outcomes[outcome], pages);
	}
	table_free(&table);
	return flushes;
}

static struct flushes flushes_since(const struct flushes *before)
{
	struct flushes flushes = flushes_read();
	uint64_t *now = (uint64_t *)&flushes;
	const uint64_t *then = (const uint64_t *)before;
	size_t i;

	for (i = 0; i < sizeof(flushes) / sizeof(*now); i++)
		now[i] -= then[i];
	return flushes;
}

static void trace_flushes(struct flushes *inner, struct flushes *outer)
{
	struct trace_event event = { .section = BEFORE_A };
	char *text = trace_text(), *at = text;

	memset(inner, 0, sizeof(*inner));
	memset(outer, 0, sizeof(*outer));
	while (trace_next(&at, "tlb_flush", &event)) {
		const char *reason_at = strrchr(event.text, '(');
		long pages = strtol(event.text + strlen("pages:"), NULL, 10);
		int reason = reason_at ? atoi(reason_at + 1) : -1;

		if (strncmp(event.text, "pages:", 6) || !reason_at)
			fail("no tlb_flush: '%s'", event.text);
		if (flushes_have_echoes() && reason == TLB_REASON_REMOTE_SHOOTDOWN && !pages &&
		    event.in_task)
			continue;
		if (event.section > BEFORE_A && event.section < AFTER_D)
			flush_add(&outer->cpu[event.cpu], reason, pages, 1);
		if (event.section == B_TO_C)
			flush_add(&inner->cpu[event.cpu], reason, pages, 1);
	}
	if (event.section != AFTER_D)
		fail("the trace has %d of 4 marks", event.section);
	free(text);
}

/*
 * What the module counted for @work, when it is what was traced. A try with a
 * flush beside the readings, whoever flushed, shows in the trace and is repeated.
 */
static struct flushes measure(struct __test_metadata *_metadata, void (*work)(void *),
			      void *argument)
{
	struct flushes before, counted, inner, outer;
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		trace_clear();
		trace_mark("A");
		before = flushes_read();
		trace_mark("B");
		work(argument);
		trace_mark("C");
		counted = flushes_since(&before);
		trace_mark("D");
		trace_flushes(&inner, &outer);
		if (!memcmp(&inner, &outer, sizeof(inner)))
			break;
	}
	EXPECT_LT(tries, TRIES);
	EXPECT_EQ(0, memcmp(&inner, &counted, sizeof(inner)))
		TH_LOG("the counts are not what was traced");
	return counted;
}

static void expect_flushes(struct __test_metadata *_metadata, const struct flushes *counted,
			   int cpu, enum tlb_reason reason, uint64_t range, uint64_t pages,
			   uint64_t full)
{
	EXPECT_EQ(range, counted->cpu[cpu].count[reason][TLB_OUTCOME_RANGE])
		TH_LOG("range, %s on CPU %d", reasons[reason], cpu);
	EXPECT_EQ(pages, counted->cpu[cpu].pages[reason])
		TH_LOG("pages, %s on CPU %d", reasons[reason], cpu);
	EXPECT_EQ(full, counted->cpu[cpu].count[reason][TLB_OUTCOME_FULL])
		TH_LOG("full, %s on CPU %d", reasons[reason], cpu);
}

/* A thread that keeps the address space loaded on the other CPU. */
struct beside {
	struct flags *flags;
	char *memory;
};

/* An idle CPU keeps the last address space: give it another one than ours. */
static void leave_cpu0(void)
{
	pid_t pid = fork_attached();

	if (!pid) {
		pin_to(0);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

FIXTURE(tlb) {
	char *memory;
};

/*
 * All of this is about flushes. The tests are children, whose address spaces never were
 * on CPU 0 that way: in whole runs on 7.3 flushes were traced as sent to another CPU,
 * where none was received.
 */
static __attribute__((constructor)) void begin_on_cpu1(void)
{
	if (flushes_are_traced()) {
		pin_to(1);
		return;
	}
	printf("1..0 # SKIP %s\n", WHY_NO_FLUSHES);
	exit(KSFT_SKIP);
}

FIXTURE_SETUP(tlb)
{
	probes(PROBES_OFF);
	real_time_unlimited(true);
	pin_to(1);
	real_time();
	leave_cpu0();
	self->memory = map_or_fail(NULL, LARGE * PAGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(self->memory, LARGE * PAGE, MADV_NOHUGEPAGE);
	trace_open("tlb/tlb_flush");
	probes("+tlb");
}

FIXTURE_TEARDOWN(tlb)
{
	probes(PROBES_OFF);
	trace_close();
	real_time_unlimited(false);
}

/* Gives pages back: one flush of three pages, one of as many as make it full. */
static void give_back(void *memory)
{
	int i;

	for (i = 0; i < FLUSHES; i++) {
		write_pages(memory, 3);
		madvise(memory, 3 * PAGE, MADV_DONTNEED);
		write_pages(memory, LARGE);
		madvise(memory, LARGE * PAGE, MADV_DONTNEED);
	}
}

TEST_F(tlb, one_thread_flushes_its_own)
{
	struct flushes counted = measure(_metadata, give_back, self->memory);

	expect_flushes(_metadata, &counted, 1, TLB_REASON_LOCAL_MM_SHOOTDOWN,
		       FLUSHES, 3 * FLUSHES, FLUSHES);
	expect_flushes(_metadata, &counted, 1, TLB_REASON_REMOTE_SEND_IPI, 0, 0, 0);
	expect_flushes(_metadata, &counted, 0, TLB_REASON_REMOTE_SHOOTDOWN, 0, 0, 0);
}

static void give_back_beside(void *argument)
{
	struct beside *beside = argument;

	spin_begin(beside->flags);
	give_back(beside->memory);
	spin_end(beside->flags);
}

TEST_F(tlb, a_thread_on_another_cpu_is_shot_down)
{
	struct beside beside = { .flags = flags_new(), .memory = self->memory };
	struct flushes counted;
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, spin_on_cpu0, beside.flags));
	counted = measure(_metadata, give_back_beside, &beside);
	beside.flags->over = true;
	pthread_join(thread, NULL);
	expect_flushes(_metadata, &counted, 1, TLB_REASON_LOCAL_MM_SHOOTDOWN,
		       FLUSHES, 3 * FLUSHES, FLUSHES);
	expect_flushes(_metadata, &counted, 1, TLB_REASON_REMOTE_SEND_IPI,
		       FLUSHES, 3 * FLUSHES, FLUSHES);
	expect_flushes(_metadata, &counted, 0, TLB_REASON_REMOTE_SHOOTDOWN,
		       FLUSHES, 3 * FLUSHES, FLUSHES);
}

static void protect_and_unmap(void *unused)
{
	int i;

	(void)unused;
	for (i = 0; i < FLUSHES; i++) {
		char *start = map_or_fail(NULL, 13 * PAGE, PROT_READ | PROT_WRITE,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		write_pages(start, 13);
		mprotect(start, 13 * PAGE, PROT_READ);
		munmap(start, 13 * PAGE);
	}
}

/* How many pages the kernel flushes for these is its own affair. */
TEST_F(tlb, protect_and_unmap)
{
	struct flushes counted = measure(_metadata, protect_and_unmap, NULL);
	const uint64_t *local = counted.cpu[1].count[TLB_REASON_LOCAL_MM_SHOOTDOWN];

	EXPECT_EQ(2 * FLUSHES, local[TLB_OUTCOME_RANGE] + local[TLB_OUTCOME_FULL]);
}

static void take_turns(void *turns)
{
	turns_take(turns, ROUNDS);
}

TEST_F(tlb, a_switch_between_threads_flushes_nothing)
{
	struct flushes counted;
	struct turns turns = { .tid = 0 };
	int outcome;

	(void)self;
	turns_start(&turns, true, 1);
	counted = measure(_metadata, take_turns, &turns);
	turns_end(&turns);
	for (outcome = 0; outcome < TLB_OUTCOMES; outcome++) {
		EXPECT_EQ(0, counted.cpu[1].count[TLB_REASON_TASK_SWITCH][outcome])
			TH_LOG("%s", outcomes[outcome]);
	}
}

/* Beside a task that does not sleep, and on the other CPU: an order each. */
static void fire_on_both(void *expected)
{
	struct flushes *flushes = expected;

	memset(flushes, 0, sizeof(*flushes));
	fire_flushes("task", 1, &flushes->cpu[1], &flushes->cpu[1]);
	fire_flushes("interrupt", 0, &flushes->cpu[0], &flushes->cpu[0]);
}

/* What this machine never does: TLBs that are kept, other reasons, any size. */
TEST_F(tlb, any_reason_and_outcome)
{
	struct flushes counted, expected;
	int tries, cpu, reason, outcome;

	(void)self;
	if (!stimulus_load())
		SKIP(return, WHY_NO_STIMULUS);
	/* Who else flushes meanwhile, on CPU 0, shows in the trace as well. */
	for (tries = 0; tries < TRIES; tries++) {
		counted = measure(_metadata, fire_on_both, &expected);
		if (!memcmp(&counted, &expected, sizeof(counted)))
			break;
	}
	for (cpu = 0; cpu < CPUS; cpu++)
		for (reason = 0; reason < TLB_REASONS; reason++)
			for (outcome = 0; outcome < TLB_OUTCOMES; outcome++)
				EXPECT_EQ(expected.cpu[cpu].count[reason][outcome],
					  counted.cpu[cpu].count[reason][outcome])
					TH_LOG("%s, %s on CPU %d", reasons[reason],
					       outcomes[outcome], cpu);
	for (cpu = 0; cpu < CPUS; cpu++)
		for (reason = 0; reason < TLB_REASONS; reason++)
			EXPECT_EQ(expected.cpu[cpu].pages[reason], counted.cpu[cpu].pages[reason])
				TH_LOG("pages, %s on CPU %d", reasons[reason], cpu);
}

static bool machine_has_pcid(void)
{
	return version_says("pcid yes");
}

TEST_F(tlb, each_switch_between_processes_flushes)
{
	struct flushes counted;
	struct turns turns = { .tid = 0 };
	const uint64_t *switched = counted.cpu[1].count[TLB_REASON_TASK_SWITCH];

	(void)self;
	turns_start(&turns, false, 1);
	counted = measure(_metadata, take_turns, &turns);
	turns_end(&turns);
	EXPECT_EQ(0, switched[TLB_OUTCOME_RANGE]);
	EXPECT_EQ(2 * ROUNDS, switched[TLB_OUTCOME_FULL] + switched[TLB_OUTCOME_KEPT]);
	EXPECT_TRUE(machine_has_pcid() || !switched[TLB_OUTCOME_KEPT]);
}

TEST_HARNESS_MAIN
