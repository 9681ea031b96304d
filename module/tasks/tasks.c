// SPDX-License-Identifier: GPL-2.0
/* A snapshot of all tasks and of the objects that they share. */
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/fs_struct.h>
#include <linux/iocontext.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/sem.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat/nsproxy.h"
#include "compat/sched.h"
#include "tasks/tasks.h"

static const void *sysvsem_of(const struct task_struct *task)
{
#ifdef CONFIG_SYSVIPC
	/* Private to ipc/sem.c: compared, never dereferenced. */
	return READ_ONCE(task->sysvsem.undo_list);
#else
	return NULL;
#endif
}

/*
 * What each task has, before the rows are read: only what a task still has when its row
 * is read goes into it. All had it between the two passes then, so what is equal is
 * shared. Looked at but once, an address may be of two objects: one that an early task
 * let go of, and one that a late task was then given.
 */
static void note_objects(const void **object, struct task_struct *task)
{
	object[OBJECT_MM] = READ_ONCE(task->mm);
	object[OBJECT_FILES] = READ_ONCE(task->files);
	object[OBJECT_FS] = task_real_fs(task);
	object[OBJECT_SIGHAND] = rcu_access_pointer(task->sighand);
	object[OBJECT_SIGNAL] = READ_ONCE(task->signal);
	object[OBJECT_NSPROXY] = READ_ONCE(task->nsproxy);
	object[OBJECT_IO] = READ_ONCE(task->io_context);
	object[OBJECT_SYSVSEM] = sysvsem_of(task);
}

/* The second look. Return: whether the task still has what it had. */
static bool still(struct task_row *row, enum shared_object which, const void *object)
{
	if (row->object[which] != object)
		row->object[which] = NULL;
	row->users[which] = USERS_UNKNOWN;
	return row->object[which];
}

/*
 * exit clears these pointers under task_lock() and may free what they point
 * to without waiting for RCU, so they are dereferenced only here.
 */
static void read_under_task_lock(struct task_row *row, struct task_struct *task)
{
	int *users = row->users;

	task_lock(task);
	/* A kernel thread borrows what it uses for a while: kthread_use_mm(). */
	if (still(row, OBJECT_MM, task->flags & PF_KTHREAD ? NULL : task->mm)) {
		users[OBJECT_MM] = atomic_read(&task->mm->mm_users);
		row->stack = task->mm->start_stack;
	}
	if (still(row, OBJECT_FILES, task->files))
		users[OBJECT_FILES] = atomic_read(&task->files->count);
	if (still(row, OBJECT_FS, task_real_fs(task)))
		users[OBJECT_FS] = READ_ONCE(task_real_fs(task)->users);
	if (still(row, OBJECT_NSPROXY, task->nsproxy))
		users[OBJECT_NSPROXY] = nsproxy_users(task->nsproxy);
	if (still(row, OBJECT_IO, task->io_context))
		users[OBJECT_IO] = atomic_read(&task->io_context->active_ref);
	strscpy(row->comm, task->comm, sizeof(row->comm));
	task_unlock(task);
}

static void read_signals(struct task_row *row, struct task_struct *task)
{
	struct sighand_struct *sighand = rcu_dereference(task->sighand);
	/* One that has been released keeps it only for the sake of our reference. */
	struct signal_struct *signal = sighand ? task->signal : NULL;
	int users = sighand ? refcount_read(&sighand->count) : 0;

	/*
	 * SLAB_TYPESAFE_BY_RCU: it may have been freed and be another
	 * task's by now; the count is ours when the pointer still is.
	 */
	if (sighand != rcu_access_pointer(task->sighand))
		sighand = NULL;
	if (still(row, OBJECT_SIGHAND, sighand))
		row->users[OBJECT_SIGHAND] = users;
	if (still(row, OBJECT_SIGNAL, signal))
		row->users[OBJECT_SIGNAL] = READ_ONCE(signal->nr_threads);
	still(row, OBJECT_SYSVSEM, sysvsem_of(task));
}

/*
 * The user registers that the last entry into the kernel saved. The stack of a
 * dying task may go while we read: put_task_stack() is not exported, so read
 * without a reference and without faults, and believe it only when the stack
 * still has one afterwards (a count of zero never rises again). A task that
 * runs in user mode right now shows where it was the last time; accepted.
 */
