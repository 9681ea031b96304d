// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings of shared frames -> pairs of address spaces.
 *
 * A mapping is one word: frame, address space, class, from high to low bits.
 * Sorted, the mappings of a frame are neighbours. Neighbouring frames mostly
 * have the same mappers (all of a library, all of what was forked), so a set of
 * mappers is paired only once for all the frames in a row that have it.
 */
#include <stdlib.h>
#include <string.h>

#include "model/frame-pairs.h"
#include "model/pair-table.h"
#include "read/records.h"

#define CLASS_BITS	5
#define SPACE_BITS	19
#define MAPPER_BITS	(CLASS_BITS + SPACE_BITS)
#define PFN_BITS	40

_Static_assert(SHARING_CLASSES <= 1 << CLASS_BITS, "too many classes");
_Static_assert(MATRIX_SPACES_MAX == 1 << SPACE_BITS, "spaces");

struct matrix {
	uint32_t classes;
	uint64_t *mappings;
	size_t count, capacity;
	struct space_size *sizes;
	size_t nsizes;
	struct space_sizer sizer;	/* of the address space whose runs come */
	uint32_t space;
	struct pairs pairs;
};

static const char *const explanations[] = {
	[MATRIX_FINE] = "fine",
	[MATRIX_NO_MEMORY] =
		"not enough memory; look at fewer processes (-p) or classes (--class)",
	[MATRIX_TOO_MANY_MAPPINGS] =
		"more than 67108864 mappings of shared frames, which would take more than 1 GiB; look at fewer processes (-p) or classes (--class)",
	[MATRIX_TOO_MANY_PAIRS] =
		"more than 4194304 pairs of processes; look at fewer processes (-p) or classes (--class)",
	[MATRIX_TOO_MANY_SPACES] =
		"more than 524288 address spaces; look at fewer processes (-p)",
	[MATRIX_TOO_HIGH] =
		"a frame number of more than 40 bits, which this version cannot hold",
};

const char *matrix_explain(enum matrix_result result)
{
	return explanations[result];
}

struct matrix *matrix_new(uint32_t classes)
{
	struct matrix *matrix = calloc(1, sizeof(*matrix));

	if (matrix)
		matrix->classes = classes;
	return matrix;
}

void matrix_free(struct matrix *matrix)
{
	if (!matrix)
		return;
	pairs_free(&matrix->pairs);
	free(matrix->mappings);
	free(matrix->sizes);
	space_sizer_free(&matrix->sizer);
	free(matrix);
}

static enum matrix_result size_room(struct matrix *matrix, uint32_t space)
{
	size_t wanted = 2 * (size_t)space + 64;
	struct space_size *sizes;

	if (space < matrix->nsizes)
		return MATRIX_FINE;
	if (space >= MATRIX_SPACES_MAX)
		return MATRIX_TOO_MANY_SPACES;
	sizes = reallocarray(matrix->sizes, wanted, sizeof(*sizes));
	if (!sizes)
		return MATRIX_NO_MEMORY;
	memset(sizes + matrix->nsizes, 0, (wanted - matrix->nsizes) * sizeof(*sizes));
	matrix->sizes = sizes;
	matrix->nsizes = wanted;
	return MATRIX_FINE;
}

static enum matrix_result mapping_room(struct matrix *matrix, size_t more)
{
	size_t capacity = matrix->capacity ? matrix->capacity : 1 << 16;
	uint64_t *mappings;

	if (more > MATRIX_MAPPINGS_MAX - matrix->count)
		return MATRIX_TOO_MANY_MAPPINGS;
	if (matrix->count + more <= matrix->capacity)
		return MATRIX_FINE;
	while (capacity < matrix->count + more)
		capacity *= 2;
	mappings = reallocarray(matrix->mappings, capacity, sizeof(*mappings));
	if (!mappings)
		return MATRIX_NO_MEMORY;
	matrix->mappings = mappings;
	matrix->capacity = capacity;
	return MATRIX_FINE;
}

/* Of the address space whose runs came last: there is room for it. */
static void end_space(struct matrix *matrix)
{
	if (matrix->nsizes)
		matrix->sizes[matrix->space] = space_sizer_end(&matrix->sizer);
}

static enum matrix_result add_size(struct matrix *matrix, const struct frame_run *run,
				   uint32_t space)
{
	enum matrix_result result;

	if (matrix->nsizes && space != matrix->space)
		end_space(matrix);
	result = size_room(matrix, space);
	if (result)
		return result;
	matrix->space = space;
	return space_sizer_add(&matrix->sizer, run) ? MATRIX_NO_MEMORY : MATRIX_FINE;
}

enum matrix_result matrix_add(struct matrix *matrix, const struct frame_run *run,
			      uint32_t space)
{
	enum matrix_result result = add_size(matrix, run, space);
	uint64_t mapper = (uint64_t)space << CLASS_BITS | run->sharing;

	if (result)
		return result;
	if (run->maps < 2 || !(matrix->classes >> run->sharing & 1))
		return MATRIX_FINE;
	if (run->pfn + run->pages > 1ULL << PFN_BITS)
		return MATRIX_TOO_HIGH;
	result = mapping_room(matrix, run->pages);
	if (result)
		return result;
	for (uint32_t i = 0; i < run->pages; i++)
		matrix->mappings[matrix->count++] = (run->pfn + i) << MAPPER_BITS | mapper;
	return MATRIX_FINE;
}

