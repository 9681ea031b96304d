// SPDX-License-Identifier: GPL-2.0
/*
 * Sums of sets of processes; see set-sums.h.
 *
 * Runs of frames with several mappings are intervals. Between two neighbouring ends of
 * intervals all frames have the same mappings, so each such stretch is looked at once.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "model/set-sums.h"

/* Where a run begins or ends. */
struct set_edge {
	uint64_t pfn;
	uint32_t set, maps;
	bool begins, hugetlb;
};

/* What an address space has alone. */
struct set_own {
	uint64_t bytes;
	uint32_t set;
};

/* What two sets have in common. */
struct set_pair {
	uint32_t one, other;
	uint64_t pages;
};

/* The frames that are looked at: who maps them. */
struct stretch {
	uint64_t pages;
	uint64_t *here;			/* mappings, by set */
	uint32_t *active;		/* sets that have some */
	uint32_t *place;		/* of a set in active */
	size_t nactive;
	uint64_t mappings, maps;	/* of all sets; and what each said, added */
	uint64_t hugetlb;		/* mappings that are of hugetlb */
};

struct set_sums {
	struct set_edge *edges;
	size_t count, capacity;
	struct set_sum *sets, total;
	size_t nsets;
	struct set_own *owns;
	size_t nowns, owns_capacity;
	struct set_pair *pairs;
	size_t npairs, pairs_capacity;
	struct hash_table by_pair;
};

struct set_sums *set_sums_new(void)
{
	return calloc(1, sizeof(struct set_sums));
}

void set_sums_free(struct set_sums *sums)
{
	if (!sums)
		return;
	hash_free(&sums->by_pair);
	free(sums->pairs);
	free(sums->edges);
	free(sums->owns);
	free(sums->sets);
	free(sums);
}

/* Room for one more. Return: the array, which may have moved, or NULL. */
static void *grow(void *list, size_t count, size_t *capacity, size_t size)
{
	void *more;

	if (count < *capacity)
		return list;
	more = reallocarray(list, *capacity ? 2 * *capacity : 512, size);
	if (more)
		*capacity = *capacity ? 2 * *capacity : 512;
	return more;
}

static int have_set(struct set_sums *sums, uint32_t set)
{
	const size_t wanted = 2 * (size_t)set + 16;
	struct set_sum *sets;

	if (set < sums->nsets)
		return 0;
	sets = reallocarray(sums->sets, wanted, sizeof(*sets));
	if (!sets)
		return ENOMEM;
	memset(sets + sums->nsets, 0, (wanted - sums->nsets) * sizeof(*sets));
	for (size_t i = sums->nsets; i < wanted; i++)
		sets[i].with = NO_SET;
	sums->sets = sets;
	sums->nsets = wanted;
	return 0;
}

static int add_edge(struct set_sums *sums, struct set_edge edge)
{
	struct set_edge *edges = grow(sums->edges, sums->count, &sums->capacity,
				      sizeof(*edges));

	if (!edges)
		return ENOMEM;
	sums->edges = edges;
	edges[sums->count++] = edge;
	return 0;
}

/* What one mapping has alone. */
static void add_alone(struct set_sum *sum, uint64_t pages, bool hugetlb)
{
	if (hugetlb) {
		sum->hugetlb += pages;
		return;
	}
	sum->rss += pages;
	sum->exclusive += pages;
	sum->pss += (double)pages;
}

int set_sums_add(struct set_sums *sums, const struct frame_run *run, uint32_t set)
{
	struct set_edge edge = {
		.pfn = run->pfn, .set = set, .maps = run->maps, .begins = true,
		.hugetlb = run->sharing == SHARING_HUGETLB,
	};
	int error = have_set(sums, set);

	if (error || !run->maps)
		return error;
	if (run->maps == 1) {
		add_alone(&sums->sets[set], run->pages, edge.hugetlb);
		add_alone(&sums->total, run->pages, edge.hugetlb);
		return 0;
	}
	if (sums->count >= 2 * (size_t)SET_RUNS_MAX)
		return E2BIG;
	error = add_edge(sums, edge);
	edge.pfn += run->pages;
	edge.begins = false;
	return error ? error : add_edge(sums, edge);
}

