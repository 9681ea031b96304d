// SPDX-License-Identifier: GPL-2.0
/* Frames that address spaces have in common, and page tables that repeat one another. */
#include <stdlib.h>

#include "model/frame-sets.h"
#include "read/names.h"
#include "tap.h"

#define PAGE	4096ULL
#define TABLE	512		/* pages of one table of the lowest level */

struct run_of {
	uint32_t space;
	struct frame_run run;
};

#define RUN(in, page, frame, count, class, bits)					\
	{ in, { .va = (page) * PAGE, .pfn = frame, .pages = count,			\
		.sharing = SHARING_##class, .pte = bits } }

/* Three address spaces: a program of two processes, and another one. */
static const struct run_of runs[] = {
	RUN(0, 0, 100, 5, TEXT, 0),
	RUN(0, 8, 400, 4, LIBRODATA, 0),
	RUN(0, TABLE, 600, 7, PRIVATE, SHARESTAT_PTE_WRITE),
	/* One frame at two places of one address space. */
	RUN(0, 5 * TABLE, 300, 3, MAPANON, SHARESTAT_PTE_WRITE),
	RUN(0, 6 * TABLE + 9, 300, 3, MAPANON, SHARESTAT_PTE_WRITE),
	/* Mapped without tables of the lowest level. */
	RUN(0, 9 * TABLE, 5120, 13, MEMFD, SHARESTAT_PTE_PMD),
	RUN(1, 9 * TABLE, 5120, 13, MEMFD, SHARESTAT_PTE_PMD | SHARESTAT_PTE_WRITE),
	RUN(1, 0, 100, 5, TEXT, 0),
	RUN(1, 8, 400, 4, LIBRODATA, 0),
	/* Over the end of a table, and into the next. */
	RUN(1, 4 * TABLE - 2, 200, 11, COW, 0),
	RUN(2, 4 * TABLE - 2, 200, 11, COW, 0),
	/* A page of its own in the second of them: that one repeats nothing. */
	RUN(2, 4 * TABLE + 100, 700, 1, PRIVATE, SHARESTAT_PTE_WRITE),
	RUN(2, 20 * TABLE, 400, 4, LIBRODATA, 0),
	/* These are of everybody and of nobody. */
	RUN(0, 1000, 1, 50, ZERO, 0),
	RUN(1, 1000, 1, 50, ZERO, 0),
	RUN(0, 1100, 2, 2, SPECIAL, SHARESTAT_PTE_SPECIAL),
	RUN(1, 1100, 2, 2, SPECIAL, SHARESTAT_PTE_SPECIAL),
};

/* What sharing saves most first; of those that save nothing, most frames first. */
static const struct overlap_group expected[] = {
	{ SHARING_MEMFD, 1 << 0 | 1 << 1, 13, 13 },	/* by one of them */
	{ SHARING_COW, 1 << 1 | 1 << 2, 11, 0 },
	{ SHARING_LIBRODATA, 1 << 0 | 1 << 1 | 1 << 2, 4, 0 },
	{ SHARING_TEXT, 1 << 0 | 1 << 1, 5, 0 },
	{ SHARING_PRIVATE, 1 << 0, 7, 0 },
	{ SHARING_MAPANON, 1 << 0, 3, 0 },		/* by nobody else */
	{ SHARING_PRIVATE, 1 << 2, 1, 0 },
};

/* All that is allowed, and no mapping more; never room for less than there is. */
static void test_room(void)
{
	const size_t most = OVERLAP_MAPPINGS;

	CHECK(overlap_room(10) == 20, "overlap: room for twice as many");
	CHECK(overlap_room(most / 2 + 1) == most, "overlap: more than half have room");
	CHECK(overlap_room(most) == most, "overlap: all that are allowed have room");
	CHECK(!overlap_room(most + 1), "overlap: one more has none");
}

static void test_groups(const struct overlap *overlap)
{
	const size_t count = sizeof(expected) / sizeof(*expected);

	CHECK(overlap->ngroups == count, "overlap: %zu groups of frames", count);
	for (size_t i = 0; i < count && i < overlap->ngroups; i++) {
		const struct overlap_group *group = &overlap->groups[i];

		if (!CHECK(group->sharing == expected[i].sharing &&
			   group->spaces == expected[i].spaces &&
			   group->frames == expected[i].frames &&
			   group->written == expected[i].written,
			   "overlap: %llu frames of class %s in %u address spaces",
			   (unsigned long long)expected[i].frames,
			   sharing_names[expected[i].sharing], overlap_members(&expected[i])))
			printf("# %s, spaces %llx, %llu frames, %llu written\n",
			       sharing_names[group->sharing], (unsigned long long)group->spaces,
			       (unsigned long long)group->frames,
			       (unsigned long long)group->written);
	}
}

static void test_tables(const struct overlap *overlap)
{
	/* Tables 0, 1, 5 and 6; 0, 3 and 4; 3, 4 and 20. */
	CHECK(overlap->tables == 10, "overlap: 10 page tables");
	/* Of the second 0, of the third 3 and 20; who has a frame first repeats nobody. */
	CHECK(overlap->repeating == 3, "overlap: 3 of them repeat others");
	CHECK(overlap->entries == 5 + 2 * 4 + 11 + 3,
	      "overlap: entries beyond the first of each frame, huge ones aside");
	if (overlap->tables != 10 || overlap->repeating != 3)
		printf("# %llu tables, %llu repeat\n", (unsigned long long)overlap->tables,
		       (unsigned long long)overlap->repeating);
}

/* Too many are refused before there is memory for them, and nothing is lost. */
static void test_bound(struct mapping **list, size_t count, size_t capacity)
{
	const struct frame_run huge = { .pages = 64 << 20 };
	const struct mapping *was = *list;
	size_t before = count;

	CHECK(overlap_add(list, &count, &capacity, &huge, 0, PAGE) == -1 && count == before &&
	      *list == was, "overlap: more mappings than fit into memory");
}

void test_overlap(void)
{
	struct overlap overlap = { 0 };
	struct mapping *list = NULL;
	size_t count = 0, capacity = 0;
	int result = 0;

	CHECK(!overlap_count(&overlap, NULL, 0) && !overlap.ngroups, "overlap: of nothing");
	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++)
		result |= overlap_add(&list, &count, &capacity, &runs[i].run, runs[i].space,
				      PAGE);
	CHECK(!result && count == 84, "overlap: each mapping of a frame, zeros and vdso aside");
	test_bound(&list, count, capacity);
	CHECK(!overlap_count(&overlap, list, count), "overlap: counted");
	test_room();
	test_groups(&overlap);
	test_tables(&overlap);
	free(list);
	overlap_free(&overlap);
}
