// SPDX-License-Identifier: GPL-2.0
/* Frames that address spaces have in common; see frame-sets.h. */
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "model/frame-sets.h"

/* A page of one of the address spaces. */
struct mapping {
	uint64_t pfn, table;		/* which table of the lowest level has it */
	uint32_t space;
	uint8_t sharing;
	bool writable;
	bool huge;			/* mapped without such a table */
	bool again;			/* another one has the frame, too */
	bool first;			/* of those that have it */
};

size_t overlap_room(size_t mappings)
{
	if (mappings > OVERLAP_MAPPINGS)
		return 0;
	return mappings > OVERLAP_MAPPINGS / 2 ? OVERLAP_MAPPINGS : 2 * mappings;
}

int overlap_add(struct mapping **list, size_t *count, size_t *capacity,
		const struct frame_run *run, uint32_t space, uint64_t page_size)
{
	const uint64_t table_bytes = page_size / 8 * page_size;
	const bool huge = run->pte & (SHARESTAT_PTE_PMD | SHARESTAT_PTE_PUD);

	if (run->pte & SHARESTAT_PTE_SPECIAL || run->sharing == SHARING_ZERO)
		return 0;
	if (*count + run->pages > *capacity) {
		size_t more = overlap_room(*count + run->pages);
		struct mapping *grown = more ? reallocarray(*list, more, sizeof(*grown)) : NULL;

		if (!grown)
			return -1;
		*list = grown;
		*capacity = more;
	}
	for (uint32_t i = 0; i < run->pages; i++)
		(*list)[(*count)++] = (struct mapping) {
			.pfn = run->pfn + i, .space = space, .sharing = run->sharing,
			.table = (run->va + i * page_size) / table_bytes, .huge = huge,
			.writable = run->pte & SHARESTAT_PTE_WRITE,
		};
	return 0;
}

static int by_frame(const void *left, const void *right)
{
	const struct mapping *a = left, *b = right;

	if (a->pfn != b->pfn)
		return a->pfn < b->pfn ? -1 : 1;
	return (a->space > b->space) - (a->space < b->space);
}

static int by_table(const void *left, const void *right)
{
	const struct mapping *a = left, *b = right;

	if (a->space != b->space)
		return a->space < b->space ? -1 : 1;
	return (a->table > b->table) - (a->table < b->table);
}

struct wanted {
	const struct overlap_group *groups;
	uint8_t sharing;
	uint64_t spaces;
};

static bool is_wanted(const void *context, size_t index)
{
	const struct wanted *wanted = context;
	const struct overlap_group *group = &wanted->groups[index];

	return group->sharing == wanted->sharing && group->spaces == wanted->spaces;
}

static struct overlap_group *group_of(struct overlap *overlap, struct hash_table *table,
				      uint8_t sharing, uint64_t spaces)
{
	const struct wanted wanted = { overlap->groups, sharing, spaces };
	const uint32_t hash = hash_numbers(spaces, sharing);
	long at = hash_find(table, hash, is_wanted, &wanted);
	struct overlap_group *groups;

	if (at >= 0)
		return &overlap->groups[at];
	groups = overlap->groups;
	/* Room for a power of two of them. */
	if (!(overlap->ngroups & (overlap->ngroups - 1)))
		groups = reallocarray(groups, overlap->ngroups ? 2 * overlap->ngroups : 1,
				      sizeof(*groups));
	if (!groups)
		return NULL;
	overlap->groups = groups;
	if (hash_add(table, hash, overlap->ngroups))
		return NULL;
	groups[overlap->ngroups] = (struct overlap_group) {
		.sharing = sharing, .spaces = spaces,
	};
	return &groups[overlap->ngroups++];
}

/* All mappings of one frame: @count from @list on. */
static int count_frame(struct overlap *overlap, struct hash_table *table, struct mapping *list,
		       size_t count)
{
	struct overlap_group *group;
	uint64_t spaces = 0;
	bool writable = false;

	for (size_t i = 0; i < count; i++) {
		spaces |= 1ULL << list[i].space;
		writable |= list[i].writable;
	}
	for (size_t i = 0; i < count; i++) {
		list[i].again = spaces & (spaces - 1);
		list[i].first = !i;
		overlap->entries += i && !list[i].huge;
	}
	group = group_of(overlap, table, list[0].sharing, spaces);
	if (!group)
		return -1;
	group->frames++;
	group->written += writable && spaces & (spaces - 1);
	return 0;
}

static void count_tables(struct overlap *overlap, const struct mapping *list, size_t count)
{
	for (size_t i = 0, next; i < count; i = next) {
		bool repeats = true, leads = true, huge = true;

		for (next = i; next < count && !by_table(&list[i], &list[next]); next++) {
			repeats &= list[next].again;
			leads &= list[next].first;
			huge &= list[next].huge;
		}
		overlap->tables += !huge;
		/* One of those that map the same is needed. */
		overlap->repeating += !huge && repeats && !leads;
	}
}

unsigned int overlap_members(const struct overlap_group *group)
{
	return (unsigned int)__builtin_popcountll(group->spaces);
}

/* Frames that need not be there once more, since they are shared. */
static uint64_t frames_saved(const struct overlap_group *group)
{
	return group->frames * (overlap_members(group) - 1);
}

static int by_saved(const void *left, const void *right)
{
	const struct overlap_group *a = left, *b = right;

	if (frames_saved(a) != frames_saved(b))
		return frames_saved(a) > frames_saved(b) ? -1 : 1;
	if (a->frames != b->frames)
		return a->frames > b->frames ? -1 : 1;
	return a->spaces < b->spaces ? -1 : a->spaces > b->spaces;
}

static int count_frames(struct overlap *overlap, struct mapping *list, size_t count)
{
	struct hash_table table = { 0 };
	int result = 0;

	for (size_t i = 0, next; i < count && !result; i = next) {
		for (next = i; next < count && list[next].pfn == list[i].pfn; next++)
			;
		result = count_frame(overlap, &table, list + i, next - i);
	}
	hash_free(&table);
	return result;
}

int overlap_count(struct overlap *overlap, struct mapping *list, size_t count)
{
	if (!count)
		return 0;
	qsort(list, count, sizeof(*list), by_frame);
	if (count_frames(overlap, list, count))
		return -1;
	qsort(list, count, sizeof(*list), by_table);
	count_tables(overlap, list, count);
	qsort(overlap->groups, overlap->ngroups, sizeof(*overlap->groups), by_saved);
	return 0;
}

void overlap_free(struct overlap *overlap)
{
	free(overlap->groups);
	overlap->groups = NULL;
}
