// SPDX-License-Identifier: GPL-2.0
/* Open addressing with linear steps, never more than half full. */
#include <stdlib.h>

#include "lib/hash.h"

#define FIRST_SLOTS 64
#define GOLDEN 0x9e3779b97f4a7c15ULL	/* 2^64 by the golden ratio */

static struct hash_slot *empty_slot(const struct hash_table *table, uint32_t hash)
{
	size_t at = hash & (table->nslots - 1);

	while (table->slots[at].entry)
		at = (at + 1) & (table->nslots - 1);
	return &table->slots[at];
}

static int grow(struct hash_table *table)
{
	struct hash_table grown = {
		.nslots = table->nslots ? 2 * table->nslots : FIRST_SLOTS,
		.count = table->count,
	};

	grown.slots = calloc(grown.nslots, sizeof(*grown.slots));
	if (!grown.slots)
		return -1;
	for (size_t i = 0; i < table->nslots; i++)
		if (table->slots[i].entry)
			*empty_slot(&grown, table->slots[i].hash) = table->slots[i];
	free(table->slots);
	*table = grown;
	return 0;
}

long hash_find(const struct hash_table *table, uint32_t hash,
	       bool (*same)(const void *context, size_t index), const void *context)
{
	if (!table->count)
		return -1;
	for (size_t at = hash & (table->nslots - 1); table->slots[at].entry;
	     at = (at + 1) & (table->nslots - 1))
		if (table->slots[at].hash == hash && same(context, table->slots[at].entry - 1))
			return (long)table->slots[at].entry - 1;
	return -1;
}

int hash_add(struct hash_table *table, uint32_t hash, size_t index)
{
	if (index >= UINT32_MAX || (2 * (table->count + 1) > table->nslots && grow(table)))
		return -1;
	*empty_slot(table, hash) = (struct hash_slot) { hash, (uint32_t)index + 1 };
	table->count++;
	return 0;
}

void hash_free(struct hash_table *table)
{
	free(table->slots);
	*table = (struct hash_table) { 0 };
}

static uint32_t mix(uint64_t value)
{
	value ^= value >> 32;
	value *= GOLDEN;
	return (uint32_t)(value >> 32);
}

uint32_t hash_numbers(uint64_t one, uint64_t other)
{
	return mix(one * GOLDEN + other);
}

uint32_t hash_text(const char *text)
{
	uint64_t hash = 0;

	for (; *text; text++)
		hash = hash * 31 + (unsigned char)*text;
	return mix(hash);
}

uint32_t hash_join(uint32_t one, uint32_t other)
{
	return mix((uint64_t)one << 32 | other);
}
