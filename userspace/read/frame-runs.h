/* SPDX-License-Identifier: GPL-2.0 */
/* frames.bin, opened and read: run by run, or one process whole. */
#ifndef SHARESTAT_READ_FRAME_RUNS_H
#define SHARESTAT_READ_FRAME_RUNS_H

#include "read/parse-runs.h"
#include "read/run-list.h"

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

/**
 * run_list_read() - the runs of a process
 * @list: filled; free it with run_list_free()
 * @tgid: the process
 * @gone: NULL, or set to whether there is no such process (any more)
 *
 * Return: 0, or -1 after an explanation; without one when *@gone is set.
 */
int run_list_read(struct run_list *list, pid_t tgid, bool *gone);

#endif
