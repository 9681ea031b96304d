// SPDX-License-Identifier: GPL-2.0
/*
 * What happened, by address space and thread group. Each CPU has a table of its
 * own that only it writes to, with interrupts off: no lock, no allocation, a
 * bounded number of steps. A reader copies the accounts of all CPUs, and what
 * was not of one moment is settled by sequence counters.
 *
 * Where no slot is free, an account of a dead address space of which readers have
 * seen all is evicted and added to the row "gone"; else one that they have seen
 * a part of; if there is none, the event is counted in the row "overflow". So
 * the rows always add up to all events, and one who reads the files one after the
 * other finds the same dead in each, unless so many came in between.
 */
#include <linux/bsearch.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>

#include "events/accounts.h"

#define STEPS 16		/* slots that are tried for an account */

struct account_tables {
	unsigned int cpus;		/* the length of @table */
	struct account_table *table[];	/* by CPU */
};

DEFINE_PER_CPU(struct account_table *, account_table);

/* A reader of accounts waits for no one who attaches or detaches. */
static DEFINE_MUTEX(tables_lock);
static struct account_tables *tables;	/* by one at a time, under the lock */

void accounts_lock(void)
{
	mutex_lock(&tables_lock);
}

void accounts_unlock(void)
{
	mutex_unlock(&tables_lock);
}

static struct account_table *table_new(unsigned int cpu)
{
	struct account_table *table = vzalloc_node(sizeof(*table), cpu_to_node(cpu));
	unsigned int i;

	if (!table)
		return NULL;
	for (i = 0; i < ACCOUNT_SLOTS; i++) {
		seqcount_init(&table->slot[i].sequence);
		table->recent[i] = &table->nobody;	/* whose key is no one's */
	}
	return table;
}

void accounts_free(struct account_tables *old)
{
	unsigned int cpu;

	if (IS_ERR_OR_NULL(old))
		return;
	for_each_possible_cpu(cpu)
		vfree(old->table[cpu]);
	kvfree(old);
}

static struct account_tables *tables_new(void)
{
	struct account_tables *new;
	unsigned int cpu;

	new = kvzalloc(struct_size(new, table, nr_cpu_ids), GFP_KERNEL);
	if (!new)
		return ERR_PTR(-ENOMEM);
	new->cpus = nr_cpu_ids;
	for_each_possible_cpu(cpu) {
		new->table[cpu] = table_new(cpu);
		if (!new->table[cpu]) {
			accounts_free(new);
			return ERR_PTR(-ENOMEM);
		}
	}
	return new;
}

int accounts_get(void)
{
	struct account_tables *new;
	unsigned int cpu;

	if (tables)
		return 0;
	new = tables_new();
	if (IS_ERR(new))
		return PTR_ERR(new);
	for_each_possible_cpu(cpu)
		per_cpu(account_table, cpu) = new->table[cpu];
	accounts_lock();
	tables = new;
	accounts_unlock();
	return 0;
}

void accounts_exit(void)
{
	accounts_free(tables);
	tables = NULL;
}

struct account_tables *accounts_prepare(void)
{
	return tables ? tables_new() : NULL;
}

void accounts_swap(struct account_tables *new, unsigned int cpu)
{
	swap(new->table[cpu], tables->table[cpu]);
	per_cpu(account_table, cpu) = tables->table[cpu];
}

static void add_counts(u64 *to, const u64 *counts)
{
	unsigned int i;

	for (i = 0; i < ACCOUNT_COUNTS; i++)
		to[i] += counts[i];
}

/* Interrupts are off, so this CPU writes to nothing of it meanwhile. */
static noinline struct account *account_take(struct account_table *table,
					     struct account *account,
					     const struct task_struct *task)
{
	write_seqcount_begin(&account->sequence);
	add_counts(table->gone.counts, account->counts);
	memset(account->counts, 0, sizeof(account->counts));
	account->key = account_key(task);
	account->mm = task->mm;
	account->tgid = task->tgid;
	account->seen = 0;
	memcpy(account->comm, task->comm, sizeof(account->comm));
	write_seqcount_end(&account->sequence);
	return account;
}

