// SPDX-License-Identifier: GPL-2.0
/*
 * The size of an address space, against a count of each mapping of each frame: runs that
 * overlap in any way, and other address spaces that have some of the frames, too.
 */
#include <stdlib.h>

#include "model/space-size.h"
#include "tap.h"

#define FRAMES 400
#define RUNS 60

/* Whose mappings a frame has. */
struct frame {
	uint32_t ours, others;
};

static uint32_t maps_of(const struct frame *frame)
{
	return frame->ours + frame->others;
}

static bool add(struct space_sizer *sizer, uint64_t pfn, uint32_t pages, uint32_t maps,
		enum sharing_class sharing)
{
	const struct frame_run run = {
		.pfn = pfn, .pages = pages, .maps = maps, .refs = maps, .sharing = sharing,
	};

	return !space_sizer_add(sizer, &run);
}

/* Its part of a mapping comes as runs of frames that have as many mappings. */
static void add_mapping(struct space_sizer *sizer, const struct frame *frames, size_t from,
			size_t to)
{
	for (size_t i = from, next; i < to; i = next) {
		for (next = i; next < to && maps_of(&frames[next]) == maps_of(&frames[i]); next++)
			;
		if (!add(sizer, 1000 + i, (uint32_t)(next - i), maps_of(&frames[i]),
			 SHARING_MEMFD))
			abort();
	}
}

static struct space_size expected(const struct frame *frames)
{
	struct space_size size = { 0 };

	for (size_t i = 0; i < FRAMES; i++) {
		size.rss += frames[i].ours;
		size.uss += frames[i].ours == 1 && !frames[i].others;
		size.exclusive += frames[i].ours && !frames[i].others;
	}
	return size;
}

static bool one_space(struct space_sizer *sizer)
{
	struct frame frames[FRAMES] = { 0 };
	size_t from[RUNS], to[RUNS];
	struct space_size size, wanted;

	for (size_t i = 0; i < RUNS; i++) {
		from[i] = (size_t)random() % FRAMES;
		to[i] = from[i] + (size_t)random() % (FRAMES - from[i]) / 8;
		for (size_t j = from[i]; j < to[i]; j++)
			*(i % 3 ? &frames[j].ours : &frames[j].others) += 1;
	}
	for (size_t i = 0; i < RUNS; i++)
		if (i % 3)
			add_mapping(sizer, frames, from[i], to[i]);
	wanted = expected(frames);
	size = space_sizer_end(sizer);
	return size.rss == wanted.rss && size.uss == wanted.uss &&
	       size.exclusive == wanted.exclusive && size.uss <= size.exclusive &&
	       (double)size.exclusive <= size.pss + 0.001;
}

void test_space_size(void)
{
	struct space_sizer sizer = { .count = 0 };
	struct space_size size = space_sizer_end(&sizer);
	unsigned int right = 0;

	CHECK(!size.rss && !size.exclusive, "size: of nothing");
	for (unsigned int i = 0; i < 100; i++)
		right += one_space(&sizer);
	CHECK(right == 100, "size: 100 address spaces, by each mapping of each frame");
	CHECK(add(&sizer, 0, 512, 1, SHARING_HUGETLB) &&
	      add(&sizer, 512, 1024, 2, SHARING_HUGETLB) &&
	      add(&sizer, 9, 7, 0, SHARING_ZERO), "size: pages of hugetlb and zeros");
	size = space_sizer_end(&sizer);
	CHECK(size.hugetlb_private == 512 && size.hugetlb_shared == 1024 && !size.rss &&
	      !size.uss && !size.exclusive, "size: they are in no other sum");
	CHECK(space_size_all(&size) == 1536, "size: but present");
	space_sizer_free(&sizer);
}
