// SPDX-License-Identifier: GPL-2.0
/*
 * Sums of sets, against a count of each mapping of each frame: runs that overlap in any
 * way, of several sets and of who is in none of them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/set-sums.h"
#include "tap.h"

#define FRAMES 300
#define RUNS 80
#define SETS 5
#define NOBODY SETS		/* maps frames, too, and is not looked at */
#define OWNS 21

struct frame {
	uint32_t by[SETS + 1];
};

struct owners {
	uint64_t owns[OWNS];		/* of an address space each */
	uint32_t set[OWNS];
};

static uint32_t maps_of(const struct frame *frame)
{
	uint32_t maps = 0;

	for (size_t i = 0; i <= NOBODY; i++)
		maps += frame->by[i];
	return maps;
}

static bool add(struct set_sums *sums, uint64_t pfn, uint32_t pages, uint32_t maps,
		enum sharing_class sharing, uint32_t set)
{
	const struct frame_run run = {
		.pfn = pfn, .pages = pages, .maps = maps, .refs = maps, .sharing = sharing,
	};

	return !set_sums_add(sums, &run, set);
}

static void add_mapping(struct set_sums *sums, const struct frame *frames, size_t from, size_t to,
			uint32_t set)
{
	for (size_t i = from, next; i < to; i = next) {
		for (next = i; next < to && maps_of(&frames[next]) == maps_of(&frames[i]); next++)
			;
		if (!add(sums, 1000 + i, (uint32_t)(next - i), maps_of(&frames[i]), SHARING_COW,
			 set))
			abort();
	}
}

static void count_frame(struct set_sum *sum, uint32_t ours, uint32_t maps)
{
	if (!ours)
		return;
	sum->rss++;
	sum->exclusive += ours == maps;
	sum->inside += ours == maps && maps > 1;
	sum->shared += ours < maps;
	sum->pss += (double)ours / maps;
}

/* The first of those that have most in common with it. */
static void find_with(struct set_sum *sum, const struct frame *frames, uint32_t set)
{
	sum->with = NO_SET;
	for (uint32_t other = 0; other < SETS; other++) {
		uint64_t pages = 0;

		for (size_t i = 0; i < FRAMES && other != set; i++)
			pages += frames[i].by[set] && frames[i].by[other];
		if (pages > sum->with_pages) {
			sum->with = other;
			sum->with_pages = pages;
		}
	}
}

/* The least of some, that as many as @wanted do not exceed. */
static uint64_t ranked(const uint64_t *owns, const uint32_t *set, uint32_t of, size_t wanted)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < OWNS; i++) {
		size_t lower = 0;

		for (size_t j = 0; j < OWNS; j++)
			lower += (of == NOBODY || set[j] == of) && owns[j] <= owns[i];
		if ((of == NOBODY || set[i] == of) && lower >= wanted && owns[i] < least)
			least = owns[i];
	}
	return least;
}

static uint64_t one_more_of(const struct owners *owners, uint32_t of)
{
	size_t count = 0;

	for (size_t i = 0; i < OWNS; i++)
		count += of == NOBODY || owners->set[i] == of;
	return count ? (ranked(owners->owns, owners->set, of, (count + 1) / 2) +
			ranked(owners->owns, owners->set, of, count / 2 + 1)) / 2 : 0;
}

static bool same(const struct set_sum *one, const struct set_sum *other)
{
	return one->rss == other->rss && one->exclusive == other->exclusive &&
	       one->inside == other->inside && one->shared == other->shared &&
	       one->with == other->with && one->with_pages == other->with_pages &&
	       one->hugetlb == other->hugetlb && one->one_more == other->one_more &&
	       fabs(one->pss - other->pss) < 0.001;
}

static bool are_expected(const struct set_sums *sums, const struct frame *frames,
			 const struct owners *owners)
{
	struct set_sum total = { .with = NO_SET }, found;
	bool right = true;

	for (uint32_t set = 0; set < SETS; set++) {
		struct set_sum wanted = { 0 };

		for (size_t i = 0; i < FRAMES; i++)
			count_frame(&wanted, frames[i].by[set], maps_of(&frames[i]));
		find_with(&wanted, frames, set);
		wanted.one_more = one_more_of(owners, set);
		found = set_sums_of(sums, set);
		right &= same(&found, &wanted);
	}
	for (size_t i = 0; i < FRAMES; i++)
		count_frame(&total, maps_of(&frames[i]) - frames[i].by[NOBODY],
			    maps_of(&frames[i]));
	total.one_more = one_more_of(owners, NOBODY);
	found = set_sums_total(sums);
	return right && same(&found, &total);
}

