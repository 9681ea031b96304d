/* SPDX-License-Identifier: GPL-2.0 */
/* What happened, by address space and thread group: the files *_mms together. */
#ifndef SHARESTAT_MODEL_ACCOUNTS_H
#define SHARESTAT_MODEL_ACCOUNTS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/hash.h"
#include "read/records.h"

/*
 * One row an address space and thread group, one for all that a group had and
 * has no more, one each for [nobody], [gone] ...
 */
struct accounts {
	struct account_record *rows;
	size_t count, capacity;
	struct hash_table table;	/* of accounts.c; who moves rows frees it */
	bool no_flushes;		/* the kernel does not trace them */
};

/** accounts_free() - give back the rows; there are none then */
void accounts_free(struct accounts *accounts);

/** accounts_add() - join one row with what is there; its name is the newer one */
void accounts_add(struct accounts *accounts, const struct account_record *row);

/** accounts_add_counted() - the same for one part of a row; the rest of it is ABSENT */
void accounts_add_counted(struct accounts *accounts, const struct account_record *record);

/**
 * accounts_since() - what was counted between two readings
 * @now: becomes the difference
 * @before: the earlier one
 *
 * An address space that died in between is looked for among the dead of its
 * thread group, one that made room for others in the row [gone]: so the sum
 * over the rows is the difference of the sums.
 */
void accounts_since(struct accounts *now, const struct accounts *before);

/** accounts_by_group() - join the rows of each thread group */
void accounts_by_group(struct accounts *accounts);

/** account_switches() - all switches of a row */
uint64_t account_switches(const struct account_record *row);
/** account_flushes() - all flushes of a row with an outcome, whatever the reason */
uint64_t account_flushes(const struct account_record *row, enum tlb_outcome outcome);
/** account_reason() - all flushes of a row for a reason; kept is one, too */
uint64_t account_reason(const struct account_record *row, enum tlb_reason reason);
/** account_births() - all births of a row */
uint64_t account_births(const struct account_record *row);

/* Where a flush came from, of the reasons together. */
uint64_t account_local(const struct account_record *row);
uint64_t account_received(const struct account_record *row);

#endif
