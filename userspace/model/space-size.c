// SPDX-License-Identifier: GPL-2.0
/*
 * Sizes of an address space; see space-size.h.
 *
 * A frame is exclusive when the address space itself has as many mappings of it as
 * there are. Its runs are intervals of frames: between two neighbouring edges of
 * intervals all frames have the same mappings here.
 */
#include <stdlib.h>

#include "model/space-size.h"

/* Where a run begins or ends. */
struct frame_edge {
	uint64_t pfn;
	int64_t mappings;		/* 1, or -1 behind its last frame */
	int64_t maps;			/* of each frame, negative behind the last one */
};

uint64_t space_size_all(const struct space_size *size)
{
	return size->rss + size->hugetlb_private + size->hugetlb_shared;
}

static int add_edges(struct space_sizer *sizer, const struct frame_run *run)
{
	if (sizer->count + 2 > sizer->capacity) {
		size_t capacity = sizer->capacity ? 2 * sizer->capacity : 512;
		void *edges = reallocarray(sizer->edges, capacity, sizeof(*sizer->edges));

		if (!edges)
			return -1;
		sizer->edges = edges;
		sizer->capacity = capacity;
	}
	sizer->edges[sizer->count++] = (struct frame_edge) { run->pfn, 1, run->maps };
	sizer->edges[sizer->count++] = (struct frame_edge) {
		run->pfn + run->pages, -1, -(int64_t)run->maps,
	};
	return 0;
}

int space_sizer_add(struct space_sizer *sizer, const struct frame_run *run)
{
	const uint64_t alone = run->maps == 1 ? run->pages : 0;
	struct space_size *size = &sizer->size;

	if (!run->maps)
		return 0;
	if (run->sharing == SHARING_HUGETLB) {
		size->hugetlb_private += alone;
		size->hugetlb_shared += run->pages - alone;
		return 0;
	}
	size->rss += run->pages;
	size->uss += alone;
	size->pss += (double)run->pages / run->maps;
	return alone ? 0 : add_edges(sizer, run);
}

static int by_frame(const void *left, const void *right)
{
	const struct frame_edge *a = left, *b = right;

	return (a->pfn > b->pfn) - (a->pfn < b->pfn);
}

/*
 * How many frames have several mappings, all of them here: with n mappings here each
 * says n, so together they say n * n. What ends with the address space is the frame.
 */
static uint64_t mapped_here_alone(struct space_sizer *sizer)
{
	int64_t mappings = 0, maps = 0;
	uint64_t frames = 0;

	if (sizer->count)
		qsort(sizer->edges, sizer->count, sizeof(*sizer->edges), by_frame);
	for (size_t i = 0; i < sizer->count; i++) {
		if (mappings && maps == mappings * mappings)
			frames += sizer->edges[i].pfn - sizer->edges[i - 1].pfn;
		mappings += sizer->edges[i].mappings;
		maps += sizer->edges[i].maps;
	}
	return frames;
}

struct space_size space_sizer_end(struct space_sizer *sizer)
{
	struct space_size size = sizer->size;

	size.exclusive = size.uss + mapped_here_alone(sizer);
	sizer->size = (struct space_size) { 0 };
	sizer->count = 0;
	return size;
}

void space_sizer_free(struct space_sizer *sizer)
{
	free(sizer->edges);
	*sizer = (struct space_sizer) { 0 };
}
