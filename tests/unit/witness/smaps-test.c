// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/PID/smaps, read of a process that has mappings of known sizes: each figure is what
 * was mapped and written, and of who has ended there is none.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"
#include "witness/live-thread.h"
#include "witness/smaps.h"

#define PRIVATE	13		/* pages; written are */
#define WRITTEN	7
#define SHARED	11

static size_t page;
static char *own, *common, *of_file;

/* With holes around it, so that it is a mapping of its own. */
static char *map(size_t pages, int flags, int fd)
{
	char *start = mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (start == MAP_FAILED)
		return NULL;
	start = mmap(start + page, pages * page, PROT_READ | PROT_WRITE, flags | MAP_FIXED, fd, 0);
	return start == MAP_FAILED ? NULL : start;
}

static void write_to(char *start, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		start[i * page] = 1;
}

/* A child with these mappings: what it has of them is as it is here, and more. */
static pid_t subject(void)
{
	int ready[2], fd = memfd_create("subject file", MFD_CLOEXEC);
	pid_t pid;
	char byte;

	if (fd < 0 || ftruncate(fd, (off_t)(SHARED * page)) || pipe(ready))
		return -1;
	own = map(PRIVATE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	common = map(SHARED, MAP_SHARED | MAP_ANONYMOUS, -1);
	of_file = map(SHARED, MAP_SHARED, fd);
	close(fd);
	if (!own || !common || !of_file)
		return -1;
	madvise(own, PRIVATE * page, MADV_NOHUGEPAGE);
	write_to(common, SHARED);
	pid = fork();
	if (!pid) {
		write_to(own, WRITTEN);
		write_to(common, SHARED);
		(void)!write(ready[1], "", 1);
		for (;;)
			pause();
	}
	(void)!read(ready[0], &byte, 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static const struct smap *mapping(const struct smaps *smaps, const char *start)
{
	for (size_t i = 0; i < smaps->count; i++)
		if (smaps->list[i].start == (uintptr_t)start)
			return &smaps->list[i];
	return NULL;
}

static void check(const struct smaps *smaps, const char *start, size_t pages, uint64_t rss,
		  uint64_t pss, const char *what)
{
	const struct smap *found = mapping(smaps, start);
	const uint64_t kb = page / 1024;

	if (!CHECK(found && found->end - found->start == pages * page && found->rss == rss * kb &&
		   found->pss == pss * kb / 2 && !found->swap && !found->hugetlb_shared &&
		   !found->hugetlb_alone && !found->pfnmap, "smaps: %s", what) && found)
		printf("# to %llx, Rss %llu, Pss %llu\n", (unsigned long long)found->end,
		       (unsigned long long)found->rss, (unsigned long long)found->pss);
}

static void test_ended(pid_t pid)
{
	struct smaps smaps;

	kill(pid, SIGKILL);
	while (task_state(pid) != 'Z')
		usleep(1000);
	CHECK(smaps_read(&smaps, pid) == 1 && !smaps.list && !smaps.count,
	      "smaps: of who has ended there are none");
	waitpid(pid, NULL, 0);
	CHECK(smaps_read(&smaps, pid) == 1, "smaps: nor of who is no more");
}

void test_smaps(void)
{
	struct smaps smaps;
	pid_t pid;

	page = (size_t)sysconf(_SC_PAGESIZE);
	pid = subject();
	if (!CHECK(pid > 0 && !smaps_read(&smaps, pid), "smaps: of a process"))
		return;
	/* Twice the share: a half of it may be another's. */
	check(&smaps, own, PRIVATE, WRITTEN, 2 * WRITTEN, "what was written of private memory");
	check(&smaps, common, SHARED, SHARED, SHARED, "what two processes have is half of each");
	check(&smaps, of_file, SHARED, 0, 0, "of a file nothing was touched");
	CHECK(mapping(&smaps, of_file) && strstr(mapping(&smaps, of_file)->name, "subject file"),
	      "smaps: a file has its name");
	CHECK(mapping(&smaps, of_file) && smap_swaps_itself(mapping(&smaps, of_file), pid) &&
	      mapping(&smaps, own) && !smap_swaps_itself(mapping(&smaps, own), pid),
	      "smaps: a file in memory is swapped out by itself, private memory is not");
	smaps_free(&smaps);
	CHECK(!smaps.list && !smaps.count, "smaps: and is given back");
	test_ended(pid);
}
