// SPDX-License-Identifier: GPL-2.0
/* Tasks created and programs executed, by kind, and what had to be copied. */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include "compat/tracepoint.h"
#include "sharestat.h"

enum { COUNT, PGTABLE_BYTES, VMAS, FIGURES };

static DEFINE_PER_CPU(u64, counts[BIRTH_KINDS * FIGURES]);

static notrace void count_birth(enum birth_kind kind, struct mm_struct *made)
{
	this_cpu_inc(counts[kind * FIGURES + COUNT]);
	if (!made)
		return;
	this_cpu_add(counts[kind * FIGURES + PGTABLE_BYTES], mm_pgtables_bytes(made));
	this_cpu_add(counts[kind * FIGURES + VMAS], READ_ONCE(made->map_count));
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
	enum birth_kind kind = classify_birth(task, clone_flags);

	count_birth(kind, kind == BIRTH_FORK ? task->mm : NULL);
}

/* Runs in the task, with the new program's address space. */
static notrace void count_exec(void *unused, PROTO_SCHED_PROCESS_EXEC)
{
	count_birth(BIRTH_EXEC, task->mm);
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
	.counters = &counters,
};

struct birth_counts births_count(enum birth_kind kind)
{
	return (struct birth_counts) {
		.count = counter_sum(&counters, kind * FIGURES + COUNT),
		.pgtable_bytes = counter_sum(&counters, kind * FIGURES + PGTABLE_BYTES),
		.vmas = counter_sum(&counters, kind * FIGURES + VMAS),
	};
}
