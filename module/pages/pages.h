/* SPDX-License-Identifier: GPL-2.0 */
/* The page-table walk and what stands on it: classes, streams, frames, vmas. */
#ifndef SHARESTAT_PAGES_PAGES_H
#define SHARESTAT_PAGES_PAGES_H

#include <linux/mm_types.h>
#include <linux/limits.h>
#include <linux/types.h>

#include "compat/page-flags.h"
#include "tasks/tasks.h"

/* Of page->flags, what frame_flags() can show and vmas.c counts by. */
#define SHOWN_FLAGS (BIT(PG_locked) | BIT(PG_referenced) | BIT(PG_uptodate) |	\
		     BIT(PG_dirty) | BIT(PG_lru) | BIT(PG_active) |		\
		     PAGE_FLAG_ERROR | BIT(PG_writeback) | BIT(PG_reclaim) |	\
		     BIT(PG_swapbacked) | BIT(PG_swapcache) |			\
		     BIT(PG_unevictable) | BIT(PG_mlocked))

/*
 * The bit of the swap cache is the file system's where a page is not backed by swap.
 * In the header for the walk, which asks it of pages under their page-table lock.
 */
static __always_inline unsigned long shown_flags(unsigned long flags)
{
	return flags & (flags & BIT(PG_swapbacked) ? SHOWN_FLAGS :
			SHOWN_FLAGS & ~BIT(PG_swapcache));
}

/* Bits of mapping_run.kind: what the frame is. None of them: a file's page. */
#define FRAME_ANON	BIT(0)
#define FRAME_KSM	BIT(1)
#define FRAME_ZERO	BIT(2)
#define FRAME_NONE	BIT(3)	/* no struct page that we may look at */
#define FRAME_LARGE	BIT(4)
#define FRAME_HUGETLB	BIT(5)

/**
 * struct mapping_run - neighbouring pages on neighbouring frames that agree in all else
 * @va: user address of the first page
 * @pfn: its frame
 * @pages: how many, of the base page size
 * @refs: reference count of each frame (of its folio); 0 with FRAME_NONE
 * @maps: how many mappings each frame has; 0 with FRAME_NONE and FRAME_ZERO
 * @flags: page flags of the folio, only those that are shown
 * @pte: SHARESTAT_PTE_* bits
 * @kind: FRAME_* bits
 */
struct mapping_run {
	unsigned long va, pfn, pages;
	unsigned long flags;
	u32 refs, maps;
	u8 pte, kind;
};

/**
 * struct vma_class - what classify_mapping() wants to know of a VMA
 * @file: class of a page that is not anonymous
 * @frameless: class of a mapping without a frame to look at
 * @hugetlb: all mappings are of class hugetlb
 */
struct vma_class {
	enum sharing_class file, frameless;
	bool hugetlb;
};

/* classify.c */

/**
 * classify_vma() - the part of the class that all pages of a VMA have in common
 * @vma: the VMA
 *
 * Context: mmap_lock of the VMA's mm held.
 */
struct vma_class classify_vma(struct vm_area_struct *vma);

/**
 * classify_mapping() - why a mapping is, or is not, shared
 * @vma: of the VMA that it is in
 * @kind: FRAME_* bits
 * @maps: of the frame
 *
 * Here, and not in classify.c, as it is asked of each run, which may be of one page.
 *
 * Pure. Return: exactly one class.
 */
static inline enum sharing_class classify_mapping(const struct vma_class *vma,
						  unsigned int kind, u32 maps)
{
	if (vma->hugetlb)
		return SHARING_HUGETLB;
	if (kind & FRAME_ZERO)
		return SHARING_ZERO;
	if (kind & FRAME_NONE)
		return vma->frameless;
	if (kind & FRAME_KSM)
		return SHARING_KSM;
	if (kind & FRAME_ANON)
		return maps > 1 ? SHARING_COW : SHARING_PRIVATE;
	return vma->file;
}

/* walk.c */

struct walk;

