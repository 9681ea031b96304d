// SPDX-License-Identifier: GPL-2.0
/* A snapshot of all address spaces and of who uses and who borrows them. */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "compat/isolation.h"
#include "compat/mm.h"
#include "tasks/tasks.h"

void mms_snapshot_free(struct mm_snapshot *snapshot)
{
	if (IS_ERR_OR_NULL(snapshot))
		return;
	kvfree(snapshot->masks);
	kvfree(snapshot);
}

static struct mm_snapshot *mms_alloc(unsigned int count)
{
	struct mm_snapshot *snapshot;

	snapshot = kvzalloc(struct_size(snapshot, row, count), GFP_KERNEL_ACCOUNT);
	if (!snapshot)
		return ERR_PTR(-ENOMEM);
	snapshot->count = count;
	snapshot->mask_longs = BITS_TO_LONGS(nr_cpu_ids);
	snapshot->masks = kvcalloc(count, snapshot->mask_longs * sizeof(long),
				   GFP_KERNEL_ACCOUNT);
	if (!snapshot->masks) {
		mms_snapshot_free(snapshot);
		return ERR_PTR(-ENOMEM);
	}
	return snapshot;
}

/**
 * struct mm_notes - what is noted of tasks until there are rows
 * @list: the tasks
 * @mms: the address spaces that one of them owned at the first look; a row each
 * @groups: the thread groups that were counted
 * @noted: of each task, and behind them of each CPU: what it has, compared and never
 *	dereferenced
 */
struct mm_notes {
	const struct task_list *list;
	struct objects mms, groups;
	struct mm_note {
		const struct mm_struct *mm;
		bool borrowed;
	} noted[];
};

/* kthread_use_mm() lends an address space as well. */
static const struct mm_struct *owned_mm(const struct task_struct *task)
{
	return task->flags & PF_KTHREAD ? NULL : READ_ONCE(task->mm);
}

/* First what each task owns ... */
static void note_owners(struct mm_notes *notes, struct pid_namespace *ns)
{
	unsigned int i;

	for (i = 0; i < notes->list->count; i++) {
		struct task_struct *task = notes->list->task[i];
		const struct mm_struct *mm = owned_mm(task);

		if (mm && task_tgid_nr_ns(task, ns)) {
			notes->noted[i].mm = mm;
			objects_add(&notes->mms, mm);
		}
		cond_resched();
	}
}

/* With interrupts off, and not within a switch. */
static void note_idle(void *data)
{
	struct mm_notes *notes = data;

	if (is_idle_task(current))
		notes->noted[notes->list->count + smp_processor_id()] = (struct mm_note) {
			.mm = current->active_mm, .borrowed = true,
		};
}

static bool may_interrupt(int cpu, void *unused)
{
	return !cpu_is_undisturbed(cpu);
}

/*
 * ... then what each of the others borrows, even where its number is not visible, ...
 *
 * The idle tasks are in no list of tasks, and borrow more than all others: each
 * idle CPU is asked, but for those that are isolated.
 */
static void note_borrowers(struct mm_notes *notes)
{
	unsigned int i;

	for (i = 0; i < notes->list->count; i++) {
		const struct task_struct *task = notes->list->task[i];

		if (!owned_mm(task))
			notes->noted[i] = (struct mm_note) {
				.mm = READ_ONCE(task->active_mm), .borrowed = true,
			};
		cond_resched();
	}
	on_each_cpu_cond(may_interrupt, note_idle, notes, true);
}

