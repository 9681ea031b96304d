// SPDX-License-Identifier: GPL-2.0
/*
 * A process whose main thread has ended and whose others live on has all its memory: each
 * mapping in vmas, each page in frames and frames.bin, by its number and among all. The
 * witness is /proc/TID of a thread that lives; /proc/PID of the leader has nothing.
 */
#include "control-test.h"
#include "proc-test.h"
#include "sleepers.h"

#include <pthread.h>
#include <sys/syscall.h>

#include "patient-harness.h"

#define THREADS 3
#define PAGES 293	/* of each thread's own */

static volatile pid_t *living;	/* threads that have written theirs */

static void *hold_memory(void *argument)
{
	volatile pid_t *tid = argument;
	char *memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t page;

	for (page = 0; page < PAGES; page++)
		memory[page * PAGE] = 1;
	*tid = syscall(SYS_gettid);
	for (;;)
		pause();
	return NULL;
}

static void __attribute__((noreturn)) leave_threads_alone(void)
{
	pthread_t thread;
	size_t i;

	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, hold_memory, (void *)&living[i]))
			fail("pthread_create");
	pthread_exit(NULL);
}

static bool all_wait(pid_t pid)
{
	size_t i;

	for (i = 0; i < THREADS; i++)
		if (!living[i])
			return false;
	return is_zombie(pid);
}

FIXTURE(gone) {
	pid_t pid;
	struct smaps smaps;	/* by a thread that lives */
};

FIXTURE_SETUP(gone)
{
	living = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	self->pid = fork();
	if (!self->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		leave_threads_alone();
	}
	while (!all_wait(self->pid))
		usleep(1000);
	self->smaps = smaps_read(living[1]);
	ASSERT_LT(THREADS, self->smaps.count);
	ASSERT_EQ(0, smaps_read(self->pid).count);
}

FIXTURE_TEARDOWN(gone)
{
	kill(self->pid, SIGKILL);
	waitpid(self->pid, NULL, 0);
}

/* How many mappings of the witness have no row that is right. */
static size_t count_missing(const struct table *vmas, pid_t pid, const struct smaps *smaps)
{
	size_t missing = 0, found, i, row;

	for (i = 0; i < smaps->count; i++) {
		const struct smap *map = &smaps->map[i];

		for (row = found = 0; row < vmas->rows; row++)
			found += table_number(vmas, row, "tgid") == (uint64_t)pid &&
				 table_hex(vmas, row, "start") == map->start &&
				 table_hex(vmas, row, "end") == map->end &&
				 (map->name[0] ||
				  (table_number(vmas, row, "present") -
				   table_number(vmas, row, "zero")) * PAGE == map->rss);
		missing += found != 1 && strcmp(map->name, "[vsyscall]");
	}
	return missing;
}

TEST_F(gone, vmas)
{
	struct table one = table_read_pid("vmas", self->pid), all = table_read("vmas");

	EXPECT_EQ(0, count_missing(&one, self->pid, &self->smaps));
	EXPECT_EQ(0, count_missing(&all, self->pid, &self->smaps));
}

/* Pages of /proc/TID/pagemap that no run has with that frame. */
static size_t count_frames(const struct table *frames, pid_t pid, pid_t tid, size_t *different)
{
	char path[64];
	size_t row, page, count = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	for (row = 0; row < frames->rows; row++) {
		uint64_t va = table_hex(frames, row, "va"), pfn = table_hex(frames, row, "pfn");
		bool zero = !strcmp(table_text(frames, row, "class"), "zero");

		if (table_number(frames, row, "tgid") != (uint64_t)pid)
			continue;
		for (page = 0; page < table_number(frames, row, "pages"); page++, count++) {
			uint64_t word = 0;

			if (pread(fd, &word, sizeof(word), (va / PAGE + page) * 8) != 8)
				fail("%s", path);
			*different += (word & PAGEMAP_PFN) != pfn + (zero ? 0 : page);
		}
	}
	close(fd);
	return count;
}

TEST_F(gone, frames)
{
	struct table one = table_read_pid("frames", self->pid), all = table_read("frames");
	size_t different = 0, count;

	count = count_frames(&one, self->pid, living[0], &different);
	EXPECT_LE(THREADS * PAGES, count);
	EXPECT_EQ(count, count_frames(&all, self->pid, living[2], &different));
	EXPECT_EQ(0, different);
}

TEST_F(gone, frames_bin)
{
	int fd = open_file("frames.bin", O_RDWR);
	struct sharestat_run run;
	uint64_t pages = 0;

	write_pids(fd, self->pid, 0);
	while (read(fd, &run, sizeof(run)) == sizeof(run) && run.type != SHARESTAT_RUN_END)
		pages += run.type == SHARESTAT_RUN_PAGES ? run.pages : 0;
	EXPECT_EQ(SHARESTAT_RUN_END, run.type);
	EXPECT_LE(THREADS * PAGES, pages);
	EXPECT_EQ(pages, run.pfn);
	close(fd);
}

/* The file tells it: an exiting leader without memory, and threads with one address space. */
TEST_F(gone, tasks)
{
	struct table tasks = table_read("tasks");
	size_t row, threads = 0, leaders = 0;

	for (row = 0; row < tasks.rows; row++) {
		bool memory = strcmp(table_text(&tasks, row, "mm"), "-");

		if (table_number(&tasks, row, "tgid") != (uint64_t)self->pid)
			continue;
		threads += memory && !strcmp(table_text(&tasks, row, "flags"), "-");
		leaders += !memory && !strcmp(table_text(&tasks, row, "flags"), "LX");
	}
	EXPECT_EQ(THREADS, threads);
	EXPECT_EQ(1, leaders);
}

/* All are those that there are at the first read, not at the opening. */
TEST(all_are_found_when_read)
{
	static const char *const files[] = { "vmas", "frames" };
	size_t i, row, found;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		int fd = open_file(files[i], O_RDONLY);
		pid_t pid = fork();
		struct table table;

		if (!pid)
			for (;;)
				pause();
		table = table_parse(files[i], read_whole(fd, files[i]));
		for (row = found = 0; row < table.rows; row++)
			found += table_number(&table, row, "tgid") == (uint64_t)pid;
		EXPECT_LT(0, found) TH_LOG("%s", files[i]);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		close(fd);
	}
}

TEST_HARNESS_MAIN