static void read_registers(struct task_row *row, struct task_struct *task)
{
	struct pt_regs regs;
	void *stack = READ_ONCE(task->stack);

	if ((task->flags & (PF_KTHREAD | PF_USER_WORKER)) || !stack)
		return;
	if (copy_from_kernel_nofault(&regs, task_pt_regs(task), sizeof(regs)))
		return;
	smp_rmb();	/* the copy comes before the count; see above */
	if (!refcount_read(&task->stack_refcount) || !user_mode(&regs))
		return;
	row->registers = true;
	row->pc = instruction_pointer(&regs);
	row->sp = user_stack_pointer(&regs);
	row->tls = task_thread_pointer(task);
}

/* Return: false for a task that has ended and been waited for: it has no number. */
static bool read_task(struct task_row *row, struct task_struct *task,
		      struct pid_namespace *ns)
{
	row->tid = task_pid_nr_ns(task, ns);
	row->tgid = task_tgid_nr_ns(task, ns);
	if (!row->tid || !row->tgid)
		return false;
	/* It has a number, so its parent lives, or is not freed before RCU lets it. */
	row->ppid = task_tgid_nr_ns(rcu_dereference(task->real_parent), ns);
	row->flags = READ_ONCE(task->flags);
	row->leader = thread_group_leader(task);
	/* Kernel threads use the same pointer for their own end. */
	row->vfork = !(row->flags & PF_KTHREAD) && READ_ONCE(task->vfork_done);
	row->nvcsw = READ_ONCE(task->nvcsw);
	row->nivcsw = READ_ONCE(task->nivcsw);
	read_under_task_lock(row, task);
	read_signals(row, task);
	read_registers(row, task);
	return true;
}

static void read_rows(struct task_snapshot *snapshot, const struct task_list *list,
		      struct pid_namespace *ns)
{
	unsigned int i;

	for (i = 0; i < list->count; i++) {
		note_objects(snapshot->row[i].object, list->task[i]);
		cond_resched();
	}
	smp_mb();	/* the whole first pass comes before the second */
	for (i = 0; i < list->count; i++) {
		struct task_row *row = &snapshot->row[snapshot->count];

		/* Rows move up when one is left out: take what was noted along. */
		memmove(row->object, snapshot->row[i].object, sizeof(row->object));
		rcu_read_lock();
		if (read_task(row, list->task[i], ns))
			snapshot->count++;
		rcu_read_unlock();
		cond_resched();
	}
}

/*
 * A task may have let go of an object and have been given another at the same address
 * between the passes; a few programs that do nothing but exec are enough. So the kernel's
 * own count is asked: when the first row was read, all that have the object counted.
 */
static void confirm_users(struct task_snapshot *snapshot, struct objects *objects,
			  enum shared_object which)
{
	struct object *object;
	unsigned int i;

	for (i = 0; i < snapshot->count; i++) {
		struct task_row *row = &snapshot->row[i];

		if (!row->object[which])
			continue;
		object = objects_add(objects, row->object[which]);
		if (!object->holders++)
			object->users = row->users[which];
		cond_resched();
	}
	for (i = 0; i < snapshot->count; i++) {
		struct task_row *row = &snapshot->row[i];

		object = row->object[which] ? objects_find(objects, row->object[which]) : NULL;
		if (object && object->users != USERS_UNKNOWN &&
		    object->holders > (unsigned int)object->users)
			row->object[which] = NULL;
		cond_resched();
	}
	objects_clear(objects);
}

static struct task_snapshot *snapshot_of(const struct task_list *list)
{
	struct task_snapshot *snapshot;
	struct objects objects = { };
	enum shared_object which;

	snapshot = kvzalloc(struct_size(snapshot, row, list->count), GFP_KERNEL_ACCOUNT);
	if (!snapshot)
		return ERR_PTR(-ENOMEM);
	if (objects_init(&objects, list->count)) {
		kvfree(snapshot);
		return ERR_PTR(-ENOMEM);
	}
	read_rows(snapshot, list, task_active_pid_ns(current));
	/*
	 * A signal_struct lives as long as its tasks, which the list holds. Nor does its
	 * count tell: a thread that is released leaves that before it leaves the object.
	 */
	for (which = 0; which < SHARED_OBJECTS; which++)
		if (which != OBJECT_SIGNAL)
			confirm_users(snapshot, &objects, which);
	objects_exit(&objects);
	return snapshot;
}

struct task_snapshot *tasks_snapshot(void)
{
	struct task_list *list = tasks_list(task_active_pid_ns(current));
	struct task_snapshot *snapshot;

	if (IS_ERR(list))
		return ERR_CAST(list);
	snapshot = snapshot_of(list);
	tasks_list_free(list);
	return snapshot;
}
