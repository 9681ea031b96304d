/* SPDX-License-Identifier: GPL-2.0 */
/* The relatives of a process that are followed from look to look. Pure. */
#ifndef SHARESTAT_MODEL_COW_RELATIVES_H
#define SHARESTAT_MODEL_COW_RELATIVES_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/hash.h"
#include "model/copy-on-write.h"
#include "read/records.h"

/* A relative of the process that shares anonymous memory with it, or did. */
struct relative {
	pid_t pid;
	char comm[64];
	const char *relation;
	bool seen;			/* at this look */
	struct cow_set start;		/* what was shared when it was first seen */
};

/* Begins as all zeroes; in the order in which they were first seen. */
struct relatives {
	struct relative *list;
	size_t count, capacity;
	struct hash_table by_pid;
};

/** relatives_find() - one of them, till the next one is added; or NULL */
struct relative *relatives_find(const struct relatives *relatives, pid_t pid);

/**
 * relatives_add() - one that is not among them yet
 * @relatives: may move
 * @task: its leader
 * @relation: as cow_relation() says it
 * @start: what is shared with it now; becomes theirs
 */
void relatives_add(struct relatives *relatives, const struct task_record *task,
		   const char *relation, struct cow_set start);

/** relatives_begin() - of a new look: none has been seen */
void relatives_begin(struct relatives *relatives);
/** relatives_end() - of the look: who has not been seen is gone */
void relatives_end(struct relatives *relatives);
void relatives_free(struct relatives *relatives);

#endif