/* It is not the recent one of its hash. Return: NULL when no slot can be had. */
static noinline struct account *account_search(struct account_table *table,
					       const struct task_struct *task)
{
	u64 key = account_key(task);
	unsigned int slot = account_slot(key), step;
	struct account *best = NULL, *spare = NULL;

	for (step = 0; step < STEPS; step++) {
		struct account *account = &table->slot[(slot + step) % ACCOUNT_SLOTS];
		u8 seen = READ_ONCE(account->seen);

		/* Where a slot is free nothing is evicted: another reader may want it. */
		if (!account->key) {
			best = account;
			break;
		}
		if (account->key == key)
			return account;
		if (seen == ACCOUNT_SEEN)
			best = best ?: account;
		else if (seen)
			spare = spare ?: account;
	}
	best = best ?: spare;
	return best ? account_take(table, best, task) : NULL;
}

u64 *accounts_of(const struct task_struct *task)
{
	struct account_table *table = __this_cpu_read(account_table);
	struct account *account;
	u64 *counts;

	if (!task || !task->mm)
		return table->nobody.counts;
	counts = accounts_find(task);
	if (counts)
		return counts;
	account = account_search(table, task);
	if (!account)
		return table->overflow.counts;
	table->recent[account_slot(account->key)] = account;
	return account->counts;
}

void accounts_rename(const struct task_struct *task)
{
	struct account_table *table = __this_cpu_read(account_table);
	u64 *counts = accounts_of(task);
	struct account *account = container_of(counts, struct account, counts[0]);

	if (account == &table->overflow || account == &table->nobody)
		return;
	write_seqcount_begin(&account->sequence);
	memcpy(account->comm, task->comm, sizeof(account->comm));
	write_seqcount_end(&account->sequence);
}

/* The rest is for readers. */

static bool copy_account(struct account_row *row, const struct account *account)
{
	unsigned int sequence;

	do {
		sequence = read_seqcount_begin(&account->sequence);
		row->key = account->key;
		row->mm = account->mm;
		row->tgid = account->tgid;
		memcpy(row->comm, account->comm, sizeof(row->comm));
		memcpy(row->counts, account->counts, sizeof(row->counts));
	} while (read_seqcount_retry(&account->sequence, sequence));
	row->kind = ACCOUNT_DEAD;
	return row->key;
}

static void copy_special(struct account_snapshot *snapshot, enum account_kind kind,
			 const struct account *account)
{
	struct account_row *row = &snapshot->row[snapshot->count++];

	row->kind = kind;
	memcpy(row->counts, account->counts, sizeof(row->counts));
}

static void copy_table(struct account_snapshot *snapshot, const struct account_table *table)
{
	unsigned int i;

	for (i = 0; i < ACCOUNT_SLOTS; i++)
		if (copy_account(&snapshot->row[snapshot->count], &table->slot[i]))
			snapshot->count++;
	copy_special(snapshot, ACCOUNT_NOBODY, &table->nobody);
	copy_special(snapshot, ACCOUNT_OVERFLOW, &table->overflow);
	copy_special(snapshot, ACCOUNT_GONE, &table->gone);
}

static bool uses_mm(struct task_struct *task, const struct account_row *row)
{
	bool same;

	task_lock(task);
	same = task->mm && account_key(task) == row->key;
	task_unlock(task);
	return same;
}

/*
 * Live is an account whose thread group still has a task with that mm; the
 * leader may be gone. Its number becomes that of the reader's namespace.
 */
static void find_owner(struct account_row *row, struct pid_namespace *ns)
{
	struct pid *pid = find_pid_ns(row->tgid, &init_pid_ns);
	struct task_struct *group = pid_task(pid, PIDTYPE_TGID), *task;

	if (ns != &init_pid_ns && !(group && pid_nr_ns(pid, ns))) {
		row->kind = ACCOUNT_OUTSIDE;
		return;
	}
	if (!group)
		return;
	for_each_thread(group, task) {
		if (!uses_mm(task, row))
			continue;
		row->kind = ACCOUNT_LIVE;
		row->tgid = pid_nr_ns(pid, ns);
		get_task_comm(row->comm, group);
		return;
	}
}

