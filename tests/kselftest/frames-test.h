/* SPDX-License-Identifier: GPL-2.0 */
/*
 * `frames` held against /proc/PID/pagemap, /proc/kpagecount and
 * /proc/kpageflags, page by page. The processes looked at must sleep.
 */
#ifndef FRAMES_TEST_H
#define FRAMES_TEST_H

#include <linux/mempolicy.h>
#include <sys/syscall.h>

#include "proc-test.h"

#define KPF(name) (1ULL << KPF_##name)
/*
 * The flags that both know and that do not change by themselves, as
 * REFERENCED, LRU and ACTIVE do. Of a tail page only what it has of its folio.
 */
#define FOLIO_FLAGS (KPF(MMAP) | KPF(ANON) | KPF(KSM) | KPF(HUGE) | KPF(THP))
#define COMPARED_FLAGS (FOLIO_FLAGS | KPF(ERROR) | KPF(DIRTY) | KPF(UPTODATE) | \
			KPF(SWAPBACKED) | KPF(UNEVICTABLE) | KPF(SWAPCACHE) | KPF(MLOCKED))
#define ZERO_FLAGS (KPF(ZERO_PAGE) | KPF(THP))

/* The kernel has these for developers, and not for programs. */
#define KPF_MLOCKED 33
/* kpageflags alone has these two; each is a reference that is no mapping. */
#define KPF_PRIVATE 35
#define KPF_PRIVATE_2 36

#define NO_COUNT (-1L)

/* arm64's linker puts read-only data, of two classes, into the text. */
#ifdef __aarch64__
#define CLASSES_IN_TEXT 2
#else
#define CLASSES_IN_TEXT 0
#endif

/* A row of `frames`. */
struct run {
	pid_t tgid;
	unsigned long va, pages;
	uint64_t pfn, flags;
	long refs, maps;	/* NO_COUNT for "-" */
	const char *pte, *class;
};

static inline long count_or_none(const struct table *frames, size_t row, const char *name)
{
	if (!strcmp(table_text(frames, row, name), "-"))
		return NO_COUNT;
	return table_number(frames, row, name);
}

static inline void check_pte(const char *pte)
{
	const char *letters = "wxdysh";
	size_t i;

	for (i = 0; i < 6; i++)
		if (pte[i] != letters[i] && pte[i] != '.' &&
		    !(i == 5 && (pte[i] == 'H' || pte[i] == 't')))
			break;
	if (i < 6 || pte[6])
		fail("frames: '%s' is no pte", pte);
}

static inline struct run run_at(const struct table *frames, size_t row)
{
	struct run run = {
		.tgid = table_number(frames, row, "tgid"),
		.va = table_hex(frames, row, "va"),
		.pfn = table_hex(frames, row, "pfn"),
		.pages = table_number(frames, row, "pages"),
		.refs = count_or_none(frames, row, "refs"),
		.maps = count_or_none(frames, row, "maps"),
		.flags = table_hex(frames, row, "flags"),
		.pte = table_text(frames, row, "pte"),
		.class = table_text(frames, row, "class"),
	};

	check_pte(run.pte);
	if (!run.pages)
		fail("frames: a run of no pages at %lx", run.va);
	return run;
}

static inline bool run_is(const struct run *run, const char *class)
{
	return !strcmp(run->class, class);
}

/* The small zero page is the same frame again and again; all else neighbours. */
static inline uint64_t run_pfn(const struct run *run, unsigned long page)
{
	return run_is(run, "zero") && run->pte[5] == '.' ? run->pfn : run->pfn + page;
}

/* How many differences were found, of which the first few are printed. */
static inline void differ(size_t *count, const struct run *run, unsigned long page,
			  const char *what, uint64_t wanted, uint64_t got)
{
	if (one_more(count))
		fprintf(stderr, "# %d:%lx %s %s: %s should be %#jx, is %#jx\n", run->tgid,
			run->va + page * PAGE, run->class, run->pte, what,
			(uintmax_t)wanted, (uintmax_t)got);
}

static inline uint64_t trusted_flags(void)
{
	return ksm_is_told() ? ~0ULL : ~KPF(KSM);
}

/*
 * Empties the queue of each CPU from that CPU: who seals a memfd against writing looks
 * for references beside the file's, and puts the pages in its own queue away before.
 */
static inline void drain_each_queue(void)
{
	cpu_set_t before;
	int cpu, fd;

	if (sched_getaffinity(0, sizeof(before), &before))
		fail("affinity: %s", strerror(errno));
	for (cpu = 0; cpu < sysconf(_SC_NPROCESSORS_ONLN); cpu++) {
		pin_to(cpu);
		fd = memfd_create("drain", MFD_CLOEXEC | MFD_ALLOW_SEALING);
		if (fd < 0 || write(fd, "", 1) != 1 || fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE))
			fail("a memfd to be sealed: %s", strerror(errno));
		close(fd);
	}
	sched_setaffinity(0, sizeof(before), &before);
}

