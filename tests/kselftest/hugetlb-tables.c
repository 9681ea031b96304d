// SPDX-License-Identifier: GPL-2.0
/*
 * Processes that map one hugetlb file at whole PUDs share the page table, and each of
 * its entries counts as one mapping. How many have it is known here, as this makes
 * them; that they do share it, /proc/PID/smaps and the mapcount of the frames say.
 */
#include "layout-rows.h"
#include "patient-harness.h"

#define RW (PROT_READ | PROT_WRITE)
/* What one table of PMDs maps. */
#define TABLE_SIZE (HUGE_SIZE * HUGE_PAGES)
#define TOUCHED 3		/* huge pages in each of two tables */
#define MOST 5

struct mapper {
	int prot;		/* others have another table, as their entries differ */
	bool gives_back;	/* the first table's mapping */
};

/* What the processes and the test have in common. */
struct shared {
	char *start;
	volatile int ready;
};

static struct shared *shared;
static pid_t pids[MOST];
static int file;

static void reserve(int count)
{
	char text[16];

	snprintf(text, sizeof(text), "%d\n", count);
	write_file("/proc/sys/vm/nr_hugepages", text);
}

static unsigned long reserved(void)
{
	unsigned long count = 0;
	FILE *numbers = fopen("/proc/sys/vm/nr_hugepages", "re");

	if (!numbers || fscanf(numbers, "%lu", &count) != 1)
		fail("nr_hugepages: %s", strerror(errno));
	fclose(numbers);
	return count;
}

static char *page_at(unsigned int table, unsigned int page)
{
	return shared->start + table * TABLE_SIZE + page * HUGE_SIZE;
}

static void touch(int prot)
{
	unsigned int table, page;

	for (table = 0; table < 2; table++)
		for (page = 0; page < TOUCHED; page++)
			if (prot & PROT_WRITE)
				*page_at(table, page) = 1;
			else
				*(volatile char *)page_at(table, page);
}

/* The one after the other, as who comes second finds the first one's table. */
static void start_mapper(int number, const struct mapper *mapper)
{
	int before = shared->ready;

	pids[number] = fork_attached();
	if (!pids[number]) {
		map_or_fail(shared->start, 2 * TABLE_SIZE, mapper->prot,
			    MAP_SHARED | MAP_FIXED | MAP_NORESERVE, file, 0);
		touch(mapper->prot);
		if (mapper->gives_back)
			munmap(shared->start, TABLE_SIZE);
		shared->ready++;
		for (;;)
			pause();
	}
	while (shared->ready == before)
		usleep(1000);
}