static int compare_accounts(const void *left, const void *right)
{
	const struct account_row *a = left, *b = right;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return 0;
}

/* Accounts first; of what belongs to no one address space one row a kind. */
static int compare_rows(const void *left, const void *right)
{
	const struct account_row *a = left, *b = right;

	if (a->kind <= ACCOUNT_DEAD && b->kind <= ACCOUNT_DEAD)
		return compare_accounts(a, b);
	return a->kind - b->kind;
}

static void merge_rows(struct account_snapshot *snapshot)
{
	unsigned int i, count = 0;

	sort(snapshot->row, snapshot->count, sizeof(snapshot->row[0]), compare_rows, NULL);
	for (i = 0; i < snapshot->count; i++) {
		struct account_row *row = &snapshot->row[i];

		if (count && !compare_rows(&snapshot->row[count - 1], row))
			add_counts(snapshot->row[count - 1].counts, row->counts);
		else
			snapshot->row[count++] = *row;
	}
	snapshot->count = count;
}

static void find_owners(struct account_snapshot *snapshot, unsigned int accounts)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	unsigned int i;

	for (i = 0; i < accounts; i++) {
		rcu_read_lock();
		find_owner(&snapshot->row[i], ns);
		rcu_read_unlock();
		cond_resched();
	}
}

static bool is_dead(const struct account_row *row, unsigned int rows, u64 key)
{
	const struct account_row wanted = { .key = key };
	const struct account_row *found;

	found = bsearch(&wanted, row, rows, sizeof(*row), compare_accounts);
	return found && found->kind == ACCOUNT_DEAD;
}

/*
 * An account that is another's by now, or was counted once more by a task on
 * its way out, is at worst shown in the row "gone" the next time.
 */
static void mark_seen(const struct account_snapshot *snapshot, unsigned int accounts,
		      enum probe_number part)
{
	unsigned int cpu, i;

	for_each_possible_cpu(cpu) {
		struct account_table *table = tables->table[cpu];

		for (i = 0; i < ACCOUNT_SLOTS; i++) {
			struct account *account = &table->slot[i];
			u64 key = READ_ONCE(account->key);

			if (key && is_dead(snapshot->row, accounts, key))
				WRITE_ONCE(account->seen,
					   READ_ONCE(account->seen) | BIT(part));
		}
		cond_resched();
	}
}

static unsigned int count_accounts(const struct account_snapshot *snapshot)
{
	unsigned int count = 0;

	while (count < snapshot->count && snapshot->row[count].kind <= ACCOUNT_DEAD)
		count++;
	return count;
}

static struct account_snapshot *snapshot_new(void)
{
	unsigned int rows = num_possible_cpus() * (ACCOUNT_SLOTS + 3);
	struct account_snapshot *snapshot;

	snapshot = kvzalloc(struct_size(snapshot, row, tables ? rows : 0),
			    GFP_KERNEL_ACCOUNT);
	return snapshot ?: ERR_PTR(-ENOMEM);
}

struct account_snapshot *accounts_snapshot(enum probe_number part)
{
	struct account_snapshot *snapshot;
	unsigned int cpu, accounts;
	int ret;

	/* The lock keeps a reset from freeing the tables. */
	ret = mutex_lock_killable(&tables_lock);
	if (ret)
		return ERR_PTR(ret);
	snapshot = snapshot_new();
	if (!IS_ERR(snapshot) && tables) {
		for_each_possible_cpu(cpu)
			copy_table(snapshot, tables->table[cpu]);
		merge_rows(snapshot);
		accounts = count_accounts(snapshot);
		find_owners(snapshot, accounts);
		mark_seen(snapshot, accounts, part);
		merge_rows(snapshot);	/* those that are outside become one */
	}
	accounts_unlock();
	return snapshot;
}
