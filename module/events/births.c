// SPDX-License-Identifier: GPL-2.0
/* Tasks created and programs executed, by kind, and what had to be copied. */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include "events/accounts.h"
#include "compat/tracepoint.h"
#include "events/events.h"
#include "events/trace.h"

enum { COUNT, PGTABLES, VMAS, PAGES, FIGURES };

static DEFINE_PER_CPU(u64, counts[BIRTH_KINDS * FIGURES]);

/* What had to be made for @task beside itself; nothing when it shares. */
static struct birth_counts copied(const struct task_struct *task, enum birth_kind kind)
{
	struct mm_struct *mm = task->mm;

	if (kind != BIRTH_FORK && kind != BIRTH_EXEC)
		return (struct birth_counts) { .count = 1 };
	return (struct birth_counts) {
		.count = 1,
		.pgtables = mm_pgtables_bytes(mm),
		.vmas = READ_ONCE(mm->map_count),
		.pages = get_mm_rss_sum(mm),
	};
}

static void count(enum birth_kind kind, const struct birth_counts *birth)
{
	u64 *figures = this_cpu_ptr(&counts[kind * FIGURES]);

	figures[COUNT]++;
	figures[PGTABLES] += birth->pgtables;
	figures[VMAS] += birth->vmas;
	figures[PAGES] += birth->pages;
}

static void charge(u64 *account, enum birth_kind kind, const struct birth_counts *birth)
{
	account[ACCOUNT_BIRTHS + kind]++;
	account[ACCOUNT_BIRTH_PGTABLES] += birth->pgtables;
	account[ACCOUNT_BIRTH_VMAS] += birth->vmas;
	account[ACCOUNT_BIRTH_PAGES] += birth->pages;
}

/* Charged to the running task: the parent, or the one that executes. */
static notrace void count_birth(enum birth_kind kind, const struct task_struct *task)
{
	struct birth_counts birth = copied(task, kind);
	unsigned long flags;

	local_irq_save(flags);
	count(kind, &birth);
	charge(accounts_of(current), kind, &birth);
	trace_birth(kind, task, birth.pgtables, birth.vmas, birth.pages);
	local_irq_restore(flags);
}

static enum birth_kind classify_birth(const struct task_struct *task,
				      unsigned long clone_flags)
{
	if (!task->mm)
		return BIRTH_KTHREAD;
	if (clone_flags & CLONE_THREAD)
		return BIRTH_THREAD;
	if (!(clone_flags & CLONE_VM))
		return BIRTH_FORK;
	return clone_flags & CLONE_VFORK ? BIRTH_VFORK : BIRTH_SHAREVM;
}

/*
 * Runs in the parent, before the new task runs: its mm is as copied. Of the
 * two tracepoints of a clone only this one knows the flags, without which
 * vfork cannot be told from a clone that shares the address space.
 */
static notrace void count_newtask(void *unused, PROTO_TASK_NEWTASK)
{
	count_birth(classify_birth(task, clone_flags), task);
}

/* Runs in the task, with the new program's address space. */
static notrace void count_exec(void *unused, PROTO_SCHED_PROCESS_EXEC)
{
	unsigned long flags;

	count_birth(BIRTH_EXEC, task);
	local_irq_save(flags);
	accounts_rename(task);
	local_irq_restore(flags);
}

static void measure(void)
{
	count_birth(BIRTH_THREAD, current);
}

static struct counter_set counters = {
	.name = "births",
	.now = counts,
	.count = BIRTH_KINDS * FIGURES,
};

static struct tracepoint_probe tracepoints[] = {
	{ "task_newtask", count_newtask },
	{ "sched_process_exec", count_exec },
	{ }
};

struct probe births_probe = {
	.name = "births",
	.tracepoints = tracepoints,
	.measure = measure,
	.counters = &counters,
};

struct birth_counts births_count(enum birth_kind kind)
{
	return (struct birth_counts) {
		.count = counter_sum(&counters, kind * FIGURES + COUNT),
		.pgtables = counter_sum(&counters, kind * FIGURES + PGTABLES),
		.vmas = counter_sum(&counters, kind * FIGURES + VMAS),
		.pages = counter_sum(&counters, kind * FIGURES + PAGES),
	};
}
