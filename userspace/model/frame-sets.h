/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which frames do some address spaces have in common, by sharing class and by
 * who has them; and what page tables repeat one another. For a few address
 * spaces looked at closely; frame-pairs.h does pairs for a whole machine.
 */
#ifndef SHARESTAT_MODEL_FRAME_SETS_H
#define SHARESTAT_MODEL_FRAME_SETS_H

#include <stddef.h>

#include "model/space-size.h"
#include "read/records.h"

#define OVERLAP_SPACES 64
#define OVERLAP_MAPPINGS (32u << 20)	/* of a page, in all of them: 768 MiB of memory here */

struct overlap_space {
	pid_t tgid;			/* the first of its thread groups */
	char comm[64];
	unsigned int groups;		/* thread groups that have it */
	uint64_t tasks;
	struct space_size size;
	uint64_t pgtables;		/* bytes, by the kernel */
};

/* Frames of one class that the same address spaces map. */
struct overlap_group {
	enum sharing_class sharing;
	uint64_t spaces;		/* bit i: the i-th */
	uint64_t frames;
	uint64_t written;		/* of them: that one of several can write */
};

struct overlap {
	struct overlap_space spaces[OVERLAP_SPACES];
	size_t nspaces, left_out;	/* left out: more than fit */
	struct overlap_group *groups;	/* what sharing saves most first, then most frames first */
	size_t ngroups;
	uint64_t page_size;
	/* Page tables of the lowest level, each of one page. */
	uint64_t tables;
	uint64_t repeating;		/* of them: all that they map the others map, too */
	uint64_t entries;		/* that map a frame again: beyond its first mapping */
};

/** overlap_free() - give back the groups */
void overlap_free(struct overlap *overlap);

/** overlap_members() - how many address spaces a group has */
unsigned int overlap_members(const struct overlap_group *group);

struct mapping;

/**
 * overlap_room() - how many mappings to have room for
 * @mappings: that there are
 *
 * Return: up to twice as many, or 0 when these are more than OVERLAP_MAPPINGS.
 */
size_t overlap_room(size_t mappings);
/** overlap_add() - add a run of address space @space. Return: 0, or -1: too many, or no memory */
int overlap_add(struct mapping **list, size_t *count, size_t *capacity,
		const struct frame_run *run, uint32_t space, uint64_t page_size);
/** overlap_count() - fill groups and page tables. Return: 0 or -1 (memory) */
int overlap_count(struct overlap *overlap, struct mapping *list, size_t count);

#endif
