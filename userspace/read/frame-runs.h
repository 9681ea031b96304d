/* SPDX-License-Identifier: GPL-2.0 */
/* frames.bin, opened and read: run by run, or one process whole. */
#ifndef SHARESTAT_RUNS_H
#define SHARESTAT_RUNS_H

#include "read/parse-runs.h"

/* Which runs are wanted; all zero: all of them. */
struct runs_filter {
	const pid_t *tgids;
	size_t count;
	bool shared;			/* only frames with two mappings and more */
};

/**
 * runs_read() - call back with each run of frames.bin that passes a filter
 * @filter: works on recordings, too
 * @each: returns nonzero to stop
 * @arg: handed on
 * @totals: filled
 *
 * Return: 0, what @each returned, or -1 after an explanation.
 */
int runs_read(const struct runs_filter *filter,
	      int (*each)(const struct frame_run *run, void *arg), void *arg,
	      struct bin_totals *totals);

/* All runs of one process, by address. */
struct run_list {
	struct frame_run *runs;
	size_t count, capacity;
	uint64_t page_size;
};

/**
 * run_list_read() - the runs of a process
 * @list: filled; free it with run_list_free()
 * @tgid: the process
 * @gone: NULL, or set to whether there is no such process (any more)
 *
 * Return: 0, or -1 after an explanation; without one when *@gone is set.
 */
int run_list_read(struct run_list *list, pid_t tgid, bool *gone);
void run_list_free(struct run_list *list);

/** run_list_add() - append a copy. Return: 0, or -1 when memory ran out */
int run_list_add(struct run_list *list, const struct frame_run *run);

/**
 * run_list_at() - the run that has an address
 * @list: sorted by address, as run_list_read() gives it
 * @va: the address
 *
 * Return: the run, or NULL.
 */
const struct frame_run *run_list_at(const struct run_list *list, uint64_t va);

/** run_pfn() - the frame of an address in a run; all zero pages are one frame */
uint64_t run_pfn(const struct frame_run *run, uint64_t va, uint64_t page_size);

#endif
