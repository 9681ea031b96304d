// SPDX-License-Identifier: GPL-2.0
/* The pairs of a matrix. */
#include <stdlib.h>

#include "model/pair-table.h"

struct wanted {
	const struct pairs *pairs;
	uint32_t one, other;
};

static bool is_wanted(const void *context, size_t index)
{
	const struct wanted *wanted = context;
	const struct matrix_pair *pair = &wanted->pairs->list[index];

	return pair->one == wanted->one && pair->other == wanted->other;
}

static enum matrix_result grow(struct pairs *pairs)
{
	size_t capacity = pairs->capacity ? 2 * pairs->capacity : 1024;
	struct matrix_pair *list;

	if (capacity > MATRIX_PAIRS_MAX)
		return MATRIX_TOO_MANY_PAIRS;
	list = reallocarray(pairs->list, capacity, sizeof(*list));
	if (!list)
		return MATRIX_NO_MEMORY;
	pairs->list = list;
	pairs->capacity = capacity;
	return MATRIX_FINE;
}

static enum matrix_result append(struct pairs *pairs, uint32_t one, uint32_t other)
{
	if (pairs->count == pairs->capacity) {
		enum matrix_result result = grow(pairs);

		if (result)
			return result;
	}
	if (hash_add(&pairs->table, hash_numbers(one, other), pairs->count))
		return MATRIX_NO_MEMORY;
	pairs->list[pairs->count++] = (struct matrix_pair) { .one = one, .other = other };
	return MATRIX_FINE;
}

enum matrix_result pairs_add(struct pairs *pairs, uint32_t one, uint32_t other,
			     unsigned int class, uint32_t frames)
{
	const struct wanted wanted = { pairs, one, other };
	long at = hash_find(&pairs->table, hash_numbers(one, other), is_wanted, &wanted);
	struct matrix_pair *pair;

	if (at < 0) {
		enum matrix_result result = append(pairs, one, other);

		if (result)
			return result;
		at = (long)pairs->count - 1;
	}
	pair = &pairs->list[at];
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
	hash_free(&pairs->table);
}
