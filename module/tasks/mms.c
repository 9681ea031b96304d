// SPDX-License-Identifier: GPL-2.0
/* A snapshot of all address spaces and of who uses and who borrows them. */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/smp.h>
#include <linux/sort.h>

#include "compat/mm.h"
#include "tasks/tasks.h"

void mms_snapshot_free(struct mm_snapshot *snapshot)
{
	if (IS_ERR_OR_NULL(snapshot))
		return;
	kvfree(snapshot->masks);
	kvfree(snapshot);
}

static struct mm_snapshot *mms_alloc(unsigned int room)
{
	struct mm_snapshot *snapshot;

	snapshot = kvzalloc(struct_size(snapshot, row, room), GFP_KERNEL_ACCOUNT);
	if (!snapshot)
		return ERR_PTR(-ENOMEM);
	snapshot->mask_longs = BITS_TO_LONGS(nr_cpu_ids);
	snapshot->masks = kvcalloc(room, snapshot->mask_longs * sizeof(long),
				   GFP_KERNEL_ACCOUNT);
	if (!snapshot->masks) {
		mms_snapshot_free(snapshot);
		return ERR_PTR(-ENOMEM);
	}
	return snapshot;
}

/* Under task_lock(), which keeps the task from letting go of @mm. */
static void read_mm(struct mm_row *row, struct mm_struct *mm, unsigned long *mask)
{
	row->mm_users = atomic_read(&mm->mm_users);
	row->mm_count = atomic_read(&mm->mm_count);
	row->vmas = READ_ONCE(mm->map_count);
	row->rss_anon = get_mm_counter_sum(mm, MM_ANONPAGES);
	row->rss_file = get_mm_counter_sum(mm, MM_FILEPAGES);
	row->rss_shmem = get_mm_counter_sum(mm, MM_SHMEMPAGES);
	row->swap = get_mm_counter_sum(mm, MM_SWAPENTS);
	row->pgtables = mm_pgtables_bytes(mm);
	row->tlb_gen = mm_tlb_gen(mm);
	bitmap_copy(mask, cpumask_bits(mm_cpumask(mm)), nr_cpu_ids);
}

/*
 * A row for a task with an address space, or with a borrowed one. Return:
 * false for a task with neither.
 */
static bool read_task_mm(struct mm_row *row, struct task_struct *task,
			 unsigned long *mask)
{
	bool found = true;

	task_lock(task);
	if (task->mm) {
		row->mm = task->mm;
		row->tasks = 1;
		read_mm(row, task->mm, mask);
		/* Of the group that the row shows; its name may change meanwhile. */
		strscpy(row->comm, task->group_leader->comm, sizeof(row->comm));
	} else if (READ_ONCE(task->active_mm)) {
		/* Another CPU's business: compared, never looked through. */
		row->mm = READ_ONCE(task->active_mm);
		row->borrowed = true;
		row->lazy = 1;
	} else {
		found = false;
	}
	task_unlock(task);
	return found;
}

/* With interrupts off, and not within a switch. */
static void note_idle(void *data)
{
	struct mm_snapshot *snapshot = data;

	if (is_idle_task(current))
		snapshot->row[smp_processor_id()].mm = current->active_mm;
}

/*
 * The idle tasks are in no list of tasks, and borrow more than all others: each
 * idle CPU tells what it has, in a row of its own. An address space may come or
 * go between this and the walk of the list; accepted, as what a CPU borrows
 * changes all the time.
 */
static void collect_idle(struct mm_snapshot *snapshot)
{
	for (; snapshot->count < nr_cpu_ids; snapshot->count++) {
		snapshot->row[snapshot->count].borrowed = true;
		snapshot->row[snapshot->count].lazy = 1;
	}
	on_each_cpu(note_idle, snapshot, true);
}

static bool mms_collect(struct mm_snapshot *snapshot, unsigned int room)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	struct task_struct *group, *task;
	bool whole = true;

	rcu_read_lock();
	for_each_process_thread(group, task) {
		struct mm_row *row = &snapshot->row[snapshot->count];

		if (snapshot->count == room) {
			whole = false;
			break;
		}
		row->cpus = snapshot->count;
		row->tgid = task_tgid_nr_ns(task, ns);
		/* Borrowers count even where their pid is not visible. */
		if (read_task_mm(row, task, snapshot->masks +
				 (size_t)row->cpus * snapshot->mask_longs) &&
		    (row->tgid || row->borrowed))
			snapshot->count++;
		else
			memset(row, 0, sizeof(*row));
	}
	rcu_read_unlock();
	return whole;
}

/* By address space; owners before borrowers, the lowest tgid first. */
static int compare_rows(const void *left, const void *right)
{
	const struct mm_row *a = left, *b = right;

	if (a->mm != b->mm)
		return a->mm < b->mm ? -1 : 1;
	if (a->borrowed != b->borrowed)
		return a->borrowed ? 1 : -1;
	return a->tgid - b->tgid;
}

/* One row an address space out of one row a task. */
static void merge_rows(struct mm_snapshot *snapshot)
{
	struct mm_row *kept = NULL;
	unsigned int i, count = 0;
	pid_t last = 0;

	for (i = 0; i < snapshot->count; i++) {
		struct mm_row *row = &snapshot->row[i];

		if (!kept || kept->mm != row->mm) {
			/* Borrowed, but not owned by a task: init_mm or dying. */
			if (row->borrowed)
				continue;
			kept = &snapshot->row[count++];
			*kept = *row;
			kept->groups = 1;
		} else {
			kept->tasks += row->tasks;
			kept->lazy += row->lazy;
			kept->groups += !row->borrowed && row->tgid != last;
		}
		last = row->tgid;
	}
	snapshot->count = count;
}

struct mm_snapshot *mms_snapshot(void)
{
	unsigned int try;

	for (try = 0;; try++) {
		int room = tasks_room(try);
		struct mm_snapshot *snapshot;

		if (room < 0)
			return ERR_PTR(room);
		room += nr_cpu_ids;
		snapshot = mms_alloc(room);
		if (IS_ERR(snapshot))
			return snapshot;
		collect_idle(snapshot);
		if (mms_collect(snapshot, room)) {
			sort(snapshot->row, snapshot->count, sizeof(*snapshot->row),
			     compare_rows, NULL);
			merge_rows(snapshot);
			return snapshot;
		}
		mms_snapshot_free(snapshot);
	}
}
