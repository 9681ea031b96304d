// SPDX-License-Identifier: GPL-2.0
/* What happened, by address space and thread group. */
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "model/accounts.h"

struct wanted {
	const struct account_record *rows, *row;
};

static bool is_wanted(const void *context, size_t index)
{
	const struct wanted *wanted = context;
	const struct account_record *a = &wanted->rows[index], *b = wanted->row;

	return a->mm == b->mm && a->tgid == b->tgid && (a->tgid || !strcmp(a->comm, b->comm));
}

/* Of what is_wanted() looks at. */
static uint32_t hash_of(const struct account_record *row)
{
	uint32_t hash = hash_numbers(row->mm, (uint64_t)row->tgid);

	return row->tgid ? hash : hash_join(hash, hash_text(row->comm));
}

static void index_row(struct accounts *accounts, size_t index)
{
	if (hash_add(&accounts->table, hash_of(&accounts->rows[index]), index))
		out_of_memory();
}

static struct account_record *find(struct accounts *accounts, const struct account_record *row)
{
	const struct wanted wanted = { accounts->rows, row };
	long at;

	while (accounts->table.count < accounts->count)
		index_row(accounts, accounts->table.count);
	at = hash_find(&accounts->table, hash_of(row), is_wanted, &wanted);
	return at < 0 ? NULL : &accounts->rows[at];
}

static struct account_record *append(struct accounts *accounts,
				     const struct account_record *row)
{
	if (accounts->count == accounts->capacity) {
		accounts->capacity = accounts->capacity ? 2 * accounts->capacity : 64;
		accounts->rows = xreallocarray(accounts->rows, accounts->capacity,
					       sizeof(*accounts->rows));
	}
	accounts->rows[accounts->count] = *row;
	index_row(accounts, accounts->count);
	return &accounts->rows[accounts->count++];
}

static struct account_record *join(struct accounts *accounts,
				   const struct account_record *row)
{
	struct account_record *found = find(accounts, row);

	if (!found)
		return append(accounts, row);
	for (size_t i = 0; i < ACCOUNT_COUNTS; i++)
		found->counts[i] += row->counts[i];
	return found;
}

/* The files have the older address spaces first: the last name is the newest. */
void accounts_add(struct accounts *accounts, const struct account_record *row)
{
	strcpy(join(accounts, row)->comm, row->comm);
}

/* What a kernel does not count adds nothing: that is flushes, or nothing at all. */
void accounts_add_counted(struct accounts *accounts, const struct account_record *record)
{
	struct account_record row = *record;

	for (size_t i = 0; i < ACCOUNT_COUNTS; i++) {
		if (row.counts[i] != ABSENT)
			continue;
		row.counts[i] = 0;
		accounts->no_flushes = true;
	}
	accounts_add(accounts, &row);
}

void accounts_free(struct accounts *accounts)
{
	free(accounts->rows);
	hash_free(&accounts->table);
	*accounts = (struct accounts) { 0 };
}

/* The row that holds by now what @old held: itself, the dead, or [gone]. */
static struct account_record *successor(struct accounts *now,
					const struct account_record *old)
{
	struct account_record key = *old;
	struct account_record *found = find(now, &key);

	if (!found && old->mm) {
		key.mm = 0;
		found = find(now, &key);
	}
	if (!found && old->tgid) {
		key = (struct account_record) { .comm = "[gone]" };
		found = find(now, &key);
	}
	return found;
}

static bool was_reset(const struct accounts *now, const struct accounts *before)
{
	for (size_t j = 0; j < ACCOUNT_COUNTS; j++) {
		uint64_t after = 0, then = 0;

		for (size_t i = 0; i < now->count; i++)
			after += now->rows[i].counts[j];
		for (size_t i = 0; i < before->count; i++)
			then += before->rows[i].counts[j];
		if (after < then)
			return true;
	}
	return false;
}

/*
 * Return: what @row has less than before, which has become 0: of several dead of
 * a thread group one made room. That is in the row [gone] by now.
 */
static uint64_t subtract(uint64_t *count, uint64_t before)
{
	uint64_t missing = *count < before ? before - *count : 0;

	*count = missing ? 0 : *count - before;
	return missing;
}

