/* SPDX-License-Identifier: GPL-2.0 */
/* A hash table over an array of the caller's: it knows where in the array what stands. */
#ifndef SHARESTAT_LIB_HASH_H
#define SHARESTAT_LIB_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Begins as all zeroes. Whoever moves entries of the array frees the table, and adds anew. */
struct hash_table {
	struct hash_slot {
		uint32_t hash;
		uint32_t entry;		/* index in the array and 1; 0 is empty */
	} *slots;
	size_t nslots, count;
};

/**
 * hash_find() - where in the array is it?
 * @table: the table
 * @hash: of the key
 * @same: has the entry at @index of the array of @context that key?
 * @context: for @same
 *
 * Return: the index, or -1.
 */
long hash_find(const struct hash_table *table, uint32_t hash,
	       bool (*same)(const void *context, size_t index), const void *context);

/** hash_add() - what is not in it yet stands at @index. Return: 0 or -1 (memory) */
int hash_add(struct hash_table *table, uint32_t hash, size_t index);
void hash_free(struct hash_table *table);

/** hash_numbers() - of a key of two numbers */
uint32_t hash_numbers(uint64_t one, uint64_t other);
/** hash_text() - of a key that is a text */
uint32_t hash_text(const char *text);
/** hash_join() - of a key of two parts: of their hashes */
uint32_t hash_join(uint32_t one, uint32_t other);

#endif