static bool one_machine(void)
{
	struct set_sums *sums = set_sums_new();
	struct frame frames[FRAMES] = { 0 };
	struct owners owners;
	size_t from[RUNS], to[RUNS];
	uint32_t set[RUNS];
	bool right;

	for (size_t i = 0; i < RUNS; i++) {
		from[i] = (size_t)random() % FRAMES;
		to[i] = from[i] + (size_t)random() % (FRAMES - from[i]) / 4;
		set[i] = (uint32_t)random() % (SETS + 1);
		for (size_t j = from[i]; j < to[i]; j++)
			frames[j].by[set[i]]++;
	}
	for (size_t i = 0; i < RUNS; i++)
		if (set[i] != NOBODY)
			add_mapping(sums, frames, from[i], to[i], set[i]);
	for (size_t i = 0; i < OWNS; i++) {
		owners.owns[i] = (uint64_t)random() % 50;
		owners.set[i] = (uint32_t)random() % SETS;
		if (set_sums_add_own(sums, owners.set[i], owners.owns[i]))
			abort();
	}
	right = !set_sums_end(sums) && are_expected(sums, frames, &owners);
	set_sums_free(sums);
	return right;
}

static void test_hugetlb(void)
{
	struct set_sums *sums = set_sums_new();
	struct set_sum sum;

	CHECK(add(sums, 0, 512, 1, SHARING_HUGETLB, 0) &&
	      add(sums, 512, 1024, 2, SHARING_HUGETLB, 0) &&
	      add(sums, 512, 1024, 2, SHARING_HUGETLB, 1) &&
	      add(sums, 9, 7, 0, SHARING_ZERO, 1) && !set_sums_end(sums),
	      "sums: pages of hugetlb and zeros");
	sum = set_sums_of(sums, 0);
	CHECK(sum.hugetlb == 1536 && !sum.rss && !sum.exclusive && sum.pss <= 0,
	      "sums: they are in no other sum");
	sum = set_sums_of(sums, 1);
	CHECK(sum.hugetlb == 1024 && !sum.rss && sum.with == NO_SET, "sums: of each set, too");
	sum = set_sums_total(sums);
	CHECK(sum.hugetlb == 1536, "sums: and once in all");
	set_sums_free(sums);
}

/* What nearly all map says of nobody with whom it is shared. */
static void test_with(void)
{
	struct set_sums *sums = set_sums_new();
	struct set_sum sum;
	bool fine = true;

	for (uint32_t set = 0; set <= SET_WITH_MAX; set++)
		fine &= add(sums, 0, 100, SET_WITH_MAX + 1, SHARING_LIBTEXT, set);
	for (uint32_t set = 3; set < 5; set++)
		fine &= add(sums, 200, 7, 2, SHARING_MEMFD, set);
	CHECK(fine && !set_sums_end(sums), "sums: of a library that all map");
	sum = set_sums_of(sums, 3);
	CHECK(sum.shared == 107 && sum.with == 4 && sum.with_pages == 7,
	      "sums: it is shared with whom it has something of its own with");
	sum = set_sums_of(sums, 9);
	CHECK(sum.shared == 100 && sum.with == NO_SET, "sums: or with nobody in particular");
	sum = set_sums_of(sums, 99);
	CHECK(!sum.rss && sum.with == NO_SET, "sums: a set that has nothing");
	set_sums_free(sums);
	sums = set_sums_new();
	for (uint32_t set = 0; set < SET_WITH_MAX; set++)
		fine &= add(sums, 0, 100, SET_WITH_MAX, SHARING_LIBTEXT, set);
	CHECK(fine && !set_sums_end(sums), "sums: of one that not so many map");
	sum = set_sums_of(sums, 3);
	CHECK(sum.with == 0 && sum.with_pages == 100, "sums: it is shared with each");
	set_sums_free(sums);
}

/* A parent that has read more of its program changes nothing. */
static void test_one_more(void)
{
	struct set_sums *sums = set_sums_new();

	CHECK(!set_sums_add_own(sums, 3, 1000000) && !set_sums_add_own(sums, 3, 20) &&
	      !set_sums_add_own(sums, 0, 7) && !set_sums_add_own(sums, 3, 10) &&
	      !set_sums_end(sums), "sums: of four that have something alone");
	CHECK(set_sums_of(sums, 3).one_more == 20 && set_sums_of(sums, 0).one_more == 7 &&
	      !set_sums_of(sums, 1).one_more && set_sums_total(sums).one_more == 15,
	      "sums: the one in the middle, or between two");
	set_sums_free(sums);
}

/* A mapping may come between two that are read: then there are more than they say. */
static void test_race(void)
{
	struct set_sums *sums = set_sums_new();
	struct set_sum sum;

	CHECK(add(sums, 0, 10, 2, SHARING_COW, 0) && add(sums, 0, 10, 2, SHARING_COW, 0) &&
	      add(sums, 0, 10, 2, SHARING_COW, 1) && !set_sums_end(sums),
	      "sums: of three mappings that say two");
	sum = set_sums_of(sums, 0);
	CHECK(sum.shared == 10 && !sum.exclusive && sum.rss == 10, "sums: one of them is another's");
	sum = set_sums_total(sums);
	CHECK(sum.exclusive == 10 && sum.pss < 10.001 && sum.pss > 9.999, "sums: all have all");
	set_sums_free(sums);
}

void test_set_sums(void)
{
	unsigned int right = 0;

	for (unsigned int i = 0; i < 100; i++)
		right += one_machine();
	CHECK(right == 100, "sums: 100 machines, by each mapping of each frame");
	test_hugetlb();
	test_with();
	test_one_more();
	test_race();
}