int set_sums_add_own(struct set_sums *sums, uint32_t set, uint64_t bytes)
{
	struct set_own *owns;

	if (have_set(sums, set))
		return ENOMEM;
	owns = grow(sums->owns, sums->nowns, &sums->owns_capacity, sizeof(*owns));
	if (!owns)
		return ENOMEM;
	sums->owns = owns;
	owns[sums->nowns++] = (struct set_own) { bytes, set };
	return 0;
}

static int by_frame(const void *left, const void *right)
{
	const struct set_edge *a = left, *b = right;

	return (a->pfn > b->pfn) - (a->pfn < b->pfn);
}

/* Edges of one frame come in any order: what ends there may be told after what begins. */
static void pass_edge(struct stretch *stretch, const struct set_edge *edge)
{
	const uint64_t one = edge->begins ? 1 : UINT64_MAX;
	const uint32_t set = edge->set;

	if (edge->begins && !stretch->here[set]++) {
		stretch->place[set] = (uint32_t)stretch->nactive;
		stretch->active[stretch->nactive++] = set;
	} else if (!edge->begins && !--stretch->here[set]) {
		const uint32_t last = stretch->active[--stretch->nactive];

		stretch->active[stretch->place[set]] = last;
		stretch->place[last] = stretch->place[set];
	}
	stretch->mappings += one;
	stretch->maps += one * edge->maps;
	stretch->hugetlb += edge->hugetlb ? one : 0;
}

/* Mappings come and go while they are read: never fewer than we have seen. */
static uint64_t maps_of_each(const struct stretch *stretch)
{
	const uint64_t said = stretch->maps / stretch->mappings;

	return said > stretch->mappings ? said : stretch->mappings;
}

static void add_to(struct set_sum *sum, const struct stretch *stretch, uint64_t mappings)
{
	const uint64_t maps = maps_of_each(stretch);

	if (stretch->hugetlb) {
		sum->hugetlb += stretch->pages;
		return;
	}
	sum->rss += stretch->pages;
	sum->pss += (double)stretch->pages * (double)mappings / (double)maps;
	if (mappings < maps) {
		sum->shared += stretch->pages;
		return;
	}
	sum->exclusive += stretch->pages;
	sum->inside += stretch->pages;
}

struct wanted_pair {
	const struct set_pair *list;
	uint32_t one, other;
};

static bool is_wanted(const void *context, size_t index)
{
	const struct wanted_pair *wanted = context;

	return wanted->list[index].one == wanted->one && wanted->list[index].other == wanted->other;
}

static int add_pair(struct set_sums *sums, uint32_t one, uint32_t other, uint64_t pages)
{
	const uint32_t low = one < other ? one : other, high = one < other ? other : one;
	const struct wanted_pair wanted = { sums->pairs, low, high };
	const uint32_t hash = hash_numbers(low, high);
	const long at = hash_find(&sums->by_pair, hash, is_wanted, &wanted);
	struct set_pair *pairs;

	if (at >= 0) {
		sums->pairs[at].pages += pages;
		return 0;
	}
	pairs = grow(sums->pairs, sums->npairs, &sums->pairs_capacity, sizeof(*pairs));
	if (!pairs)
		return ENOMEM;
	sums->pairs = pairs;
	pairs[sums->npairs] = (struct set_pair) { low, high, pages };
	return hash_add(&sums->by_pair, hash, sums->npairs++) ? ENOMEM : 0;
}

