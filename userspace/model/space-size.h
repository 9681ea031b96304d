/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How large an address space is, by its runs. Each word means what it does in
 * /proc/PID/smaps: no zero pages, nothing without a frame to look at, and hugetlb apart.
 */
#ifndef SHARESTAT_MODEL_SPACE_SIZE_H
#define SHARESTAT_MODEL_SPACE_SIZE_H

#include <stddef.h>
#include <stdint.h>

#include "read/records.h"

/* In pages. */
struct space_size {
	uint64_t rss, uss;		/* uss: of frames that have one mapping at all */
	uint64_t exclusive;		/* frames whose mappings are all in this address space */
	uint64_t hugetlb_private, hugetlb_shared;
	double pss;			/* each page divided by its mappings */
};

/** space_size_all() - all that is present, pages of hugetlb, too */
uint64_t space_size_all(const struct space_size *size);

/* The runs of one address space, while they come. */
struct space_sizer {
	struct space_size size;
	struct frame_edge *edges;	/* of the runs whose frames have several mappings */
	size_t count, capacity;
};

/** space_sizer_add() - one more run of it. Return: 0, or -1 when memory ran out */
int space_sizer_add(struct space_sizer *sizer, const struct frame_run *run);

/** space_sizer_end() - its size, when all runs were added; then the next one may begin */
struct space_size space_sizer_end(struct space_sizer *sizer);

/** space_sizer_free() - give back its memory */
void space_sizer_free(struct space_sizer *sizer);

#endif
