// SPDX-License-Identifier: GPL-2.0
/*
 * `latency`: one sample for each switch that was counted beside it; and all
 * counters while somebody resets them, or attaches and detaches the probes,
 * under switches on both CPUs.
 */
#include <time.h>

#include "patient-harness.h"
#include "turns-test.h"

#define ROUNDS 1009	/* prime */
#define TRIES 50
#define SANE (1ULL << 40)
#define MODULE "/run/lab/sharestat.ko"
#define ALL_ON "+switches +tlb +births +latency"

static const char *const classes[] = { SHARESTAT_SWITCH_CLASSES(SHARESTAT_NAME) };

/* By class: switches and their time, samples, and between what their time is. */
struct sums {
	uint64_t switches, ns, samples, least, most;
};

static void add_buckets(const struct table *latency, struct sums *sums)
{
	size_t row;
	int class;

	for (row = 0; row < latency->rows; row++) {
		uint64_t bucket = table_number(latency, row, "bucket");
		uint64_t count = table_number(latency, row, "count");

		for (class = 0; class < SWITCH_CLASSES; class++)
			if (!strcmp(table_text(latency, row, "class"), classes[class]))
				break;
		if (class == SWITCH_CLASSES || bucket > 63)
			fail("latency: row %zu is of no class or bucket", row);
		sums[class].samples += count;
		/* Bucket 0 has the samples of 0 ns too. */
		sums[class].least += bucket ? count << bucket : 0;
		sums[class].most += count * ((2ULL << bucket) - 1);
	}
}

/* Both files at a moment without a switch, as /proc/stat says. */
static void sums_read(struct sums *sums)
{
	int tries, class;

	for (tries = 0; tries < 1000; tries++) {
		uint64_t ctxt = read_ctxt();
		struct table latency = table_read("latency"), switches = table_read("switches");
		bool quiet = ctxt == read_ctxt();

		memset(sums, 0, SWITCH_CLASSES * sizeof(*sums));
		for (class = 0; class < SWITCH_CLASSES; class++) {
			sums[class].switches = table_sum(&switches, "count", "class",
							 classes[class], NULL);
			sums[class].ns = table_sum(&switches, "ns", "class", classes[class], NULL);
		}
		add_buckets(&latency, sums);
		table_free(&latency);
		table_free(&switches);
		if (quiet)
			return;
	}
	fail("no moment without a context switch");
}

static void work(struct turns *thread, struct turns *process)
{
	int i;

	turns_take(thread, ROUNDS);
	turns_take(process, ROUNDS);
	for (i = 0; i < 31; i++)
		usleep(500);
	for (i = 0; i < 7; i++)
		if (!fork())
			_exit(0);
	while (i--)
		wait(NULL);
}

FIXTURE(latency) {
	struct turns thread, process;
};

FIXTURE_SETUP(latency)
{
	probes(PROBES_OFF);
	pin_to(1);
	turns_start(&self->thread, true, 1);
	turns_start(&self->process, false, 1);
}

FIXTURE_TEARDOWN(latency)
{
	probes(PROBES_OFF);
	turns_end(&self->thread);
	turns_end(&self->process);
}

/* The other CPU may be inside of one switch, begun but not ended, at each end. */
TEST_F(latency, one_sample_a_switch)
{
	struct sums before[SWITCH_CLASSES], after[SWITCH_CLASSES];
	uint64_t different = 1;
	int tries, class;

	probes("+switches +latency");
	for (tries = 0; tries < TRIES && different; tries++) {
		sums_read(before);
		work(&self->thread, &self->process);
		sums_read(after);
		different = 0;
		for (class = 0; class < SWITCH_CLASSES; class++) {
			uint64_t switches = after[class].switches - before[class].switches;
			uint64_t samples = after[class].samples - before[class].samples;

			different += switches > samples ? switches - samples : samples - switches;
		}
		ASSERT_GE(2, different);
	}
	EXPECT_EQ(0, different);
	EXPECT_LE(ROUNDS, after[SWITCH_THREAD].samples - before[SWITCH_THREAD].samples);
	EXPECT_LE(ROUNDS, after[SWITCH_PROCESS].samples - before[SWITCH_PROCESS].samples);
	for (class = 0; class < SWITCH_CLASSES; class++) {
		uint64_t ns = after[class].ns - before[class].ns;

		EXPECT_LE(after[class].least - before[class].least, ns)
			TH_LOG("%s", classes[class]);
		EXPECT_GE(after[class].most - before[class].most, ns)
			TH_LOG("%s", classes[class]);
	}
}

