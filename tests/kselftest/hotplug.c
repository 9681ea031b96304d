// SPDX-License-Identifier: GPL-2.0
/*
 * A CPU that goes offline: what was counted on it stays, a reset reaches it all the same,
 * and once it is back it counts again.
 */
#include "patient-harness.h"
#include "turns-test.h"
#include "accounts-test.h"

#define ALL_ON "+switches +tlb +births +latency"
#define TIMES 101	/* prime */
#define ONLINE "/sys/devices/system/cpu/cpu1/online"

/* Of CPU 1 alone where the file has CPUs, else of all. */
struct counted {
	uint64_t switches, ns, latency, flushes, pages, births, tables;
};

static struct counted counted_read(void)
{
	struct table switches = table_read("switches"), latency = table_read("latency");
	struct table births = table_read("births"), tlb = table_read("tlb");
	struct counted counted = {
		.switches = table_sum(&switches, "count", "cpu", "1", NULL),
		.ns = table_sum(&switches, "ns", "cpu", "1", NULL),
		.latency = table_sum(&latency, "count", NULL),
		.births = table_sum(&births, "count", NULL),
		.tables = table_sum(&births, "pgtables", NULL),
	};

	if (flushes_are_traced()) {
		counted.flushes = table_sum(&tlb, "count", "cpu", "1", NULL);
		counted.pages = table_sum(&tlb, "pages", "cpu", "1", "outcome", "range", NULL);
	}
	table_free(&switches);
	table_free(&latency);
	table_free(&births);
	table_free(&tlb);
	return counted;
}

/* Births, flushes and switches on CPU 1, so many at least. */
static void work_there(void)
{
	char *page = map_or_fail(NULL, PAGE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	pin_to(1);
	for (i = 0; i < TIMES; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
		write_pages(page, 1);
		madvise(page, PAGE, MADV_DONTNEED);
	}
}

static void count_work(void)
{
	pid_t pid;

	probes(ALL_ON);
	pid = fork_attached();
	if (!pid) {
		work_there();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	probes(PROBES_OFF);
}

static void expect_work(struct __test_metadata *_metadata, const struct counted *counted)
{
	EXPECT_LE(TIMES, counted->switches);
	EXPECT_LE(TIMES, counted->ns);
	EXPECT_LE(TIMES, counted->latency);
	EXPECT_LE(TIMES, counted->births);
	EXPECT_LE(TIMES * PAGE, counted->tables);
	if (!flushes_are_traced())
		return;
	EXPECT_LE(TIMES, counted->flushes);
	EXPECT_LE(TIMES, counted->pages);
}

FIXTURE(hotplug) {
	bool there;
};

FIXTURE_SETUP(hotplug)
{
	if (access(ONLINE, W_OK))
		SKIP(return, "CPU 1 cannot be taken offline");
	self->there = true;
	probes(PROBES_OFF);
	reset_counters();
	pin_to(0);
}

FIXTURE_TEARDOWN(hotplug)
{
	if (!self->there)
		return;
	probes(PROBES_OFF);
	write_file(ONLINE, "1\n");
}

TEST_F(hotplug, counters_of_a_cpu_that_is_gone)
{
	const struct counted nothing = { 0 };
	struct counted before, after;

	if (!self->there)
		return;
	count_work();
	before = counted_read();
	expect_work(_metadata, &before);
	write_file(ONLINE, "0\n");
	after = counted_read();
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)))
		TH_LOG("it took its counters with it");
	EXPECT_LE(TIMES, all_add_up());
	reset_counters();
	after = counted_read();
	EXPECT_EQ(0, memcmp(&nothing, &after, sizeof(after)))
		TH_LOG("%ju switches, %ju flushes after the reset", (uintmax_t)after.switches,
		       (uintmax_t)after.flushes);
	EXPECT_EQ(0, all_add_up());
	write_file(ONLINE, "1\n");
	count_work();
	after = counted_read();
	expect_work(_metadata, &after);
	EXPECT_LE(TIMES, all_add_up());
}

/* Attached while it is away, they run there when it comes back. */
TEST_F(hotplug, probes_of_a_cpu_that_comes_back)
{
	struct counted counted;

	if (!self->there)
		return;
	write_file(ONLINE, "0\n");
	probes(ALL_ON);
	write_file(ONLINE, "1\n");
	count_work();
	counted = counted_read();
	expect_work(_metadata, &counted);
	EXPECT_LE(TIMES, all_add_up());
}

TEST_HARNESS_MAIN
