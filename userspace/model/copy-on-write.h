/* SPDX-License-Identifier: GPL-2.0 */
/* Copy-on-write between relatives of a fork: what is left, what is broken. Pure. */
#ifndef SHARESTAT_MODEL_COPY_ON_WRITE_H
#define SHARESTAT_MODEL_COPY_ON_WRITE_H

#include "read/run-list.h"
#include "read/snapshot.h"

/* Neighbouring pages of the process that had these frames in common with another. */
struct cow_piece {
	uint64_t va, pfn, pages;
};

struct cow_set {
	struct cow_piece *list;
	size_t count, capacity;
	uint64_t pages;
};

/* The frames of anonymous memory of a process, by frame number. */
struct cow_frames {
	struct cow_piece *list;
	size_t count;
};

/* What became of a set of pages. */
struct cow_erosion {
	uint64_t shared;	/* both still map one frame */
	uint64_t by_us;		/* the process has another frame there: it wrote */
	uint64_t by_them;	/* the other has it no more: it wrote, or gave it back */
	uint64_t gone;		/* the process has no page there: given back, swapped out */
};

/** run_is_anonymous() - private, shared copy-on-write, or merged by KSM */
bool run_is_anonymous(const struct frame_run *run);

/** cow_frames_init() - of all runs of a process. Return: 0, or -1 (memory) */
int cow_frames_init(struct cow_frames *frames, const struct run_list *runs);
void cow_frames_free(struct cow_frames *frames);

/** cow_set_init() - the pages whose frames another maps, too. Return: 0, or -1 (memory) */
int cow_set_init(struct cow_set *set, const struct run_list *runs,
		 const struct cow_frames *other);
/** cow_set_all() - all pages that are shared copy-on-write, with whomever */
int cow_set_all(struct cow_set *set, const struct run_list *runs);
void cow_set_free(struct cow_set *set);

/**
 * cow_erosion() - what became of a set
 * @set: as it was
 * @runs: of the process, now
 * @other: of the other, now; NULL when all sharing counts, with whomever
 * @start: only pages from this address
 * @end: to before this one
 */
struct cow_erosion cow_erosion(const struct cow_set *set, const struct run_list *runs,
			       const struct cow_frames *other, uint64_t start, uint64_t end);

/**
 * cow_relation() - what one process is to another
 * @us: the one
 * @task: the other's leader
 * @tasks: all there are
 *
 * Return: "parent", "child", "sibling", "descendant", or NULL for none of them.
 */
const char *cow_relation(const struct task_record *us, const struct task_record *task,
			 const struct snapshot *tasks);

/* What the next fork of a process has to do. */
struct fork_cost {
	uint64_t tables;		/* pages of page tables to copy */
	uint64_t anonymous;		/* pages to share */
	uint64_t protect;		/* of them: now writable, to be write-protected */
	uint64_t vmas;			/* mappings to copy */
};

/**
 * fork_cost() - from what a process has
 * @runs: its runs
 * @vmas: its mappings
 *
 * fork(2) copies the page tables of mappings with anonymous memory; those of
 * files and of shared memory are filled again by page faults.
 */
struct fork_cost fork_cost(const struct run_list *runs, const struct snapshot *vmas);

#endif