static int pair_up(struct set_sums *sums, const struct stretch *stretch)
{
	int error = 0;

	if (stretch->nactive > SET_WITH_MAX || stretch->hugetlb)
		return 0;
	for (size_t i = 0; i + 1 < stretch->nactive; i++)
		for (size_t j = i + 1; !error && j < stretch->nactive; j++)
			error = add_pair(sums, stretch->active[i], stretch->active[j],
					 stretch->pages);
	return error;
}

static int add_stretch(struct set_sums *sums, const struct stretch *stretch)
{
	for (size_t i = 0; i < stretch->nactive; i++) {
		const uint32_t set = stretch->active[i];

		add_to(&sums->sets[set], stretch, stretch->here[set]);
	}
	add_to(&sums->total, stretch, stretch->mappings);
	return pair_up(sums, stretch);
}

static int walk_edges(struct set_sums *sums, struct stretch *stretch)
{
	int error = 0;

	for (size_t i = 0; !error && i < sums->count; i++) {
		if (i)
			stretch->pages = sums->edges[i].pfn - sums->edges[i - 1].pfn;
		if (stretch->pages && stretch->nactive)
			error = add_stretch(sums, stretch);
		pass_edge(stretch, &sums->edges[i]);
	}
	return error;
}

static void keep_most(struct set_sum *sum, uint32_t with, uint64_t pages)
{
	if (pages < sum->with_pages || (pages == sum->with_pages && with > sum->with))
		return;
	sum->with = with;
	sum->with_pages = pages;
}

static int by_bytes(const void *left, const void *right)
{
	const struct set_own *a = left, *b = right;

	return (a->bytes > b->bytes) - (a->bytes < b->bytes);
}

static int by_set(const void *left, const void *right)
{
	const struct set_own *a = left, *b = right;

	return a->set != b->set ? (a->set > b->set) - (a->set < b->set) : by_bytes(left, right);
}

/* Of some that are sorted; no average, which one that has much more would be most of. */
static uint64_t median(const struct set_own *owns, size_t count)
{
	const uint64_t low = owns[(count - 1) / 2].bytes, high = owns[count / 2].bytes;

	return low + (high - low) / 2;
}

static void find_medians(struct set_sums *sums)
{
	struct set_own *owns = sums->owns;

	if (!sums->nowns)
		return;
	qsort(owns, sums->nowns, sizeof(*owns), by_set);
	for (size_t i = 0, next; i < sums->nowns; i = next) {
		for (next = i; next < sums->nowns && owns[next].set == owns[i].set; next++)
			;
		sums->sets[owns[i].set].one_more = median(&owns[i], next - i);
	}
	qsort(owns, sums->nowns, sizeof(*owns), by_bytes);
	sums->total.one_more = median(owns, sums->nowns);
}

int set_sums_end(struct set_sums *sums)
{
	struct stretch stretch = {
		.here = calloc(sums->nsets + 1, sizeof(*stretch.here)),
		.active = calloc(sums->nsets + 1, sizeof(*stretch.active)),
		.place = calloc(sums->nsets + 1, sizeof(*stretch.place)),
	};
	int error = ENOMEM;

	if (sums->count)
		qsort(sums->edges, sums->count, sizeof(*sums->edges), by_frame);
	sums->total.with = NO_SET;
	find_medians(sums);
	if (stretch.here && stretch.active && stretch.place)
		error = walk_edges(sums, &stretch);
	for (size_t i = 0; i < sums->npairs; i++) {
		const struct set_pair *pair = &sums->pairs[i];

		keep_most(&sums->sets[pair->one], pair->other, pair->pages);
		keep_most(&sums->sets[pair->other], pair->one, pair->pages);
	}
	free(stretch.here);
	free(stretch.active);
	free(stretch.place);
	return error;
}

struct set_sum set_sums_of(const struct set_sums *sums, uint32_t set)
{
	return set < sums->nsets ? sums->sets[set] : (struct set_sum) { .with = NO_SET };
}

struct set_sum set_sums_total(const struct set_sums *sums)
{
	return sums->total;
}
