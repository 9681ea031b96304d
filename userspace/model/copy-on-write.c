// SPDX-License-Identifier: GPL-2.0
/* Copy-on-write between relatives of a fork: what is left, what is broken. */
#include <stdlib.h>
#include <string.h>

#include "model/copy-on-write.h"
#include "read/run-list.h"
#include "read/snapshot.h"

bool run_is_anonymous(const struct frame_run *run)
{
	return run->sharing == SHARING_PRIVATE || run->sharing == SHARING_COW ||
	       run->sharing == SHARING_KSM;
}

static int compare_pfns(const void *left, const void *right)
{
	const struct cow_piece *a = left, *b = right;

	return (a->pfn > b->pfn) - (a->pfn < b->pfn);
}

int cow_frames_init(struct cow_frames *frames, const struct run_list *runs)
{
	*frames = (struct cow_frames) {
		.list = calloc(runs->count + 1, sizeof(*frames->list)),
	};
	if (!frames->list)
		return -1;
	for (size_t i = 0; i < runs->count; i++) {
		const struct frame_run *run = &runs->runs[i];

		if (run_is_anonymous(run))
			frames->list[frames->count++] = (struct cow_piece) {
				run->va, run->pfn, run->pages,
			};
	}
	qsort(frames->list, frames->count, sizeof(*frames->list), compare_pfns);
	return 0;
}

void cow_frames_free(struct cow_frames *frames)
{
	free(frames->list);
	*frames = (struct cow_frames) { 0 };
}

/*
 * Does it map the frame? *@pages is cut to the neighbours of which the same is
 * true. KSM frames that come more than once do no harm: the last one is found.
 */
