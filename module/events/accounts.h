/* SPDX-License-Identifier: GPL-2.0 */
/* What happened, by address space and thread group; see accounts.c. */
#ifndef SHARESTAT_EVENTS_ACCOUNTS_H
#define SHARESTAT_EVENTS_ACCOUNTS_H

#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/percpu.h>
#include <linux/seqlock.h>

#include "compat/mm.h"
#include "events/events.h"

#define ACCOUNT_COMM TASK_COMM_LEN

/* What is counted for each address space and thread group. */
enum account_count {
	ACCOUNT_SWITCHES,				/* by switch class */
	ACCOUNT_TLB = ACCOUNT_SWITCHES + SWITCH_CLASSES,	/* by reason and outcome */
	ACCOUNT_TLB_PAGES = ACCOUNT_TLB + TLB_REASONS * TLB_OUTCOMES,
	ACCOUNT_BIRTHS,					/* by kind */
	ACCOUNT_BIRTH_PGTABLES = ACCOUNT_BIRTHS + BIRTH_KINDS,
	ACCOUNT_BIRTH_VMAS,
	ACCOUNT_BIRTH_PAGES,
	ACCOUNT_COUNTS
};

/**
 * accounts_get() - have the tables, from the first probe that is attached on
 * Context: process context, one caller at a time.
 * Return: 0 or -ENOMEM.
 */
int accounts_get(void);
void accounts_exit(void);

#define ACCOUNT_SLOT_BITS 9
#define ACCOUNT_SLOTS BIT(ACCOUNT_SLOT_BITS)

/**
 * struct account - one address space and thread group on one CPU
 * @key: of both, see account_key(); 0 for a free slot
 * @sequence: odd while the account changes hands
 * @tgid: in the initial pid namespace
 * @mm: compared, never dereferenced
 * @seen: since it is dead, which parts of it a reader was shown: BIT(PROBE_*);
 *	may change hands
 * @comm: of the task that was first charged
 * @counts: by enum account_count
 */
struct account {
	u64 key;
	seqcount_t sequence;
	pid_t tgid;
	const struct mm_struct *mm;
	u8 seen;
	char comm[ACCOUNT_COMM];
	u64 counts[ACCOUNT_COUNTS];
} ____cacheline_aligned;

/* Whoever wants to see all of an account reads three files. */
#define ACCOUNT_SEEN (BIT(PROBE_SWITCHES) | BIT(PROBE_TLB) | BIT(PROBE_BIRTHS))

/*
 * Of one CPU. recent[] has the account that a key with this hash had last,
 * wherever it is: the dead keep their slots until they were read, so the first
 * slot is often taken; what is active finds its account at once all the same.
 */
struct account_table {
	struct account nobody, overflow, gone;
	struct account *recent[ACCOUNT_SLOTS];
	struct account slot[ACCOUNT_SLOTS];
};

DECLARE_PER_CPU(struct account_table *, account_table);

/*
 * These three are in the header for the probes: each event that is counted asks them,
 * be it a context switch under the runqueue lock.
 */

/* A thread group's number has at most 22 bits (PID_MAX_LIMIT). */
static inline u64 account_key(const struct task_struct *task)
{
	return task_mm_generation(task) << 22 | task->tgid;
}

/*
 * The first slot of a key, and its place in recent[]. Scattered, since keys come
 * in rows: one vfork() after another puts thread groups into one address space,
 * and execs make new ones.
 */
static inline unsigned int account_slot(u64 key)
{
	return hash_64(key, ACCOUNT_SLOT_BITS);
}

/**
 * accounts_find() - the counts that an event of a task is charged to
 * @task: its mm, which it must have, and its thread group are meant
 *
 * The common case alone: no other key of its hash came in between.
 *
 * Context: interrupts off; the counts are this CPU's and stay valid until the
 * interrupts are on again.
 * Return: ACCOUNT_COUNTS counters, or NULL: ask accounts_of().
 */
static __always_inline u64 *accounts_find(const struct task_struct *task)
{
	u64 key = account_key(task);
	struct account *account = __this_cpu_read(account_table)->recent[account_slot(key)];

	return likely(account->key == key) ? account->counts : NULL;
}

/**
 * accounts_of() - the same in every case
 * @task: nobody's counts when it is NULL or has no mm
 *
 * Context: as accounts_find(). Return: ACCOUNT_COUNTS counters.
 */
u64 *accounts_of(const struct task_struct *task);

/**
 * accounts_rename() - a task that executed has another name by now
 * @task: the running one
 *
 * Its new address space was counted for before it had the name.
 *
 * Context: as accounts_find().
 */
void accounts_rename(const struct task_struct *task);

struct account_tables;

/**
 * accounts_lock() - keep readers away while tables are swapped
 * Context: process context, sleeps.
 */
void accounts_lock(void);
void accounts_unlock(void);

/**
 * accounts_prepare() - new, empty tables for a reset, or NULL before the first
 * accounts_get(), or an ERR_PTR(-ENOMEM)
 */
struct account_tables *accounts_prepare(void);

/**
 * accounts_swap() - put the new table of one CPU in place of the old
 * @tables: the new ones, of which it gets the old one of @cpu
 * @cpu: which
 *
 * Context: on @cpu with interrupts off, or @cpu is offline; accounts_lock() is held.
 */
void accounts_swap(struct account_tables *tables, unsigned int cpu);
void accounts_free(struct account_tables *tables);

/* Rows of an account_snapshot that belong to no one address space. */
enum account_kind {
	ACCOUNT_LIVE,
	ACCOUNT_DEAD,		/* its mm is gone, tgid and comm are as they were */
	ACCOUNT_GONE,		/* dead ones that were read before, and evicted */
	ACCOUNT_OVERFLOW,	/* came when all tables were full */
	ACCOUNT_OUTSIDE,	/* not of the reader's pid namespace */
	ACCOUNT_NOBODY,		/* could not be attributed */
	ACCOUNT_KINDS
};

/**
 * struct account_row - what was counted for an mm and thread group
 * @kind: whether it is one, and alive
 * @key: tells it from a later one at the same address
 * @mm: compared and shown as an id: not referenced
 * @tgid: in the reader's pid namespace, of a dead one in the initial one
 * @comm: of the group's leader, of a dead one as in struct account
 * @counts: by enum account_count
 */
struct account_row {
	enum account_kind kind;
	u64 key;
	const struct mm_struct *mm;
	pid_t tgid;
	char comm[ACCOUNT_COMM];
	u64 counts[ACCOUNT_COUNTS];
};

struct account_snapshot {
	unsigned int count;
	struct account_row row[];
};

/**
 * accounts_snapshot() - the accounts, summed over the CPUs
 * @part: what of them the reader will be shown
 *
 * Dead address spaces of which all was shown may be evicted from now on.
 *
 * Context: process context, sleeps.
 * Return: the snapshot, free it with kvfree(), or an ERR_PTR: -ENOMEM, -EINTR.
 */
struct account_snapshot *accounts_snapshot(enum probe_number part);

#endif /* SHARESTAT_EVENTS_ACCOUNTS_H */