/* The row of the dead of its thread group, or NULL. */
static struct account_record *dead_of(struct accounts *now, const struct account_record *row)
{
	const struct account_record key = { .tgid = row->tgid };

	return row->mm && row->tgid ? find(now, &key) : NULL;
}

/*
 * The files are read one after the other: who ended in between lives on in one of them, and
 * what it had counted in another is among its dead already.
 */
static void subtract_living(struct accounts *now, uint64_t (*sums)[ACCOUNT_COUNTS])
{
	for (size_t i = 0; i < now->count; i++) {
		const struct account_record *dead = dead_of(now, &now->rows[i]);

		for (size_t j = 0; dead && j < ACCOUNT_COUNTS; j++) {
			sums[dead - now->rows][j] += subtract(&now->rows[i].counts[j], sums[i][j]);
			sums[i][j] = 0;
		}
	}
}

static void subtract_all(struct accounts *now, uint64_t (*sums)[ACCOUNT_COUNTS])
{
	const struct account_record key = { .comm = "[gone]" };
	struct account_record *gone = find(now, &key);

	subtract_living(now, sums);
	for (size_t j = 0; j < ACCOUNT_COUNTS; j++) {
		uint64_t missing = 0;

		for (size_t i = 0; i < now->count; i++)
			if (&now->rows[i] != gone)
				missing += subtract(&now->rows[i].counts[j], sums[i][j]);
		if (gone)
			subtract(&gone->counts[j], sums[gone - now->rows][j] + missing);
	}
}

void accounts_since(struct accounts *now, const struct accounts *before)
{
	uint64_t (*sums)[ACCOUNT_COUNTS];

	if (was_reset(now, before))	/* then all of it is new */
		return;
	sums = xcalloc(now->count + 1, sizeof(*sums));
	for (size_t i = 0; i < before->count; i++) {
		const struct account_record *row = successor(now, &before->rows[i]);

		for (size_t j = 0; row && j < ACCOUNT_COUNTS; j++)
			sums[row - now->rows][j] += before->rows[i].counts[j];
	}
	subtract_all(now, sums);
	free(sums);
}

void accounts_by_group(struct accounts *accounts)
{
	struct accounts groups = { 0 };

	/* The living first: theirs is the name of today. */
	for (int dead = 0; dead < 2; dead++)
		for (size_t i = 0; i < accounts->count; i++) {
			struct account_record row = accounts->rows[i];
			const bool is_dead = row.mm == 0;

			if (is_dead != dead)
				continue;
			if (row.tgid)
				row.mm = 0;
			join(&groups, &row);
		}
	accounts_free(accounts);
	*accounts = groups;
}

static uint64_t sum(const struct account_record *row, size_t from, size_t count)
{
	uint64_t total = 0;

	for (size_t i = from; i < from + count; i++)
		total += row->counts[i];
	return total;
}

uint64_t account_switches(const struct account_record *row)
{
	return sum(row, ACCOUNT_SWITCHES, SWITCH_CLASSES);
}

uint64_t account_flushes(const struct account_record *row, enum tlb_outcome outcome)
{
	uint64_t total = 0;

	for (size_t reason = 0; reason < TLB_REASONS; reason++)
		total += row->counts[ACCOUNT_TLB + reason * TLB_OUTCOMES + outcome];
	return total;
}

uint64_t account_reason(const struct account_record *row, enum tlb_reason reason)
{
	return sum(row, ACCOUNT_TLB + reason * TLB_OUTCOMES, TLB_OUTCOMES);
}

uint64_t account_births(const struct account_record *row)
{
	return sum(row, ACCOUNT_BIRTHS, BIRTH_KINDS);
}

uint64_t account_local(const struct account_record *row)
{
	return account_reason(row, TLB_REASON_LOCAL_SHOOTDOWN) +
	       account_reason(row, TLB_REASON_LOCAL_MM_SHOOTDOWN);
}

uint64_t account_received(const struct account_record *row)
{
	return account_reason(row, TLB_REASON_REMOTE_SHOOTDOWN) +
	       account_reason(row, TLB_REASON_REMOTE_WRONG_CPU);
}
