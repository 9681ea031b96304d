// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/pagemap and /proc/kpagecount. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "witness/pagemap.h"

#define PAGEMAP_PRESENT	(1ULL << 63)
#define PAGEMAP_PFN	((1ULL << 55) - 1)

/* The 64-bit word at @index of an array that is a file; 0 when there is none. */
static uint64_t word_of(const char *path, uint64_t index)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t word = 0;

	if (fd < 0)
		return 0;
	if (pread(fd, &word, sizeof(word), index * sizeof(word)) != sizeof(word))
		word = 0;
	close(fd);
	return word;
}

uint64_t pagemap_pfn(pid_t pid, const void *address)
{
	char path[48];
	uint64_t word;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	word = word_of(path, (uintptr_t)address / sysconf(_SC_PAGESIZE));
	return word & PAGEMAP_PRESENT ? word & PAGEMAP_PFN : 0;
}

uint64_t kpagecount(uint64_t pfn)
{
	return word_of("/proc/kpagecount", pfn);
}
