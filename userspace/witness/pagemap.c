// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/pagemap, /proc/kpagecount and /proc/kpageflags. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "witness/live-thread.h"
#include "witness/pagemap.h"

/* The 64-bit words from @index on of an array that is a file. Return: how many. */
static size_t words_of(const char *path, uint64_t index, uint64_t *words, size_t count)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return 0;
	got = pread(fd, words, count * sizeof(*words), index * sizeof(*words));
	close(fd);
	return got < 0 ? 0 : got / sizeof(*words);
}

/* 0 when there is none. */
static uint64_t word_of(const char *path, uint64_t index)
{
	uint64_t word;

	return words_of(path, index, &word, 1) ? word : 0;
}

size_t pagemap_read(pid_t pid, uint64_t address, uint64_t *words, size_t count)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", live_thread(pid));
	return words_of(path, address / sysconf(_SC_PAGESIZE), words, count);
}

uint64_t pagemap_pfn(pid_t pid, const void *address)
{
	uint64_t word;

	if (!pagemap_read(pid, (uintptr_t)address, &word, 1))
		return 0;
	return word & PAGEMAP_PRESENT ? word & PAGEMAP_PFN : 0;
}

uint64_t kpagecount(uint64_t pfn)
{
	return word_of("/proc/kpagecount", pfn);
}

uint64_t kpageflags(uint64_t pfn)
{
	return word_of("/proc/kpageflags", pfn);
}

bool pagemap_shows_frames(void)
{
	const uint64_t pfn = pagemap_pfn(getpid(), &(char){ 0 });
	uint64_t word;

	return pfn && words_of("/proc/kpagecount", pfn, &word, 1) &&
	       words_of("/proc/kpageflags", pfn, &word, 1);
}
