// SPDX-License-Identifier: GPL-2.0
/* One page as the module sees it, and the witnesses: /proc and kcmp(2). */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "model/finding.h"
#include "read/open.h"

#define PAGEMAP_PRESENT	(1ULL << 63)
#define PAGEMAP_PFN	((1ULL << 55) - 1)

char *pages_map(size_t count)
{
	size_t page_size = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, count * page_size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return NULL;
	madvise(pages, count * page_size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < count; i++)
		pages[i * page_size] = 1;
	return pages;
}

void pages_unmap(char *pages, size_t count)
{
	munmap(pages, count * sysconf(_SC_PAGESIZE));
}

struct search {
	pid_t tgid;
	uint64_t address;
	struct page_facts *facts;
};

/* Is it in this run? Then the facts are filled and 1 stops the search. */
static int search_run(const void *record, void *arg)
{
	const uint64_t page_size = sysconf(_SC_PAGESIZE);
	const struct frame_record *run = record;
	const struct search *search = arg;
	struct page_facts *facts = search->facts;

	if (run->tgid != search->tgid || search->address < run->va ||
	    search->address - run->va >= run->pages * page_size)
		return 0;
	facts->pfn = run->pfn + (search->address - run->va) / page_size;
	facts->refs = run->refs;
	facts->maps = run->maps;
	facts->sharing = run->sharing;
	memcpy(facts->pte, run->pte, sizeof(facts->pte));
	return 1;
}

int page_lookup(pid_t tgid, const void *address, struct page_facts *facts)
{
	struct search search = { tgid, (uintptr_t)address, facts };
	struct parse_error error;
	FILE *in = source_open_for("frames", &tgid, 1);
	int found;

	if (!in)
		return -1;
	found = parse_file(in, &format_frames, search_run, &search, &error);
	if (found < 0)
		warnx("frames: line %lu: %s", error.line, error.why);
	fclose(in);
	return found == 1 ? 0 : -1;
}

int page_in(const struct snapshot *frames, pid_t tgid, const void *address,
	    struct page_facts *facts)
{
	struct search search = { tgid, (uintptr_t)address, facts };
	const struct frame_record *runs = frames->records;

	for (size_t i = 0; i < frames->count; i++) {
		if (search_run(&runs[i], &search))
			return 0;
	}
	return -1;
}

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

int kcmp_same(pid_t one, pid_t other, int what)
{
	long order = syscall(SYS_kcmp, one, other, what, 0, 0);

	return order < 0 ? -1 : order == 0;
}