static bool has_frames(const struct cow_frames *frames, uint64_t pfn, uint64_t *pages)
{
	size_t low = 0, high = frames->count;
	uint64_t left;

	/* The first that begins behind pfn. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (frames->list[middle].pfn <= pfn)
			low = middle + 1;
		else
			high = middle;
	}
	if (low && pfn - frames->list[low - 1].pfn < frames->list[low - 1].pages) {
		left = frames->list[low - 1].pages - (pfn - frames->list[low - 1].pfn);
		if (left < *pages)
			*pages = left;
		return true;
	}
	if (low < frames->count && frames->list[low].pfn - pfn < *pages)
		*pages = frames->list[low].pfn - pfn;
	return false;
}

static int add_piece(struct cow_set *set, const struct cow_piece *piece)
{
	if (set->count == set->capacity) {
		size_t capacity = set->capacity ? 2 * set->capacity : 64;
		void *list = reallocarray(set->list, capacity, sizeof(*piece));

		if (!list)
			return -1;
		set->list = list;
		set->capacity = capacity;
	}
	set->list[set->count++] = *piece;
	set->pages += piece->pages;
	return 0;
}

static int add_run(struct cow_set *set, const struct frame_run *run, uint64_t page_size,
		   const struct cow_frames *other)
{
	struct cow_piece piece = { .va = run->va, .pfn = run->pfn };
	uint64_t left = run->pages;

	while (left) {
		bool shared = true;

		piece.pages = left;
		if (other)
			shared = has_frames(other, piece.pfn, &piece.pages);
		if (shared && add_piece(set, &piece))
			return -1;
		piece.va += piece.pages * page_size;
		piece.pfn += piece.pages;
		left -= piece.pages;
	}
	return 0;
}

int cow_set_init(struct cow_set *set, const struct run_list *runs,
		 const struct cow_frames *other)
{
	*set = (struct cow_set) { 0 };
	for (size_t i = 0; i < runs->count; i++) {
		if (runs->runs[i].sharing != SHARING_COW ||
		    !add_run(set, &runs->runs[i], runs->page_size, other))
			continue;
		cow_set_free(set);
		return -1;
	}
	return 0;
}

int cow_set_all(struct cow_set *set, const struct run_list *runs)
{
	return cow_set_init(set, runs, NULL);
}

void cow_set_free(struct cow_set *set)
{
	free(set->list);
	*set = (struct cow_set) { 0 };
}

/* The first run that ends behind an address, or runs->count. */
static size_t first_run(const struct run_list *runs, uint64_t va)
{
	size_t low = 0, high = runs->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct frame_run *run = &runs->runs[middle];

		if (run->va + run->pages * runs->page_size <= va)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Is it shared still? *@pages is cut to neighbours of which the same is true. */
static bool still_shared(const struct frame_run *run, uint64_t pfn,
			 const struct cow_frames *other, uint64_t *pages)
{
	return other ? has_frames(other, pfn, pages) : run->sharing == SHARING_COW;
}

/* Neighbouring pages that were shared and are in one run now. */
static void judge(struct cow_erosion *erosion, const struct cow_piece *was,
		  const struct frame_run *run, uint64_t pfn, const struct cow_frames *other)
{
	uint64_t done, now;

	for (done = 0; done < was->pages; done += now) {
		now = was->pages - done;
		if (still_shared(run, pfn + done, other, &now))
			erosion->shared += now;
		else if (pfn != was->pfn)
			erosion->by_us += now;
		else
			erosion->by_them += now;
	}
}

static void erode_piece(struct cow_erosion *erosion, struct cow_piece was,
			const struct run_list *runs, const struct cow_frames *other)
{
	size_t at = first_run(runs, was.va);

	while (was.pages) {
		const struct frame_run *run = at < runs->count ? &runs->runs[at] : NULL;
		struct cow_piece part = was;
		uint64_t until;

		if (run && run->va <= was.va)
			until = run->va + run->pages * runs->page_size;
		else
			until = run ? run->va : UINT64_MAX;
		if ((until - was.va) / runs->page_size < part.pages)
			part.pages = (until - was.va) / runs->page_size;
		if (run && run->va <= was.va && run_is_anonymous(run))
			judge(erosion, &part, run,
			      run->pfn + (was.va - run->va) / runs->page_size, other);
		else
			erosion->gone += part.pages;
		at += run && run->va <= was.va;
		was.va += part.pages * runs->page_size;
		was.pfn += part.pages;
		was.pages -= part.pages;
	}
}

/* The first piece that ends behind an address, or set->count: they come by address. */
static size_t first_piece(const struct cow_set *set, uint64_t page_size, uint64_t va)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->list[middle].va + set->list[middle].pages * page_size <= va)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* To what is in the range, of which the piece has something. */
static void cut_piece(struct cow_piece *piece, uint64_t page_size, uint64_t start, uint64_t end)
{
	uint64_t piece_end = piece->va + piece->pages * page_size;

	if (piece->va < start) {
		piece->pfn += (start - piece->va) / page_size;
		piece->va = start;
	}
	piece->pages = ((piece_end < end ? piece_end : end) - piece->va) / page_size;
}

struct cow_erosion cow_erosion(const struct cow_set *set, const struct run_list *runs,
			       const struct cow_frames *other, uint64_t start, uint64_t end)
{
	struct cow_erosion erosion = { 0 };

	for (size_t i = first_piece(set, runs->page_size, start);
	     i < set->count && set->list[i].va < end; i++) {
		struct cow_piece piece = set->list[i];

		cut_piece(&piece, runs->page_size, start, end);
		erode_piece(&erosion, piece, runs, other);
	}
	return erosion;
}

const char *cow_relation(const struct task_record *us, const struct task_record *task,
			 const struct snapshot *tasks)
{
	const struct task_record *at = task;

	if (task->tgid == us->ppid)
		return "parent";
	if (task->ppid == us->tgid)
		return "child";
	if (task->ppid == us->ppid)
		return "sibling";
	/* Up to the first process; the bound is for a tree that changes as we climb. */
	for (int depth = 0; at && depth < 64; depth++) {
		if (at->ppid == us->tgid)
			return "descendant";
		at = snapshot_task(tasks, at->ppid);
	}
	return NULL;
}

#define TABLE_LEVELS 4

/* The last table that was counted, at each level; runs come by address. */
struct tables {
	uint64_t last[TABLE_LEVELS];
	uint64_t count;
};

/* A table is a page of entries of 8 bytes: 512 on x86, 2048 on arm64 with 16 KiB. */
static void count_tables(struct tables *tables, const struct frame_run *run,
			 uint64_t page_size)
{
	unsigned int shift = (unsigned int)__builtin_ctzll(page_size);
	unsigned int bits = shift - 3;
	uint64_t last_va = run->va + (run->pages - 1) * page_size;

	/* The top level is there for every process anyway. */
	for (unsigned int level = 0; level < TABLE_LEVELS - 1; level++) {
		uint64_t first, last;

		shift += bits;
		first = (run->va >> shift) + 1;		/* 0 is "none yet" */
		last = (last_va >> shift) + 1;
		if (first <= tables->last[level])
			first = tables->last[level] + 1;
		if (last < first)
			continue;
		tables->count += last - first + 1;
		tables->last[level] = last;
	}
}

/* A mapping that fork(2) copies page by page; MADV_DONTFORK cannot be seen here. */
static bool is_copied(const struct vma_record *vma)
{
	return vma->perms[3] == 'p' && (vma->pages[SHARING_PRIVATE] || vma->pages[SHARING_COW] ||
					vma->pages[SHARING_KSM] || vma->swap);
}

struct fork_cost fork_cost(const struct run_list *runs, const struct snapshot *vmas)
{
	const struct vma_record *records = vmas->records;
	struct fork_cost cost = { .vmas = vmas->count };
	struct tables tables = { 0 };
	size_t at = 0;

	for (size_t i = 0; i < vmas->count; i++) {
		bool copied = is_copied(&records[i]);

		for (; at < runs->count && runs->runs[at].va < records[i].end; at++) {
			const struct frame_run *run = &runs->runs[at];

			if (!copied || run->va < records[i].start)
				continue;
			count_tables(&tables, run, runs->page_size);
			if (!run_is_anonymous(run))
				continue;
			cost.anonymous += run->pages;
			cost.protect += run->pte & SHARESTAT_PTE_WRITE ? run->pages : 0;
		}
	}
	cost.tables = tables.count;
	return cost;
}
