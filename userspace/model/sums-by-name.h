/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sums by name of a program, for labels: there are only so many names, while
 * each process would be a time series of its own for ever. Pure.
 */
#ifndef SHARESTAT_MODEL_SUMS_BY_NAME_H
#define SHARESTAT_MODEL_SUMS_BY_NAME_H

#include <stddef.h>
#include <stdint.h>

#include "lib/hash.h"
#include "uapi/sharestat.h"

#define COMMS_OTHER "other"

enum comm_sum {
	COMM_GROUPS, COMM_SPACES, COMM_TASKS, COMM_PGTABLES,
	COMM_RSS_ANON, COMM_RSS_FILE, COMM_RSS_SHMEM, COMM_SWAP,
	COMM_PSS,
	COMM_HUGETLB_PSS,
	COMM_PAGES,					/* by sharing class */
	COMM_BEGUN = COMM_PAGES + SHARING_CLASSES, COMM_RECEIVED,
	COMM_SUMS
};

struct comm {
	char *name;			/* of any length; owned */
	uint64_t sums[COMM_SUMS];
};

struct comms {
	struct comm *list;
	size_t count, capacity;
	struct hash_table table;	/* of sums-by-name.c */
};

/** comms_get() - the sums of a name, which may be new. Return: valid until the next call */
struct comm *comms_get(struct comms *comms, const char *name);
/** comms_find() - Return: the sums of a name, or NULL */
struct comm *comms_find(struct comms *comms, const char *name);
/** comms_merge() - add the sums of one to another */
void comms_merge(struct comm *to, const struct comm *from);

/**
 * comms_limit() - keep the greatest, and join the rest as COMMS_OTHER
 * @comms: sorted by name afterwards
 * @limit: how many names to keep
 * @rank: what makes one greater
 */
void comms_limit(struct comms *comms, size_t limit, uint64_t (*rank)(const struct comm *comm));
void comms_free(struct comms *comms);

#endif