/**
 * struct walk_ops - what is done with what the walk finds
 * @vma: a VMA begins, or the walk comes back into one; may sleep. Return:
 *	false to stop before it.
 * @run: a run of mappings; under the page-table lock, must not sleep. Return:
 *	false to stop, at most one more run follows in this chunk.
 * @nonpresent: swap or migration entries, @pages of them; may be NULL; likewise
 * @empty_table: a page table of the lowest level, wholly inside the VMA, that holds
 *	no entry; may be NULL; likewise
 */
struct walk_ops {
	bool (*vma)(struct walk *walk, struct vm_area_struct *vma);
	bool (*run)(struct walk *walk, const struct mapping_run *run);
	void (*nonpresent)(struct walk *walk, bool migration, unsigned long pages);
	void (*empty_table)(struct walk *walk);
};

/**
 * struct walk - a walk over one address space, in chunks
 * @mm: pinned by the caller (mm_users)
 * @next: where to go on; 0 to begin
 * @ops: see there
 * @data: the caller's
 * @held: how long the last chunk held mmap_lock, in ns
 */
struct walk {
	struct mm_struct *mm;
	unsigned long next;
	const struct walk_ops *ops;
	void *data;
	u64 held;

	/* private: to walk.c */
	struct mapping_run run;
	long budget;
	bool stop;
};

/**
 * walk_chunk() - walk on for a bounded chunk
 * @walk: its @next is moved on
 *
 * Takes mmap_lock for reading for at most WALK_BUDGET page-table entries and
 * lets go of it early when somebody waits for it. Frames are looked at under
 * the page-table lock, never pinned.
 *
 * Context: process context, sleeps; no lock of mm held.
 * Return: 1 when there may be more, 0 at the end of the address space, -EINTR
 * when killed while waiting.
 */
int walk_chunk(struct walk *walk);

#define WALK_BUDGET (64 * 1024)

/* stream.c */

/**
 * struct stream - thread groups, one after the other, each pinned when walked
 * @pids: taken over
 * @ns: whose numbers are shown: of the opener's pid namespace
 * @index: of the next one in @pids
 * @tgid: of the present one
 * @walk: over its address space; walk.mm is pinned (mm_count) between chunks
 */
struct stream {
	struct pids *pids;
	struct pid_namespace *ns;
	unsigned int index;
	pid_t tgid;
	struct walk walk;
};

/**
 * stream_init() - begin a stream
 * @stream: zeroed
 * @pids: taken over; NULL for all that there are at the first chunk
 * @ops: of the walk
 * @data: of the walk
 */
void stream_init(struct stream *stream, struct pids *pids,
		 const struct walk_ops *ops, void *data);
void stream_exit(struct stream *stream);

/**
 * stream_rewind() - begin again
 * @stream: the stream
 */
void stream_rewind(struct stream *stream);

/**
 * stream_chunk() - walk on for a bounded chunk, or into the next group
 * @stream: the stream
 *
 * Context: process context, sleeps.
 * Return: 1 when there may be more, 0 at the end of all, or -errno.
 */
int stream_chunk(struct stream *stream);

/**
 * stream_longest_hold() - the longest time that mmap_lock was held, in ns
 *
 * Since the load or the last stream_reset_hold().
 */
u64 stream_longest_hold(void);
void stream_reset_hold(void);

/* frames.c */

/* What a stream of frames leaves out. */
#define FRAMES_SHARED	BIT(0)		/* frames that have one mapping only */
#define FRAMES_TOTALS	BIT(1)		/* all records: only the sums are wanted */

#define FRAME_ROWS 336			/* 48 bytes each: just below 16 KiB */

/**
 * struct frames - a stream of runs and the chunk of it that is at hand
 * @stream: where it is
 * @class: of the VMA that is being walked
 * @options: FRAMES_* bits
 * @pages: in all records so far, also in those that were left out as TOTALS
 * @records: likewise
 * @kpf: the last answer of frame_flags(), which most runs have in common
 * @count: rows at hand
 * @at: the next of them
 * @row: the rows
 */
