/* SPDX-License-Identifier: GPL-2.0 */
/* The runs of one process, in memory. */
#ifndef SHARESTAT_READ_RUN_LIST_H
#define SHARESTAT_READ_RUN_LIST_H

#include <stddef.h>
#include "read/records.h"
#include "read/whole-file.h"

/* All runs of one process, by address. */
struct run_list {
	struct frame_run *runs;
	size_t count, capacity;
	uint64_t page_size;
};

/** run_list_free() - give back its memory; it is empty then */
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