static void start_mappers(const struct mapper *mappers, int count)
{
	char *room = map_or_fail(NULL, 3 * TABLE_SIZE, PROT_NONE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int i;

	shared = (void *)map_or_fail(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	shared->start = (char *)(((unsigned long)room + TABLE_SIZE - 1) & ~(TABLE_SIZE - 1));
	file = memfd_create("tables", MFD_HUGETLB);
	if (file < 0 || ftruncate(file, 2 * TABLE_SIZE))
		fail("a hugetlb file: %s", strerror(errno));
	for (i = 0; i < count; i++)
		start_mapper(i, &mappers[i]);
	usleep(10000);
}

static void end_mappers(int count)
{
	int i;

	for (i = 0; i < count; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	close(file);
	munmap(shared, PAGE);
}

/* One of smaps' sums of hugetlb over both tables' mappings, in bytes. */
static unsigned long smaps_hugetlb(pid_t pid, const char *what)
{
	char path[64], line[1024], format[64];
	unsigned long sum = 0, kib;
	FILE *smaps;

	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	snprintf(format, sizeof(format), "%s_Hugetlb: %%lu", what);
	smaps = fopen(path, "re");
	while (smaps && fgets(line, sizeof(line), smaps))
		if (sscanf(line, format, &kib) == 1)
			sum += kib << 10;
	if (!smaps)
		fail("%s: %s", path, strerror(errno));
	fclose(smaps);
	return sum;
}

/* Pages of class hugetlb in `frames` that have so many mappings and such a letter. */
static unsigned long frames_with(pid_t pid, bool only_shared, unsigned long maps, char letter)
{
	struct table frames = table_filtered("frames", "%d%s\n", pid,
					     only_shared ? " shared" : "");
	unsigned long pages = 0;
	size_t row;

	for (row = 0; row < frames.rows; row++) {
		struct run run = run_at(&frames, row);

		if (run_is(&run, "hugetlb") && run.maps == (long)maps && run.pte[5] == letter)
			pages += run.pages;
	}
	table_free(&frames);
	return pages;
}

static uint64_t vmas_sum(pid_t pid, const char *column)
{
	struct table vmas = table_read_pid("vmas", pid);
	uint64_t sum = 0;
	size_t row;

	for (row = 0; row < vmas.rows; row++)
		if (table_number(&vmas, row, "hugetlb"))
			sum += table_number(&vmas, row, column);
	table_free(&vmas);
	return sum;
}

/* By the frames themselves: a table that is shared is one mapping. */
static uint64_t mapcount(pid_t pid, const char *at)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	return word_read("/proc/kpagecount",
			 word_read(path, (unsigned long)at / PAGE) & PAGEMAP_PFN);
}

static bool can_reserve(void)
{
	reserve(2 * TOUCHED);
	return reserved() >= 2 * TOUCHED;
}

static const unsigned long touched = TOUCHED * HUGE_PAGES;

static void expect_sharers(struct __test_metadata *_metadata, pid_t pid, unsigned long first,
			   unsigned long second)
{
	char letter_of_first = first > 1 ? 't' : 'h', letter = second > 1 ? 't' : 'h';
	uint64_t thirds = (PAGE << 12) / second;
	unsigned long pages = frames_with(pid, false, second, letter);

	if (first != second) {
		EXPECT_EQ(first ? touched : 0, frames_with(pid, false, first, letter_of_first));
		EXPECT_EQ(touched, pages);
		return;
	}
	EXPECT_EQ(2 * touched, pages);
	EXPECT_EQ(second > 1 ? 2 * touched : 0, frames_with(pid, true, second, letter));
	EXPECT_EQ(2 * touched * second, vmas_sum(pid, "maps"));
	EXPECT_EQ(2 * touched * thirds >> 12, vmas_sum(pid, "hugetlb_pss"));
	EXPECT_EQ(0, vmas_sum(pid, "pss"));
	EXPECT_EQ(smaps_hugetlb(pid, "Shared"), vmas_sum(pid, "shared_hugetlb") * PAGE);
	EXPECT_EQ(smaps_hugetlb(pid, "Private"), vmas_sum(pid, "private_hugetlb") * PAGE);
	EXPECT_EQ(second > 1 ? 2 * touched * PAGE : 0, smaps_hugetlb(pid, "Shared"));
	EXPECT_EQ(second > 1 ? 0 : 2 * touched * PAGE, smaps_hugetlb(pid, "Private"));
}

TEST(one_process_alone)
{
	static const struct mapper one[] = { { RW, false } };

	if (!can_reserve())
		SKIP(return, "no %d huge pages can be reserved here", 2 * TOUCHED);
	start_mappers(one, 1);
	expect_sharers(_metadata, pids[0], 1, 1);
	end_mappers(1);
	reserve(0);
}

TEST(three_processes)
{
	static const struct mapper three[] = {
		{ RW, false }, { RW, false }, { RW, false },
	};
	int i;

	if (!can_reserve())
		SKIP(return, "no %d huge pages can be reserved here", 2 * TOUCHED);
	start_mappers(three, 3);
	/* Else this kernel shares no tables, and the test shows nothing. */
	EXPECT_EQ(1, mapcount(pids[0], page_at(1, 0)));
	for (i = 0; i < 3; i++)
		expect_sharers(_metadata, pids[i], 3, 3);
	kill(pids[1], SIGKILL);
	waitpid(pids[1], NULL, 0);
	expect_sharers(_metadata, pids[0], 2, 2);
	expect_sharers(_metadata, pids[2], 2, 2);
	end_mappers(3);
	reserve(0);
}

/* Who unmaps the first table leaves it to the others, and has the second one still. */
TEST(one_gives_a_table_back)
{
	static const struct mapper three[] = {
		{ RW, false }, { RW, false }, { RW, true },
	};

	if (!can_reserve())
		SKIP(return, "no %d huge pages can be reserved here", 2 * TOUCHED);
	start_mappers(three, 3);
	expect_sharers(_metadata, pids[0], 2, 3);
	expect_sharers(_metadata, pids[1], 2, 3);
	expect_sharers(_metadata, pids[2], 0, 3);
	end_mappers(3);
	reserve(0);
}

/*
 * Two share one table, two others with other permissions another one: for each pair the
 * other's table is one mapping, as the frame tells no more.
 */
TEST(two_tables_of_one_file)
{
	static const struct mapper four[] = {
		{ RW, false }, { RW, false }, { PROT_READ, false }, { PROT_READ, false },
	};
	int i;

	if (!can_reserve())
		SKIP(return, "no %d huge pages can be reserved here", 2 * TOUCHED);
	start_mappers(four, 4);
	EXPECT_EQ(2, mapcount(pids[0], page_at(0, 0)));
	for (i = 0; i < 4; i++)
		EXPECT_EQ(2 * touched, frames_with(pids[i], false, 3, 't'));
	end_mappers(4);
	reserve(0);
}

TEST_HARNESS_MAIN
