// SPDX-License-Identifier: GPL-2.0
/* tasks and mms: taken whole at open, shown row by row. */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "compat/mm.h"
#include "compat/sched.h"
#include "export/view.h"
#include "tasks/tasks.h"

/* tasks */

#define TASK_COLUMNS "tid tgid ppid flags mm files fs sighand signal nsproxy io sysvsem " \
	"mm_users files_users fs_users sighand_users signal_users nsproxy_users "	\
	"io_users nvcsw nivcsw pc sp stack tls comm"

static void show_task_flags(struct seq_file *m, const struct task_row *row)
{
	const struct { bool set; char letter; } flags[] = {
		{ row->leader, 'L' },
		{ row->flags & PF_KTHREAD, 'K' },
		{ row->flags & PF_USER_WORKER, 'W' },
		{ row->flags & PF_EXITING, 'X' },
		{ row->vfork, 'V' },
	};
	bool any = false;
	unsigned int i;

	seq_putc(m, ' ');
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		if (!flags[i].set)
			continue;
		seq_putc(m, flags[i].letter);
		any = true;
	}
	if (!any)
		seq_putc(m, '-');
}

static void show_users(struct seq_file *m, const struct task_row *row)
{
	enum shared_object i;

	/* sysvsem, the last, has no count and no column of one. */
	for (i = 0; i < OBJECT_SYSVSEM; i++) {
		if (row->object[i] && row->users[i] != USERS_UNKNOWN)
			seq_printf(m, " %d", row->users[i]);
		else
			seq_puts(m, " -");
	}
}

static void show_registers(struct seq_file *m, const struct task_row *row)
{
	if (row->registers)
		seq_printf(m, " %lx %lx", row->pc, row->sp);
	else
		seq_puts(m, " - -");
	if (row->object[OBJECT_MM])
		seq_printf(m, " %lx", row->stack);
	else
		seq_puts(m, " -");
	if (row->registers)
		seq_printf(m, " %lx ", row->tls);
	else
		seq_puts(m, " - ");
}

static int tasks_show(struct seq_file *m, void *v)
{
	const struct task_row *row = v;
	enum shared_object i;

	if (v == SEQ_START_TOKEN) {
		export_header(m, "tasks", TASK_COLUMNS);
		return 0;
	}
	seq_printf(m, "%d %d %d", row->tid, row->tgid, row->ppid);
	show_task_flags(m, row);
	for (i = 0; i < SHARED_OBJECTS; i++)
		export_id(m, row->object[i]);
	show_users(m, row);
	seq_printf(m, " %lu %lu", row->nvcsw, row->nivcsw);
	show_registers(m, row);
	export_name(m, row->comm);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations tasks_ops;

static void free_tasks(void *snapshot)
{
	kvfree(snapshot);
}

static int tasks_open(struct inode *inode, struct file *file)
{
	struct task_snapshot *snapshot = tasks_snapshot();

	if (IS_ERR(snapshot))
		return PTR_ERR(snapshot);
	return view_open(file, &tasks_ops, (struct view) {
		.snapshot = snapshot, .rows = snapshot->row,
		.count = snapshot->count, .size = sizeof(*snapshot->row),
		.free = free_tasks,
	});
}

VIEW_FOPS(tasks);

/* mms */

#define MM_COLUMNS "mm tgid tasks groups mm_users mm_count lazy vmas "	\
	"rss_anon rss_file rss_shmem swap pgtables cpus tlb_gen comm"

static void show_mask(struct seq_file *m, const unsigned long *mask)
{
	if (bitmap_empty(mask, nr_cpu_ids))
		seq_puts(m, " -");
	else
		seq_printf(m, " %*pbl", nr_cpu_ids, mask);
}

static int mms_show(struct seq_file *m, void *v)
{
	const struct view *view = m->private;
	const struct mm_row *row = v;

	if (v == SEQ_START_TOKEN) {
		export_header(m, "mms", MM_COLUMNS);
		return 0;
	}
	seq_printf(m, "%014llx %d %u %u %d %d %u %d", sharestat_id(row->mm), row->tgid,
		   row->tasks, row->groups, row->mm_users, row->mm_count, row->lazy,
		   row->vmas);
	seq_printf(m, " %lu %lu %lu %lu %lu", row->rss_anon << PAGE_SHIFT,
		   row->rss_file << PAGE_SHIFT, row->rss_shmem << PAGE_SHIFT,
		   row->swap << PAGE_SHIFT, row->pgtables);
	show_mask(m, mms_mask(view->snapshot, row));
	if (REASON_NO_TLB_GEN)
		seq_puts(m, " - ");
	else
		seq_printf(m, " %llu ", row->tlb_gen);
	export_name(m, row->comm);
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations mms_ops;

static void free_mms(void *snapshot)
{
	mms_snapshot_free(snapshot);
}

static int mms_open(struct inode *inode, struct file *file)
{
	struct mm_snapshot *snapshot = mms_snapshot();

	if (IS_ERR(snapshot))
		return PTR_ERR(snapshot);
	return view_open(file, &mms_ops, (struct view) {
		.snapshot = snapshot, .rows = snapshot->row,
		.count = snapshot->count, .size = sizeof(*snapshot->row),
		.free = free_mms,
	});
}

VIEW_FOPS(mms);
