/* SPDX-License-Identifier: GPL-2.0 */
/* The pairs of a matrix. For frame-pairs.c. Pure. */
#ifndef SHARESTAT_MODEL_PAIR_TABLE_H
#define SHARESTAT_MODEL_PAIR_TABLE_H

#include "lib/hash.h"
#include "model/frame-pairs.h"

struct pairs {
	struct matrix_pair *list;
	size_t count, capacity;
	struct hash_table table;
};

/** pairs_add() - add frames of a class to a pair, which may be new */
enum matrix_result pairs_add(struct pairs *pairs, uint32_t one, uint32_t other,
			     unsigned int class, uint32_t frames);

/** pairs_sort() - most frames first; nothing can be added after this */
void pairs_sort(struct pairs *pairs);
void pairs_free(struct pairs *pairs);

#endif
