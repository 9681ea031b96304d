/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What sets of processes take together: each frame once for a set, however many of its
 * processes map it, however often. Mappings in, sums out. Pure: it knows sets by their
 * numbers only.
 */
#ifndef SHARESTAT_MODEL_SET_SUMS_H
#define SHARESTAT_MODEL_SET_SUMS_H

#include <stddef.h>
#include <stdint.h>

#include "read/records.h"

#define NO_SET UINT32_MAX

/*
 * In pages, but for one_more. rss is exclusive and shared; pages of hugetlb are in none of
 * the three.
 */
struct set_sum {
	uint64_t rss, hugetlb;
	uint64_t exclusive;	/* all their mappings are in the set: what ends with it */
	uint64_t inside;	/* of these: of several mappings */
	uint64_t shared;	/* mapped by who is not in the set, too */
	double pss;		/* each page divided by its mappings */
	uint32_t with;		/* the set that has most of shared; NO_SET: none of these sets */
	uint64_t with_pages;
	uint64_t one_more;	/* bytes: the median of set_sums_add_own() */
};

struct set_sums;

/*
 * Bounds: 768 MiB for runs of frames that have several mappings. Of frames that more sets
 * than these map, such as the C library's, none says with whom it is shared.
 */
#define SET_RUNS_MAX	(16u << 20)
#define SET_WITH_MAX	32

/** set_sums_new() - nothing seen yet. Return: the sums, or NULL when there is no memory */
struct set_sums *set_sums_new(void);
void set_sums_free(struct set_sums *sums);

/**
 * set_sums_add() - add a run of mappings
 * @sums: to which
 * @run: any run, shared or not
 * @set: whose it is; sets are numbered from 0
 *
 * An address space is to be added once, whoever uses it.
 *
 * Return: 0, ENOMEM, or E2BIG beyond SET_RUNS_MAX.
 */
int set_sums_add(struct set_sums *sums, const struct frame_run *run, uint32_t set);

/**
 * set_sums_add_own() - add what an address space has for itself alone
 * @sums: to which
 * @set: whose it is
 * @bytes: what one more of its kind would take, too
 *
 * Return: 0 or ENOMEM.
 */
int set_sums_add_own(struct set_sums *sums, uint32_t set, uint64_t bytes);

/** set_sums_end() - add up; it takes nothing more after this. Return: 0 or ENOMEM */
int set_sums_end(struct set_sums *sums);

/** set_sums_of() - of a set; zeros, if it has nothing */
struct set_sum set_sums_of(const struct set_sums *sums, uint32_t set);
/** set_sums_total() - of all of them as one set */
struct set_sum set_sums_total(const struct set_sums *sums);

#endif
