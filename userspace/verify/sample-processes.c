// SPDX-License-Identifier: GPL-2.0
/* Two processes that map some thousand pages in each way, and sleep. */
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "verify/sample-processes.h"

#define PAGES 2048

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* What one table of page-table entries maps, each of 8 bytes. */
static size_t huge_bytes(void)
{
	return page_bytes() / 8 * page_bytes();
}

static char *map(size_t pages, int flags, int fd)
{
	char *start = mmap(NULL, pages * page_bytes(), PROT_READ | PROT_WRITE, flags, fd, 0);

	return start == MAP_FAILED ? NULL : start;
}

static void write_pages(char *start, size_t pages, size_t step)
{
	for (size_t page = 0; start && page < pages; page += step)
		start[page * page_bytes()] = 1;
}

static void read_pages(const char *start, size_t pages)
{
	for (size_t page = 0; start && page < pages; page++)
		*(volatile const char *)(start + page * page_bytes());
}

static char *map_small(size_t pages)
{
	char *start = map(pages, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (start)
		madvise(start, pages * page_bytes(), MADV_NOHUGEPAGE);
	return start;
}

/* A huge page mapped as a whole, and one that is split. */
static void make_huge(void)
{
	size_t huge = huge_bytes();
	char *start = map(3 * huge / page_bytes(), MAP_PRIVATE | MAP_ANONYMOUS, -1);

	if (!start)
		return;
	start = (char *)(((uintptr_t)start + huge - 1) & ~(huge - 1));
	madvise(start, 2 * huge, MADV_HUGEPAGE);
	write_pages(start, 2 * huge / page_bytes(), 1);
	madvise(start, 7 * page_bytes(), MADV_DONTNEED);
}

/* A file in memory, mapped twice in one process. */
static void make_memfd(void)
{
	int fd = memfd_create("sharestat", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)(PAGES * page_bytes())))
		return;
	write_pages(map(PAGES, MAP_SHARED, fd), PAGES, 1);
	read_pages(map(PAGES, MAP_SHARED, fd), PAGES);
	close(fd);
}

/* Return: memory that a fork will share copy-on-write. */
static char *make_all(void)
{
	char *forked = map_small(PAGES), *zero = map_small(PAGES);

	write_pages(forked, PAGES, 1);
	read_pages(zero, PAGES);
	write_pages(zero, PAGES, 7);
	write_pages(map(PAGES, MAP_SHARED | MAP_ANONYMOUS, -1), PAGES, 1);
	make_memfd();
	make_huge();
	return forked;
}

/* Done: say who, and sleep until the other end is closed. */
static void __attribute__((noreturn)) sleep_until(int end, int ready)
{
	pid_t pid = getpid();
	char byte;

	if (write(ready, &pid, sizeof(pid)) != sizeof(pid))
		_exit(1);
	while (read(end, &byte, 1) < 0 && errno == EINTR)
		;
	/* The parent of the two waits for its child. */
	while (wait(NULL) > 0)
		;
	_exit(0);
}

static void __attribute__((noreturn)) live(int end, int ready)
{
	char *forked = make_all();
	pid_t child = fork();

	if (child < 0)
		_exit(1);
	if (!child)
		write_pages(forked, PAGES, 3);
	sleep_until(end, ready);
}

static int start(struct specimen *specimen, int end[2], int ready[2])
{
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (!pid) {
		close(end[1]);
		close(ready[0]);
		live(end[0], ready[1]);
	}
	close(end[0]);
	close(ready[1]);
	specimen->end = end[1];
	for (int i = 0; i < 2; i++)
		if (read(ready[0], &specimen->pids[i], sizeof(pid)) != sizeof(pid))
			return -1;
	close(ready[0]);
	return 0;
}

int specimen_start(struct specimen *specimen)
{
	int end[2], ready[2];

	if (!pipe(end) && !pipe(ready) && !start(specimen, end, ready))
		return 0;
	warn("cannot start the two processes to be looked at");
	return -1;
}

void specimen_end(struct specimen *specimen)
{
	close(specimen->end);
	while (wait(NULL) > 0)
		;
}
