// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/pagemap, /proc/kpagecount and /proc/kpageflags. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "witness/live-thread.h"
#include "witness/pagemap.h"

size_t page_words_first(int fd, uint64_t first, uint64_t *words, size_t count)
{
	const ssize_t got = pread(fd, words, count * sizeof(*words),
				  (off_t)(first * sizeof(*words)));

	return got > 0 ? (size_t)got / sizeof(*words) : 0;
}

/* The 64-bit words from @index on of an array that is a file. Return: how many. */
static size_t words_of(const char *path, uint64_t index, uint64_t *words, size_t count)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t got;

	if (fd < 0)
		return 0;
	got = page_words_first(fd, index, words, count);
	close(fd);
	return got;
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

static int open_pagemap(pid_t pid)
{
	char path[48];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", live_thread(pid));
	return open(path, O_RDONLY | O_CLOEXEC);
}

void page_words_try(struct page_words *files, pid_t pid)
{
	files->pagemap = open_pagemap(pid);
	files->kpagecount = open("/proc/kpagecount", O_RDONLY | O_CLOEXEC);
	files->kpageflags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
}

static int open_or_warn(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		warn("%s", path);
	return fd;
}

int page_words_open(struct page_words *files, pid_t pid)
{
	*files = (struct page_words) { open_pagemap(pid), -1, -1 };
	if (files->pagemap < 0 && (errno == ENOENT || errno == ESRCH))
		return 1;
	if (files->pagemap < 0)
		warn("/proc/%d/pagemap", pid);
	files->kpagecount = open_or_warn("/proc/kpagecount");
	files->kpageflags = open_or_warn("/proc/kpageflags");
	return files->pagemap < 0 || files->kpagecount < 0 || files->kpageflags < 0 ? -1 : 0;
}

void page_words_close(struct page_words *files)
{
	if (files->pagemap >= 0)
		close(files->pagemap);
	if (files->kpagecount >= 0)
		close(files->kpagecount);
	if (files->kpageflags >= 0)
		close(files->kpageflags);
	*files = (struct page_words) { -1, -1, -1 };
}

void page_words_read(int fd, uint64_t first, uint64_t *words, size_t count)
{
	const size_t filled = page_words_first(fd, first, words, count);

	memset(words + filled, 0xff, (count - filled) * sizeof(*words));
}

bool pagemap_shows_frames(void)
{
	const uint64_t pfn = pagemap_pfn(getpid(), &(char){ 0 });
	uint64_t word;

	return pfn && words_of("/proc/kpagecount", pfn, &word, 1) &&
	       words_of("/proc/kpageflags", pfn, &word, 1);
}