/* Under task_lock(), which keeps the task from letting go of @mm. */
static void read_mm(struct mm_row *row, struct mm_struct *mm, unsigned long *mask)
{
	row->mm = mm;
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

/* An owner that still has what was noted; what it let go of meanwhile is nobody's. */
static void count_owner(struct mm_snapshot *snapshot, struct mm_notes *notes,
			struct task_struct *task, const struct mm_struct *mm,
			struct pid_namespace *ns)
{
	struct mm_row *row = &snapshot->row[objects_find(&notes->mms, mm)->index];
	pid_t tgid = task_tgid_nr_ns(task, ns);

	task_lock(task);
	if (owned_mm(task) == mm && tgid) {
		if (!row->tasks++) {
			row->cpus = row - snapshot->row;
			read_mm(row, task->mm, snapshot->masks +
				(size_t)row->cpus * snapshot->mask_longs);
		}
		if (!objects_add(&notes->groups, task->signal)->holders++)
			row->groups++;
		if (!row->tgid || tgid < row->tgid) {
			row->tgid = tgid;
			/* Of the group that the row shows; its name may change meanwhile. */
			strscpy(row->comm, task->group_leader->comm, sizeof(row->comm));
		}
	}
	task_unlock(task);
}

/*
 * ... and last who still owns what it owned. That one owned it all the time, so at the
 * moment when the others borrowed, and at one moment with all others that are counted.
 */
static void count_notes(struct mm_snapshot *snapshot, struct mm_notes *notes,
			struct pid_namespace *ns)
{
	unsigned int i;

	for (i = 0; i < notes->list->count + nr_cpu_ids; i++) {
		const struct mm_note *note = &notes->noted[i];
		const struct object *object;

		if (note->borrowed) {
			object = objects_find(&notes->mms, note->mm);
			if (object)
				snapshot->row[object->index].lazy++;
		} else if (note->mm) {
			rcu_read_lock();
			count_owner(snapshot, notes, notes->list->task[i], note->mm, ns);
			rcu_read_unlock();
		}
		cond_resched();
	}
}

/*
 * Leaves out what nobody had all the time, and what more tasks have than its users were
 * when the first of them was looked at: that is two at one address, one after the other.
 */
static void drop_rows(struct mm_snapshot *snapshot)
{
	unsigned int i, count = 0;

	for (i = 0; i < snapshot->count; i++) {
		const struct mm_row *row = &snapshot->row[i];

		if (row->tasks && row->tasks <= (unsigned int)row->mm_users)
			snapshot->row[count++] = *row;
		cond_resched();
	}
	snapshot->count = count;
}

static struct mm_snapshot *snapshot_of(struct mm_notes *notes)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	struct mm_snapshot *snapshot;

	note_owners(notes, ns);
	smp_mb();	/* the looks come one after the other */
	note_borrowers(notes);
	smp_mb();	/* likewise */
	snapshot = mms_alloc(notes->mms.count);
	if (IS_ERR(snapshot))
		return snapshot;
	count_notes(snapshot, notes, ns);
	drop_rows(snapshot);
	return snapshot;
}

static void notes_free(struct mm_notes *notes)
{
	objects_exit(&notes->mms);
	objects_exit(&notes->groups);
	kvfree(notes);
}

static struct mm_notes *notes_alloc(const struct task_list *list)
{
	struct mm_notes *notes = kvzalloc(struct_size(notes, noted, list->count + nr_cpu_ids),
					  GFP_KERNEL_ACCOUNT);

	if (!notes)
		return ERR_PTR(-ENOMEM);
	notes->list = list;
	if (!objects_init(&notes->mms, list->count) && !objects_init(&notes->groups, list->count))
		return notes;
	notes_free(notes);
	return ERR_PTR(-ENOMEM);
}

struct mm_snapshot *mms_snapshot(void)
{
	/* Of all namespaces: borrowers are counted wherever they are. */
	struct task_list *list = tasks_list(&init_pid_ns);
	struct mm_snapshot *snapshot;
	struct mm_notes *notes;

	if (IS_ERR(list))
		return ERR_CAST(list);
	notes = notes_alloc(list);
	if (IS_ERR(notes)) {
		snapshot = ERR_CAST(notes);
	} else {
		snapshot = snapshot_of(notes);
		notes_free(notes);
	}
	tasks_list_free(list);
	return snapshot;
}

const unsigned long *mms_mask(const struct mm_snapshot *snapshot, const struct mm_row *row)
{
	return snapshot->masks + (size_t)row->cpus * snapshot->mask_longs;
}