/*
 * drain_queues() - as pages on their way to the LRU have one reference more
 *
 * Who asks for pages to be moved has the queues of all CPUs emptied before; this one
 * is where it is to be. A kernel without NUMA cannot be asked. Compaction would not
 * do: the pages that it moved last are in the queues again.
 */
static inline void drain_queues(void)
{
	static int here;
	void *page = &here;
	int node = 0, status;

	here = 1;
	if (syscall(SYS_move_pages, 0, 1UL, &page, &node, &status, MPOL_MF_MOVE) < 0)
		drain_each_queue();
}

/* Who refers to a small page: its mappings, the cache that it is in, its private data. */
static inline long wanted_refs(uint64_t flags, uint64_t maps)
{
	return maps + !(flags & KPF(ANON)) + !!(flags & KPF(SWAPCACHE)) +
	       !!(flags & KPF(PRIVATE)) + !!(flags & KPF(PRIVATE_2));
}

/* The counts and flags of a page against those of its frame. */
static inline void compare_frame(const struct run *run, unsigned long page, uint64_t flags,
				 uint64_t maps, size_t *count)
{
	uint64_t mask = COMPARED_FLAGS;

	if (run_is(run, "zero")) {
		if ((flags & ZERO_FLAGS) != (run->flags & ZERO_FLAGS))
			differ(count, run, page, "flags", flags & ZERO_FLAGS, run->flags);
		if (run->maps != NO_COUNT || run->refs != NO_COUNT)
			differ(count, run, page, "count", NO_COUNT, run->maps);
		return;
	}
	/* A page table that processes share counts as one; hugetlb-tables counts them. */
	if (run->pte[5] == 't' ? (uint64_t)run->maps <= maps : (uint64_t)run->maps != maps)
		differ(count, run, page, "maps", maps, run->maps);
	if (flags & KPF(COMPOUND_TAIL))
		mask = FOLIO_FLAGS;
	mask &= trusted_flags();
	if ((flags & mask) != (run->flags & mask))
		differ(count, run, page, "flags", flags & mask, run->flags & mask);
	/* Pages of the vdso are the kernel's own. */
	if (!(flags & (KPF(COMPOUND_HEAD) | KPF(COMPOUND_TAIL))) && !run_is(run, "special") &&
	    run->refs != wanted_refs(flags, maps))
		differ(count, run, page, "refs", wanted_refs(flags, maps), run->refs);
}

/* Whose frames are neighbours, so many at a time. */
static inline void compare_frames(const struct run *run, size_t *count)
{
	uint64_t flags[256], maps[256];
	unsigned long page, i, n;

	for (page = 0; page < run->pages; page += n) {
		n = run_pfn(run, 1) == run->pfn ? 1 : run->pages - page;
		if (n > 256)
			n = 256;
		frame_words_read("/proc/kpageflags", run_pfn(run, page), flags, n);
		frame_words_read("/proc/kpagecount", run_pfn(run, page), maps, n);
		for (i = 0; i < n; i++)
			compare_frame(run, page + i, flags[i], maps[i], count);
	}
}

/* Every page of a run is present, on that frame, and not yet seen. */
static inline void compare_run(const struct run *run, const struct smap *map,
			       uint64_t *pagemap, size_t *count)
{
	unsigned long page, first = (run->va - map->start) / PAGE;
	size_t before = *count;

	for (page = 0; page < run->pages; page++) {
		uint64_t entry = pagemap[first + page];

		if (!(entry & PAGEMAP_PRESENT) ||
		    (entry & PAGEMAP_PFN) != run_pfn(run, page))
			differ(count, run, page, "pagemap", entry, run_pfn(run, page));
		pagemap[first + page] = 0;
	}
	if (*count == before)
		compare_frames(run, count);
}

/* Of frame numbers pagemap knows nothing; what was copied on write there has frames. */
static inline void compare_pfnmap_run(const struct run *run, size_t *count)
{
	if (run->maps == NO_COUNT && run->refs == NO_COUNT)
		return;
	if (!(run->flags & KPF(ANON)))
		differ(count, run, 0, "maps of no frame", NO_COUNT, run->maps);
	compare_frames(run, count);
}

/* What compare_run() has not struck out is missing. */
static inline void find_missing(pid_t pid, const struct smap *map,
				const uint64_t *pagemap, size_t *count)
{
	struct run missing = { .tgid = pid, .va = map->start, .class = map->name, .pte = "" };
	unsigned long page;

	for (page = 0; page < (map->end - map->start) / PAGE; page++)
		if (pagemap[page] & PAGEMAP_PRESENT)
			differ(count, &missing, page, "missing: pfn",
			       pagemap[page] & PAGEMAP_PFN, 0);
}

