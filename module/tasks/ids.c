// SPDX-License-Identifier: GPL-2.0
/* Addresses of kernel objects -> ids that tell nothing of the address. */
#include <linux/bits.h>
#include <linux/random.h>
#include <linux/siphash.h>

#include "tasks/tasks.h"

#define HALF_BITS 27
#define HALF_MASK GENMASK(HALF_BITS - 1, 0)
#define ROUNDS 4

static siphash_key_t key __read_mostly;

void sharestat_ids_init(void)
{
	get_random_bytes(&key, sizeof(key));
}

/*
 * A kernel address has at most 57 bits that are not the same in all of them
 * (five-level page tables), and an object is aligned to 8 bytes. A Feistel
 * network over the 54 bits that are left is a permutation: other than with a
 * hash, two objects never have one id.
 */
u64 sharestat_id(const void *object)
{
	u64 bits = (unsigned long)object >> 3;
	u32 left = (bits >> HALF_BITS) & HALF_MASK;
	u32 right = bits & HALF_MASK;
	unsigned int round;

	for (round = 0; round < ROUNDS; round++) {
		u32 mixed = left ^ (siphash_2u32(right, round, &key) & HALF_MASK);

		left = right;
		right = mixed;
	}
	return ((u64)left << HALF_BITS) | right;
}