/* One pass of the radix sort, by byte @byte. Return: false when all are equal. */
static bool sort_by_byte(const uint64_t *from, uint64_t *to, size_t count,
			 unsigned int byte, size_t *histogram)
{
	size_t sum = 0;

	if (histogram[from[0] >> (8 * byte) & 0xff] == count)
		return false;
	for (unsigned int i = 0; i < 256; i++) {
		size_t here = histogram[i];

		histogram[i] = sum;
		sum += here;
	}
	for (size_t i = 0; i < count; i++)
		to[histogram[from[i] >> (8 * byte) & 0xff]++] = from[i];
	return true;
}

static enum matrix_result sort_mappings(struct matrix *matrix)
{
	uint64_t *other = calloc(matrix->count, sizeof(*other));
	size_t (*histogram)[256] = calloc(8, sizeof(*histogram));

	if (!other || !histogram) {
		free(other);
		free(histogram);
		return MATRIX_NO_MEMORY;
	}
	for (size_t i = 0; i < matrix->count; i++)
		for (unsigned int byte = 0; byte < 8; byte++)
			histogram[byte][matrix->mappings[i] >> (8 * byte) & 0xff]++;
	for (unsigned int byte = 0; byte < 8; byte++) {
		uint64_t *swap = matrix->mappings;

		if (!sort_by_byte(swap, other, matrix->count, byte, histogram[byte]))
			continue;
		matrix->mappings = other;
		other = swap;
	}
	free(other);
	free(histogram);
	return MATRIX_FINE;
}

/* The distinct mappers of frames in a row, in the order of address spaces. */
struct mappers {
	uint32_t *list;			/* space << CLASS_BITS | class */
	size_t count;
	uint32_t frames;
};

static uint32_t space_of(uint32_t mapper)
{
	return mapper >> CLASS_BITS;
}

static uint64_t pfn_of(uint64_t mapping)
{
	return mapping >> MAPPER_BITS;
}

/* Reads the frame at @at, each space once. Return: where the next one begins. */
static size_t read_frame(const struct matrix *matrix, size_t at, struct mappers *mappers)
{
	uint64_t pfn = pfn_of(matrix->mappings[at]);

	mappers->count = 0;
	for (; at < matrix->count && pfn_of(matrix->mappings[at]) == pfn; at++) {
		uint32_t mapper = matrix->mappings[at] & ((1u << MAPPER_BITS) - 1);

		if (!mappers->count ||
		    space_of(mappers->list[mappers->count - 1]) != space_of(mapper))
			mappers->list[mappers->count++] = mapper;
	}
	mappers->frames = 1;
	return at;
}

static bool same_mappers(const struct mappers *one, const struct mappers *other)
{
	return one->count == other->count &&
	       !memcmp(one->list, other->list, one->count * sizeof(*one->list));
}

static enum matrix_result pair_up(struct matrix *matrix, const struct mappers *mappers)
{
	for (size_t i = 0; i + 1 < mappers->count; i++) {
		uint32_t one = space_of(mappers->list[i]);
		unsigned int class = mappers->list[i] & ((1 << CLASS_BITS) - 1);

		for (size_t j = i + 1; j < mappers->count; j++) {
			enum matrix_result result;

			result = pairs_add(&matrix->pairs, one, space_of(mappers->list[j]),
					   class, mappers->frames);
			if (result)
				return result;
		}
	}
	return MATRIX_FINE;
}

static enum matrix_result walk_frames(struct matrix *matrix, struct mappers *now,
				      struct mappers *before)
{
	for (size_t at = 0; at < matrix->count;) {
		enum matrix_result result;
		struct mappers swap;

		at = read_frame(matrix, at, now);
		if (same_mappers(now, before)) {
			before->frames++;
			continue;
		}
		result = pair_up(matrix, before);
		if (result)
			return result;
		swap = *before;
		*before = *now;
		*now = swap;
	}
	return pair_up(matrix, before);
}

static enum matrix_result count_pairs(struct matrix *matrix)
{
	struct mappers now = { 0 }, before = { 0 };
	enum matrix_result result = MATRIX_NO_MEMORY;

	now.list = calloc(matrix->nsizes, sizeof(*now.list));
	before.list = calloc(matrix->nsizes, sizeof(*before.list));
	if (now.list && before.list)
		result = walk_frames(matrix, &now, &before);
	free(now.list);
	free(before.list);
	return result;
}

enum matrix_result matrix_pairs(struct matrix *matrix, const struct matrix_pair **pairs,
				size_t *count)
{
	enum matrix_result result = MATRIX_FINE;

	*pairs = NULL;
	*count = 0;
	end_space(matrix);
	if (matrix->count)
		result = sort_mappings(matrix);
	if (!result && matrix->count)
		result = count_pairs(matrix);
	if (result)
		return result;
	pairs_sort(&matrix->pairs);
	*pairs = matrix->pairs.list;
	*count = matrix->pairs.count;
	return MATRIX_FINE;
}

struct space_size matrix_size_of(const struct matrix *matrix, uint32_t space)
{
	return space < matrix->nsizes ? matrix->sizes[space] : (struct space_size) { 0 };
}

uint64_t matrix_mappings(const struct matrix *matrix)
{
	return matrix->count;
}
