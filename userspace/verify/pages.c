// SPDX-License-Identifier: GPL-2.0
/*
 * One process: its runs of frames.bin, page by page, against /proc/PID/pagemap,
 * /proc/kpagecount and /proc/kpageflags; its VMAs against /proc/PID/smaps.
 */
#include <err.h>
#include <errno.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/explain.h"
#include "read/formats.h"
#include "read/frame-runs.h"
#include "read/open.h"
#include "read/parse-text.h"
#include "read/run-list.h"
#include "read/whole-file.h"
#include "verify/verify.h"
#include "witness/pagemap.h"
#include "witness/smaps.h"

#define CHUNK 512U		/* words of a /proc file at a time */

#define KPF(name) (1ULL << KPF_##name)
/*
 * What both know and what does not change by itself, as REFERENCED, LRU and
 * ACTIVE do. A tail page has nothing but what its folio is. KSM is left out: from
 * 6.12 on kpageflags sets it for every anonymous page.
 */
#define FOLIO_FLAGS (KPF(MMAP) | KPF(ANON) | KPF(HUGE) | KPF(THP))
#define PAGE_FLAGS (FOLIO_FLAGS | KPF(DIRTY) | KPF(UPTODATE) | KPF(SWAPBACKED) | \
		    KPF(UNEVICTABLE) | KPF(SWAPCACHE) | KPF(MLOCKED))
#define ZERO_FLAGS (KPF(ZERO_PAGE))

/* A process at one moment, as nearly as it can be had. */
struct subject {
	pid_t pid;
	bool average_maps;
	struct run_list runs;
	struct vma_record *vmas;	/* without names */
	size_t nvmas;
	struct smaps smaps;
	struct page_words words;
};

/* Where in the process a comparison is made. */
struct spot {
	const struct subject *subject;
	const struct smap *smap;
	struct look *look;
};

static void compare(const struct spot *spot, enum check check, uint64_t where,
		    uint64_t ours, uint64_t theirs)
{
	struct difference difference = {
		.check = check, .pid = spot->subject->pid, .where = where,
		.ours = ours, .theirs = theirs,
	};

	snprintf(difference.name, sizeof(difference.name), "%s", spot->smap->name);
	look_compare(spot->look, &difference);
}

/* Neighbouring pages of a run, and what /proc has on them. */
struct chunk {
	const struct frame_run *run;
	uint32_t first, count;
	bool zero;			/* all on the one page of zeros */
	uint64_t pagemap[CHUNK], maps[CHUNK], flags[CHUNK];
};

static uint64_t chunk_pfn(const struct chunk *chunk, uint32_t page)
{
	return chunk->zero ? chunk->run->pfn : chunk->run->pfn + chunk->first + page;
}

static void read_chunk(const struct subject *subject, struct chunk *chunk)
{
	uint64_t page_size = subject->runs.page_size;

	chunk->zero = chunk->run->sharing == SHARING_ZERO &&
		      !(chunk->run->pte & SHARESTAT_PTE_PMD);
	page_words_read(subject->words.pagemap, chunk->run->va / page_size + chunk->first,
			chunk->pagemap, chunk->count);
	if (chunk->zero) {
		page_words_read(subject->words.kpageflags, chunk->run->pfn, chunk->flags, 1);
		for (uint32_t i = 1; i < chunk->count; i++)
			chunk->flags[i] = chunk->flags[0];
		return;
	}
	page_words_read(subject->words.kpagecount, chunk_pfn(chunk, 0), chunk->maps, chunk->count);
	page_words_read(subject->words.kpageflags, chunk_pfn(chunk, 0), chunk->flags, chunk->count);
}

static void compare_counts(const struct spot *spot, const struct chunk *chunk,
			   uint32_t page, uint64_t va)
{
	const struct frame_run *run = chunk->run;
	uint64_t flags = chunk->flags[page], mask = PAGE_FLAGS;

	if (run->sharing == SHARING_ZERO) {
		compare(spot, CHECK_FLAGS, va, run->flags & ZERO_FLAGS, flags & ZERO_FLAGS);
		return;
	}
	if (!run->maps)
		return;
	if (flags & KPF(COMPOUND_TAIL))
		mask = FOLIO_FLAGS;
	compare(spot, CHECK_FLAGS, va, run->flags & mask, flags & mask);
	/* kpagecount counts a page table that processes share as one mapping. */
	if (run->pte & SHARESTAT_PTE_TABLE)
		compare(spot, CHECK_MAPS, va, run->maps > chunk->maps[page], true);
	else if (!spot->subject->average_maps || !(run->flags & (KPF(THP) | KPF(HUGE))))
		compare(spot, CHECK_MAPS, va, run->maps, chunk->maps[page]);
}