/*
 * The runs of one mapping, from @row on; /proc/PID/pagemap knows nothing of
 * mappings of frame numbers. Return: the next mapping's first row.
 */
static inline size_t compare_map(pid_t pid, const struct smap *map,
				 const struct table *frames, size_t row, size_t *count)
{
	uint64_t *pagemap = map->pfnmap ? NULL : pagemap_read(pid, map->start, map->end);
	unsigned long at = map->start;

	for (; row < frames->rows; row++) {
		struct run run = run_at(frames, row);

		if (run.va >= map->end)
			break;
		if (run.tgid != pid)
			differ(count, &run, 0, "tgid", pid, run.tgid);
		if (run.va < at || run.va + run.pages * PAGE > map->end) {
			differ(count, &run, 0, "covered twice or out of its mapping", at, run.va);
			continue;
		}
		at = run.va + run.pages * PAGE;
		if (pagemap)
			compare_run(&run, map, pagemap, count);
		else
			compare_pfnmap_run(&run, count);
	}
	if (pagemap)
		find_missing(pid, map, pagemap, count);
	free(pagemap);
	return row;
}

static inline size_t compare_once(pid_t pid)
{
	struct table frames;
	struct smaps smaps = smaps_read(pid);
	size_t i, row = 0, count = 0;

	drain_queues();
	frames = table_read_pid("frames", pid);
	/* The vsyscall page belongs to no process. */
	for (i = 0; i < smaps.count && (long)smaps.map[i].start > 0; i++)
		row = compare_map(pid, &smaps.map[i], &frames, row, &count);
	if (row < frames.rows)
		fail("%d: %zu runs are in no mapping", pid, frames.rows - row);
	if (!frames.rows)
		fail("%d: frames shows nothing", pid);
	table_free(&frames);
	free(smaps.map);
	return count;
}

/* compare_process() - every page of a sleeping process; how many differences */
static inline size_t compare_process(pid_t pid)
{
	return lasting_differences(pid, compare_once);
}

/* Pages that should be so; pte with '?' and refs with 0 for what is left open. */
struct expect {
	unsigned long from, pages;
	const char *class;
	long maps;
	const char *pte;
	long refs;
};

static inline bool pte_fits(const char *pattern, const char *pte)
{
	for (; *pattern; pattern++, pte++)
		if (*pattern != '?' && *pattern != *pte)
			return false;
	return true;
}

/* A run inside of an expectation: as it should be, and how many pages it has. */
static inline unsigned long fit_run(const struct expect *expect, const char *start,
				    const struct run *run, size_t *count)
{
	unsigned long begin = (unsigned long)start + expect->from * PAGE;
	unsigned long end = begin + expect->pages * PAGE;
	unsigned long run_end = run->va + run->pages * PAGE;

	if (run_end <= begin || run->va >= end)
		return 0;
	if (!run_is(run, expect->class) || run->maps != expect->maps ||
	    !pte_fits(expect->pte, run->pte) || (expect->refs && run->refs != expect->refs)) {
		fprintf(stderr, "# %lx should be %s, %ld, %s, %ld, is %s, %ld, %s, %ld\n",
			run->va, expect->class, expect->maps, expect->pte, expect->refs,
			run->class, run->maps, run->pte, run->refs);
		(*count)++;
	}
	return ((run_end < end ? run_end : end) - (run->va > begin ? run->va : begin)) / PAGE;
}

/* compare_area() - what a subject made against what is expected, page by page */
static inline size_t compare_area(pid_t pid, const char *start, const struct expect *expect)
{
	struct table frames;
	size_t row, count = 0;

	drain_queues();
	frames = table_read_pid("frames", pid);
	for (; expect->pages; expect++) {
		unsigned long pages = 0;

		for (row = 0; row < frames.rows; row++) {
			struct run run = run_at(&frames, row);

			pages += fit_run(expect, start, &run, &count);
		}
		if (pages != expect->pages) {
			fprintf(stderr, "# %lu pages from %lu on should be %s, but %lu are there\n",
				expect->pages, expect->from, expect->class, pages);
			count++;
		}
	}
	table_free(&frames);
	return count;
}

/* map_small() - small pages, whatever THP is set to. */
static inline char *map_small(unsigned long pages, int prot)
{
	char *start = map_or_fail(NULL, pages * PAGE, prot,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(start, pages * PAGE, MADV_NOHUGEPAGE);
	return start;
}

#endif /* FRAMES_TEST_H */