struct frames {
	struct stream stream;
	struct vma_class class;
	unsigned int options;
	u64 pages, records;
	struct {
		unsigned long flags;
		unsigned int kind;
		u64 answer;
	} kpf;
	unsigned int count, at;
	struct sharestat_run row[FRAME_ROWS];
};

/**
 * frames_open() - begin a stream of runs
 * @pids: taken over, also on failure
 * @options: FRAMES_* bits
 *
 * Return: the stream, or an ERR_PTR(-ENOMEM).
 */
struct frames *frames_open(struct pids *pids, unsigned int options);
void frames_close(struct frames *frames);
void frames_rewind(struct frames *frames);

/**
 * frames_next() - the next run
 * @frames: the stream
 *
 * Context: process context, sleeps.
 * Return: it, valid until the next call; NULL at the end; or an ERR_PTR.
 */
const struct sharestat_run *frames_next(struct frames *frames);

/**
 * frames_fill() - see to it that rows from @at to @count are at hand
 * @frames: the stream
 *
 * Context: process context, sleeps.
 * Return: 1, 0 at the end, or -errno.
 */
int frames_fill(struct frames *frames);

/* vmas.c */

/**
 * struct vma_row - the sums of a VMA; sizes in pages
 * @tgid: of the thread group
 * @start: where it begins
 * @end: where it ends, or as far as it was walked
 * @vm_flags: of the VMA
 * @present: all that is mapped
 * @pages: of @present, by sharing class
 * @rss: of @present, what has a frame to look at and is not of hugetlb
 * @uss: of @rss, what is mapped nowhere else
 * @private_hugetlb: pages of hugetlb, mapped nowhere else
 * @shared_hugetlb: pages of hugetlb with several mappings
 * @lazyfree: of @present, what MADV_FREE lets the kernel take away and nobody wrote since
 * @mlocked: of @present
 * @swap: entries of swap, not present
 * @migration: migration entries, not present
 * @empty_tables: page tables of the lowest level, wholly inside, that hold no entry
 * @refs: sum of the frames' reference counts
 * @maps: sum of their mappings
 * @pss: of @rss, bytes << PSS_SHIFT
 * @hugetlb_pss: of hugetlb, likewise
 * @name: in vmas.path or static; not escaped
 */
struct vma_row {
	pid_t tgid;
	unsigned long start, end;
	unsigned long vm_flags;
	unsigned long present, pages[SHARING_CLASSES];
	unsigned long rss, uss, private_hugetlb, shared_hugetlb;
	unsigned long lazyfree, mlocked, swap, migration, empty_tables;
	u64 refs, maps;
	u64 pss, hugetlb_pss;
	const char *name;
};

#define PSS_SHIFT 12

/**
 * struct vma_content - what a VMA maps
 * @dev: device of its file, or 0
 * @ino: its number there
 * @pgoff: what page 0 of the address space would be of it
 */
struct vma_content {
	dev_t dev;
	unsigned long ino, pgoff;
};

/**
 * struct vmas - a stream of per-VMA sums
 * @stream: where it is
 * @class: of the VMA that is being walked
 * @content: what it maps
 * @open: @row is being summed
 * @full: @row is whole, the walk stopped before the next VMA
 * @row: the sums
 * @path: where its name is kept
 */
struct vmas {
	struct stream stream;
	struct vma_class class;
	struct vma_content content;
	bool open, full;
	struct vma_row row;
	char path[PATH_MAX];
};

struct vmas *vmas_open(struct pids *pids);
void vmas_close(struct vmas *vmas);
void vmas_rewind(struct vmas *vmas);

/**
 * vmas_next() - the sums of the next VMA
 * @vmas: the stream
 *
 * As frames_next().
 */
const struct vma_row *vmas_next(struct vmas *vmas);

#endif /* SHARESTAT_PAGES_PAGES_H */
