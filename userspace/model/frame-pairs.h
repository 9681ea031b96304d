/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which frames do two address spaces have in common? Mappings in, pairs out.
 * Pure: it knows address spaces by their numbers only.
 */
#ifndef SHARESTAT_MODEL_FRAME_PAIRS_H
#define SHARESTAT_MODEL_FRAME_PAIRS_H

#include <stddef.h>
#include <stdint.h>

#include "model/space-size.h"
#include "read/records.h"

/*
 * The bounds: 1 GiB for mappings, a word each and one more while they are
 * sorted, and 0.4 GiB for pairs, which is nearly 3,000 processes that all share.
 */
#define MATRIX_MAPPINGS_MAX	(64u << 20)
#define MATRIX_PAIRS_MAX	(4u << 20)
#define MATRIX_SPACES_MAX	(1u << 19)

/* Frames that two address spaces have in common, of one class or of all. */
struct matrix_pair {
	uint32_t one, other;		/* one < other */
	uint32_t frames;		/* not more than mappings */
	uint32_t sharing[SHARING_CLASSES];
};

struct matrix;

enum matrix_result {
	MATRIX_FINE = 0,
	MATRIX_NO_MEMORY,
	MATRIX_TOO_MANY_MAPPINGS,
	MATRIX_TOO_MANY_PAIRS,
	MATRIX_TOO_MANY_SPACES,
	MATRIX_TOO_HIGH,		/* a frame number of more than 40 bits */
};

/** matrix_explain() - words for a result that is not fine, with what to do */
const char *matrix_explain(enum matrix_result result);

/**
 * matrix_new() - nothing seen yet
 * @classes: bit i set when class i is wanted
 *
 * Return: the matrix, or NULL when there is no memory.
 */
struct matrix *matrix_new(uint32_t classes);
void matrix_free(struct matrix *matrix);

/**
 * matrix_add() - add a run of mappings
 * @matrix: to which
 * @run: any run, shared or not
 * @space: the address space that has them
 *
 * All runs of an address space come one after the other.
 */
enum matrix_result matrix_add(struct matrix *matrix, const struct frame_run *run,
			      uint32_t space);

/**
 * matrix_pairs() - count what was added
 * @matrix: to which it was
 * @pairs: the pairs that have a frame in common, most frames first; the matrix
 *	owns them
 * @count: how many
 *
 * A frame is counted once for a pair, however often each maps it, in the class
 * that it has in the pair's first address space. It takes nothing more after this.
 */
enum matrix_result matrix_pairs(struct matrix *matrix, const struct matrix_pair **pairs,
				size_t *count);

/** matrix_size_of() - of an address space, after matrix_pairs(); zeros if it has nothing */
struct space_size matrix_size_of(const struct matrix *matrix, uint32_t space);
/** matrix_mappings() - how many mappings of shared frames were added */
uint64_t matrix_mappings(const struct matrix *matrix);

#endif