static void compare_chunk(const struct spot *spot, struct chunk *chunk)
{
	uint64_t page_size = spot->subject->runs.page_size;

	read_chunk(spot->subject, chunk);
	for (uint32_t page = 0; page < chunk->count; page++) {
		uint64_t va = chunk->run->va + (chunk->first + page) * page_size;

		compare(spot, CHECK_FRAME, va, PAGEMAP_PRESENT | chunk_pfn(chunk, page),
			chunk->pagemap[page] & (PAGEMAP_PRESENT | PAGEMAP_PFN));
		compare_counts(spot, chunk, page, va);
	}
}

static void compare_run(const struct spot *spot, const struct frame_run *run)
{
	struct chunk chunk = { .run = run };

	for (; chunk.first < run->pages; chunk.first += chunk.count) {
		chunk.count = run->pages - chunk.first;
		if (chunk.count > CHUNK)
			chunk.count = CHUNK;
		compare_chunk(spot, &chunk);
	}
}

/* Sums over the runs, or over the records of `vmas`, of one mapping. */
struct sums {
	uint64_t present, rss, uss, hugetlb_shared, hugetlb_alone, lazyfree, mlocked, swap, pss;
	bool large;
};

static void add_run(struct sums *sums, const struct frame_run *run)
{
	sums->present += run->pages;
	if (run->maps && run->sharing != SHARING_HUGETLB) {
		sums->rss += run->pages;
		sums->uss += run->maps == 1 ? run->pages : 0;
	} else if (run->maps == 1) {
		sums->hugetlb_alone += run->pages;
	} else if (run->maps) {
		sums->hugetlb_shared += run->pages;
	}
	sums->mlocked += run->flags & KPF(MLOCKED) ? run->pages : 0;
	sums->large |= (run->flags & (KPF(THP) | KPF(HUGE))) != 0;
}

/* Both lists go by address: @at is the first record that is not behind us. */
static struct sums sum_vmas(const struct subject *subject, const struct smap *smap, size_t *at)
{
	struct sums sums = { 0 };

	while (*at < subject->nvmas && subject->vmas[*at].start < smap->start)
		++*at;
	for (; *at < subject->nvmas && subject->vmas[*at].start < smap->end; ++*at) {
		const struct vma_record *vma = &subject->vmas[*at];

		sums.present += vma->present;
		sums.rss += vma->rss;
		sums.uss += vma->uss;
		sums.hugetlb_alone += vma->private_hugetlb;
		sums.hugetlb_shared += vma->shared_hugetlb;
		sums.lazyfree += vma->lazyfree;
		sums.mlocked += vma->mlocked;
		sums.swap += vma->swap;
		sums.pss += vma->pss;
	}
	return sums;
}

/* The pages of a tmpfs file can be swapped out without being mapped. */
static void compare_swap(const struct spot *spot, uint64_t ours)
{
	const struct smap *smap = spot->smap;

	if (ours < smap->swap && smap_swaps_itself(smap, spot->subject->pid))
		return;
	compare(spot, CHECK_SWAP, smap->start, ours, smap->swap);
}

static void compare_with_runs(const struct spot *spot, const struct sums *vmas,
			      const struct sums *runs)
{
	const uint64_t start = spot->smap->start;

	compare(spot, CHECK_SUM, start, vmas->present, runs->present);
	compare(spot, CHECK_SUM, start, vmas->rss, runs->rss);
	compare(spot, CHECK_SUM, start, vmas->uss, runs->uss);
	compare(spot, CHECK_SUM, start, vmas->mlocked, runs->mlocked);
}

static void compare_sums(const struct spot *spot, const struct sums *runs, size_t *at)
{
	const struct smap *smap = spot->smap;
	const struct sums vmas = sum_vmas(spot->subject, smap, at);
	uint64_t kb = spot->subject->runs.page_size / 1024;
	bool counts = !runs->large || !spot->subject->average_maps;

	compare_with_runs(spot, &vmas, runs);
	/* Up to 6.1 smaps passes over what was copied on write of frame numbers. */
	if (!smap->pfnmap || smap->rss) {
		compare(spot, CHECK_RSS, smap->start, vmas.rss * kb, smap->rss);
		compare(spot, CHECK_LAZYFREE, smap->start, vmas.lazyfree * kb, smap->lazyfree);
	}
	compare_swap(spot, vmas.swap * kb);
	/* smaps_pte_range() is not asked for hugetlb: neither Rss nor Pss has it. */
	compare(spot, CHECK_HUGETLB, smap->start, vmas.hugetlb_shared * kb,
		smap->hugetlb_shared);
	compare(spot, CHECK_HUGETLB, smap->start, vmas.hugetlb_alone * kb, smap->hugetlb_alone);
	if ((!smap->pfnmap || smap->pss) && counts) {
		compare(spot, CHECK_USS, smap->start, vmas.uss * kb, smap->private);
		compare(spot, CHECK_PSS, smap->start, vmas.pss / 1024, smap->pss);
	}
}