/* A switch takes some time, and all of them no longer than there was. */
TEST_F(latency, time_is_sane)
{
	struct sums before[SWITCH_CLASSES], after[SWITCH_CLASSES];
	struct timespec begin, end;
	uint64_t ns = 0, elapsed;
	int class;

	probes("+switches +latency");
	clock_gettime(CLOCK_MONOTONIC, &begin);
	sums_read(before);
	work(&self->thread, &self->process);
	sums_read(after);
	clock_gettime(CLOCK_MONOTONIC, &end);
	elapsed = (end.tv_sec - begin.tv_sec) * 1000000000ULL + end.tv_nsec - begin.tv_nsec;
	for (class = 0; class < SWITCH_CLASSES; class++)
		ns += after[class].ns - before[class].ns;
	EXPECT_LT(4 * ROUNDS, ns);
	EXPECT_GT(2 * elapsed, ns);
}

/* As the module was just loaded, whatever other tests did before. */
TEST(no_time_before_the_probe_was_on)
{
	struct table switches;
	size_t row;

	ASSERT_EQ(0, system("rmmod sharestat && insmod " MODULE));
	probes("+switches");
	usleep(20000);
	switches = table_read("switches");
	EXPECT_LT(0, table_sum(&switches, "count", NULL));
	for (row = 0; row < switches.rows; row++) {
		EXPECT_STREQ("-", table_text(&switches, row, "ns"))
			TH_LOG("row %zu", row);
	}
	table_free(&switches);
	probes("+latency -switches");
	switches = table_read("switches");
	for (row = 0; row < switches.rows; row++)
		table_number(&switches, row, "ns");
	table_free(&switches);
	probes(PROBES_OFF);
}

FIXTURE(busy) {
	pid_t pids[2];
};

FIXTURE_SETUP(busy)
{
	probes(PROBES_OFF);
	load_start(self->pids);
}

FIXTURE_TEARDOWN(busy)
{
	int cpu;

	for (cpu = 0; cpu < 2; cpu++)
		EXPECT_EQ(0, waitpid(self->pids[cpu], NULL, WNOHANG))
			TH_LOG("the one on CPU %d ended by itself", cpu);
	load_end(self->pids);
	probes(PROBES_OFF);
}

/* A counter below zero would be a number close to 2^64. */
static void check_sane(struct __test_metadata *_metadata, const char *file, const char *column)
{
	struct table table = table_read(file);
	size_t row;

	for (row = 0; row < table.rows; row++) {
		if (!strcmp(table_text(&table, row, column), "-"))
			continue;
		ASSERT_GT(SANE, table_number(&table, row, column))
			TH_LOG("%s of %s, row %zu", column, file, row);
	}
	table_free(&table);
}

TEST_F(busy, resets_leave_no_counter_below_zero)
{
	time_t end = time(NULL) + 4;
	size_t rounds = 0;
	pid_t pid;

	(void)self;
	probes(ALL_ON);
	pid = fork_attached();
	if (!pid)
		for (;;)
			reset_counters();
	while (time(NULL) < end || rounds < 10) {
		check_sane(_metadata, "switches", "count");
		check_sane(_metadata, "switches", "ns");
		check_sane(_metadata, "latency", "count");
		check_sane(_metadata, "tlb", "count");
		check_sane(_metadata, "tlb", "pages");
		check_sane(_metadata, "births", "count");
		check_sane(_metadata, "births", "pgtables");
		rounds++;
	}
	EXPECT_EQ(0, waitpid(pid, NULL, WNOHANG));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static uint64_t count_of(const char *file)
{
	struct table table = table_read(file);
	bool none = !strcmp(file, "tlb") && !flushes_are_traced();
	uint64_t sum = none ? 0 : table_sum(&table, "count", NULL);

	table_free(&table);
	return sum;
}

/* Within ten seconds, for a machine that is too busy. */
static bool grows(const char *file)
{
	uint64_t before = count_of(file);
	int tries;

	if (!strcmp(file, "tlb") && !flushes_are_traced())
		return true;	/* as far as it can */
	for (tries = 0; tries < 200; tries++) {
		if (count_of(file) > before)
			return true;
		usleep(50000);
	}
	return false;
}

/* On and off, in all orders; off means that nothing is counted any more. */
TEST_F(busy, probes_come_and_go)
{
	static const char *const words[] = {
		ALL_ON, PROBES_OFF, "+latency", "+switches -latency", "+latency", PROBES_OFF,
		"+tlb +births", "-tlb +latency +switches", PROBES_OFF,
	};
	static const char *const files[] = { "switches", "latency", "tlb", "births" };
	time_t end = time(NULL) + 5;
	size_t rounds = 0, i;

	(void)self;
	while (time(NULL) < end) {
		for (i = 0; i < ARRAY_SIZE(words); i++)
			probes(words[i]);
		rounds++;
	}
	EXPECT_LT(0, rounds);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		uint64_t before = count_of(files[i]);

		usleep(50000);
		EXPECT_EQ(before, count_of(files[i]))
			TH_LOG("%s goes on", files[i]);
	}
	probes(ALL_ON);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		EXPECT_TRUE(grows(files[i]))
			TH_LOG("%s stands still", files[i]);
	}
}

TEST_HARNESS_MAIN
