// SPDX-License-Identifier: GPL-2.0
/*
 * Reads vmas and frames of all processes while others map, unmap, protect,
 * fork, exec, exit, split huge pages and have their pages moved: whatever the
 * moment, each file is whole, well formed and consistent in itself.
 */
#include <time.h>

#include "frames-test.h"
#include "patient-harness.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define SECONDS 10

static void map_and_unmap(void)
{
	char *start = map_or_fail(NULL, 61 * PAGE, RW, ANON, -1, 0);

	write_pages(start, 61);
	mprotect(start + 7 * PAGE, 13 * PAGE, PROT_READ);
	madvise(start + 31 * PAGE, 5 * PAGE, MADV_DONTNEED);
	mprotect(start + 41 * PAGE, 3 * PAGE, PROT_NONE);
	munmap(start + 17 * PAGE, 7 * PAGE);
	munmap(start, 61 * PAGE);
}

/* More runs than one chunk of the walk holds, some of which go and come back. */
static void punch_holes(void)
{
	static char *start;
	unsigned long page;

	if (!start) {
		start = map_or_fail(NULL, 2 * 2503 * PAGE, RW, ANON, -1, 0);
		madvise(start, 2 * 2503 * PAGE, MADV_NOHUGEPAGE);
	}
	for (page = 0; page < 2503; page++)
		write_pages(start + 2 * page * PAGE, 1);
	for (page = 0; page < 2503; page += 7)
		madvise(start + 2 * page * PAGE, PAGE, MADV_DONTNEED);
}

static void fork_and_exec(void)
{
	static unsigned int round;
	pid_t pid = fork();

	if (!pid) {
		if (round % 8 == 0)
			execl("/bin/true", "true", NULL);
		_exit(0);
	}
	round++;
	waitpid(pid, NULL, 0);
}

/* A quarter of it goes, the rest is left in small pages, then a child shares it. */
static void split_huge(void)
{
	char *start = map_or_fail(NULL, 2 * HUGE_SIZE, RW, ANON, -1, 0), *huge;
	pid_t pid;

	huge = (char *)(((unsigned long)start + HUGE_SIZE - 1) & ~(HUGE_SIZE - 1));
	madvise(huge, HUGE_SIZE, MADV_HUGEPAGE);
	huge[0] = 1;
	pid = fork();
	if (!pid) {
		madvise(huge, HUGE_SIZE / 4, MADV_DONTNEED);
		_exit(0);
	}
	madvise(huge + HUGE_SIZE / 2, HUGE_SIZE / 4, MADV_DONTNEED);
	waitpid(pid, NULL, 0);
	mremap(huge, HUGE_SIZE / 4, HUGE_SIZE / 4, MREMAP_MAYMOVE);
	munmap(start, 2 * HUGE_SIZE);
}

static void share_and_truncate(void)
{
	int fd = memfd_create("race", 0);
	char *start;

	if (ftruncate(fd, 61 * PAGE))
		fail("ftruncate: %s", strerror(errno));
	start = map_or_fail(NULL, 61 * PAGE, RW, MAP_SHARED, fd, 0);
	write_pages(start, 61);
	if (ftruncate(fd, 7 * PAGE))
		fail("ftruncate: %s", strerror(errno));
	munmap(start, 61 * PAGE);
	close(fd);
}

/* How often khugepaged looks about; where there is no THP, it moves nothing. */
static void khugepaged_sleeps(const char *milliseconds)
{
	if (has_thp())
		write_file(THP_DIR "khugepaged/scan_sleep_millisecs", milliseconds);
}

static unsigned int microseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000U + now.tv_nsec / 1000;
}

/* Those whose pages are moved wait for them: leave most of the time to the others. */
static void move_pages_about(void)
{
	unsigned int since = microseconds();

	write_file("/proc/sys/vm/compact_memory", "1\n");
	khugepaged_sleeps("50\n");
	usleep(100000 + 3 * (microseconds() - since));
}

static pid_t start_worker(void (*work)(void))
{
	pid_t pid = fork_attached();

	if (!pid)
		for (;;)
			work();
	return pid;
}

static bool is_class(const char *name)
{
	static const char *const names[] = { SHARESTAT_SHARING_CLASSES(SHARESTAT_NAME) };
	size_t class;

	for (class = 0; class < ARRAY_SIZE(names); class++)
		if (!strcmp(name, names[class]))
			return true;
	return false;
}

static void check_vmas(void)
{
	static const char *const names[] = { SHARESTAT_SHARING_CLASSES(SHARESTAT_NAME) };
	struct table vmas = table_read("vmas");
	uint64_t end = 0, tgid = 0;
	size_t row, class;

	for (row = 0; row < vmas.rows; row++) {
		uint64_t sum = 0, start = table_hex(&vmas, row, "start");
		uint64_t present = table_number(&vmas, row, "present");

		if (table_number(&vmas, row, "tgid") != tgid)
			end = 0;
		tgid = table_number(&vmas, row, "tgid");
		for (class = 0; class < ARRAY_SIZE(names); class++)
			sum += table_number(&vmas, row, names[class]);
		if (sum != present)
			fail("vmas: %ju:%jx: classes are %ju, present %ju", (uintmax_t)tgid,
			     (uintmax_t)start, (uintmax_t)sum, (uintmax_t)present);
		if (start < end)
			fail("vmas: %ju:%jx begins before the last one's end %jx",
			     (uintmax_t)tgid, (uintmax_t)start, (uintmax_t)end);
		end = table_hex(&vmas, row, "end");
		if (end <= start || present > (end - start) / PAGE)
			fail("vmas: %ju:%jx: %ju pages up to %jx", (uintmax_t)tgid,
			     (uintmax_t)start, (uintmax_t)present, (uintmax_t)end);
	}
	table_free(&vmas);
}

static void check_frames(void)
{
	struct table frames = table_read("frames");
	unsigned long end = 0;
	pid_t tgid = 0;
	size_t row;

	for (row = 0; row < frames.rows; row++) {
		struct run run = run_at(&frames, row);

		if (run.tgid != tgid)
			end = 0;
		tgid = run.tgid;
		if (!is_class(run.class) || run.va < end)
			fail("frames: %d:%lx %s after %lx", tgid, run.va, run.class, end);
		end = run.va + run.pages * PAGE;
	}
	table_free(&frames);
}

FIXTURE(race) {
	pid_t workers[8];
	size_t count;
};

FIXTURE_SETUP(race)
{
	static void (*const work[])(void) = {
		map_and_unmap, punch_holes, fork_and_exec, split_huge, share_and_truncate,
		move_pages_about,
	};

	for (self->count = 0; self->count < ARRAY_SIZE(work); self->count++)
		self->workers[self->count] = start_worker(work[self->count]);
}

FIXTURE_TEARDOWN(race)
{
	while (self->count--) {
		kill(self->workers[self->count], SIGKILL);
		waitpid(self->workers[self->count], NULL, 0);
	}
	khugepaged_sleeps("10000\n");
}

TEST_F(race, files_stay_whole)
{
	time_t end = time(NULL) + SECONDS;
	size_t i, rounds = 0, alive = 0;

	while (time(NULL) < end || rounds < 5) {
		check_vmas();
		check_frames();
		rounds++;
	}
	TH_LOG("%zu rounds", rounds);
	for (i = 0; i < self->count; i++)
		alive += waitpid(self->workers[i], NULL, WNOHANG) == 0;
	EXPECT_EQ(self->count, alive);
}

TEST_HARNESS_MAIN
