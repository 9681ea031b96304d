// SPDX-License-Identifier: GPL-2.0
/* The pairs of a matrix: a hash table over an array. */
#include <stdlib.h>
#include <string.h>

#include "model/pair-table.h"

static size_t slot_of(const struct pairs *pairs, uint32_t one, uint32_t other)
{
	uint64_t hash = ((uint64_t)one << 32 | other) * 0x9e3779b97f4a7c15ULL;

	return hash >> 32 & (pairs->nslots - 1);
}

/* The slot that holds the pair, or the empty one where it goes. */
static uint32_t *find_slot(const struct pairs *pairs, uint32_t one, uint32_t other)
{
	size_t slot = slot_of(pairs, one, other);

	while (pairs->slots[slot]) {
		const struct matrix_pair *pair = &pairs->list[pairs->slots[slot] - 1];

		if (pair->one == one && pair->other == other)
			break;
		slot = (slot + 1) & (pairs->nslots - 1);
	}
	return &pairs->slots[slot];
}

/* A table of twice the size, never more than half full. */
static enum matrix_result grow(struct pairs *pairs)
{
	size_t capacity = pairs->capacity ? 2 * pairs->capacity : 1024;
	struct matrix_pair *list;
	uint32_t *slots;

	if (capacity > MATRIX_PAIRS_MAX)
		return MATRIX_TOO_MANY_PAIRS;
	list = reallocarray(pairs->list, capacity, sizeof(*list));
	if (!list)
		return MATRIX_NO_MEMORY;
	pairs->list = list;
	pairs->capacity = capacity;
	slots = calloc(2 * capacity, sizeof(*slots));
	if (!slots)
		return MATRIX_NO_MEMORY;
	free(pairs->slots);
	pairs->slots = slots;
	pairs->nslots = 2 * capacity;
	for (size_t i = 0; i < pairs->count; i++)
		*find_slot(pairs, list[i].one, list[i].other) = i + 1;
	return MATRIX_FINE;
}

enum matrix_result pairs_add(struct pairs *pairs, uint32_t one, uint32_t other,
			     unsigned int class, uint32_t frames)
{
	struct matrix_pair *pair;
	uint32_t *slot;

	if (pairs->count == pairs->capacity) {
		enum matrix_result result = grow(pairs);

		if (result)
			return result;
	}
	slot = find_slot(pairs, one, other);
	if (!*slot) {
		pairs->list[pairs->count++] = (struct matrix_pair) {
			.one = one, .other = other,
		};
		*slot = pairs->count;
	}
	pair = &pairs->list[*slot - 1];
	pair->frames += frames;
	pair->sharing[class] += frames;
	return MATRIX_FINE;
}

static int compare(const void *left, const void *right)
{
	const struct matrix_pair *a = left, *b = right;

	if (a->frames != b->frames)
		return a->frames > b->frames ? -1 : 1;
	if (a->one != b->one)
		return a->one < b->one ? -1 : 1;
	return (a->other > b->other) - (a->other < b->other);
}

void pairs_sort(struct pairs *pairs)
{
	if (pairs->count)
		qsort(pairs->list, pairs->count, sizeof(*pairs->list), compare);
}

void pairs_free(struct pairs *pairs)
{
	free(pairs->list);
	free(pairs->slots);
}