/* How far the lists of a process are compared. */
struct progress {
	size_t run, vma;
};

static void compare_vma(const struct spot *spot, struct progress *at)
{
	const struct run_list *runs = &spot->subject->runs;
	struct sums sums = { 0 };

	for (; at->run < runs->count && runs->runs[at->run].va < spot->smap->end; at->run++) {
		const struct frame_run *run = &runs->runs[at->run];

		/* A mapping that is new or gone since: neither look has it right. */
		if (run->va < spot->smap->start ||
		    run->va + run->pages * runs->page_size > spot->smap->end) {
			compare(spot, CHECK_SUM, run->va, run->pages, 0);
			continue;
		}
		add_run(&sums, run);
		/* pagemap knows nothing of mappings of frame numbers. */
		if (!spot->smap->pfnmap)
			compare_run(spot, run);
	}
	spot->look->vmas++;
	compare_sums(spot, &sums, &at->vma);
}

static void compare_all(const struct subject *subject, struct look *look)
{
	struct spot spot = { .subject = subject, .look = look };
	struct progress at = { 0 };

	for (size_t i = 0; i < subject->smaps.count; i++) {
		spot.smap = &subject->smaps.list[i];
		compare_vma(&spot, &at);
	}
	for (; at.run < subject->runs.count; at.run++)
		compare(&spot, CHECK_SUM, subject->runs.runs[at.run].va,
			subject->runs.runs[at.run].pages, 0);
}

static int collect_vma(const void *record, void *arg)
{
	const struct vma_record *vma = record;
	struct subject *subject = arg;
	struct vma_record *vmas;
	size_t count = subject->nvmas;

	/* Where lockdown forbids a filter all processes come. */
	if (vma->tgid != subject->pid)
		return 0;
	if (!(count & (count - 1))) {	/* a power of two: then there are twice as many */
		vmas = reallocarray(subject->vmas, count ? 2 * count : 1, sizeof(*vmas));
		if (!vmas)
			return ENOMEM;
		subject->vmas = vmas;
	}
	vmas = subject->vmas;
	vmas[subject->nvmas] = *vma;
	vmas[subject->nvmas++].name = NULL;
	return 0;
}

static enum verify_result read_vmas(struct subject *subject)
{
	struct parse_error error;
	bool gone;
	FILE *in = source_open_process("vmas", subject->pid, &gone);
	int result;

	if (!in)
		return gone ? VERIFY_GONE : VERIFY_FAILED;
	result = parse_file(in, &format_vmas, collect_vma, subject, &error);
	fclose(in);
	if (!result)
		return VERIFY_DONE;
	parse_explain(source_path("vmas"), "line", &error, result);
	return VERIFY_FAILED;
}

static enum verify_result open_witnesses(struct subject *subject)
{
	const int error = page_words_open(&subject->words, subject->pid);

	if (error)
		return error > 0 ? VERIFY_GONE : VERIFY_FAILED;
	return VERIFY_DONE;
}

static enum verify_result read_subject(struct subject *subject)
{
	enum verify_result result = open_witnesses(subject);
	bool gone = false;
	int smaps;

	if (result)
		return result;
	if (run_list_read(&subject->runs, subject->pid, &gone))
		return gone ? VERIFY_GONE : VERIFY_FAILED;
	result = read_vmas(subject);
	if (result)
		return result;
	smaps = smaps_read(&subject->smaps, subject->pid);
	if (smaps)
		return smaps > 0 ? VERIFY_GONE : VERIFY_FAILED;
	return VERIFY_DONE;
}

static void close_subject(struct subject *subject)
{
	run_list_free(&subject->runs);
	free(subject->vmas);
	smaps_free(&subject->smaps);
	page_words_close(&subject->words);
}

static enum verify_result look_once(const struct verification *verification, pid_t tgid,
				    struct look *look)
{
	struct subject subject = {
		.pid = tgid, .average_maps = verification->average_maps,
		.words = { -1, -1, -1 },
	};
	enum verify_result result = read_subject(&subject);

	memset(look, 0, sizeof(*look));
	if (!result)
		compare_all(&subject, look);
	close_subject(&subject);
	return result;
}

enum verify_result verify_process(struct verification *verification, pid_t tgid,
				  struct look *found)
{
	enum verify_result result = look_again(verification, look_once, tgid, found);

	if (!result)
		verification->processes++;
	return result;
}
