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
#include <linux/uaccess.h>

#include "compat/nsproxy.h"
#include "compat/sched.h"
#include "tasks/tasks.h"

#define TRIES 5

unsigned int tasks_count(void)
{
	struct task_struct *group, *task;
	unsigned int count = 0;

	rcu_read_lock();
	for_each_process_thread(group, task)
		count++;
	rcu_read_unlock();
	return count;
}

int tasks_room(unsigned int try)
{
	unsigned int count = tasks_count();

	if (try == TRIES)
		return -EAGAIN;
	if (count > TASKS_MAX)
		return -EFBIG;
	/* Some more for those that are born before the list is walked. */
	return min(count + (count >> 2 << try) + 64, TASKS_MAX);
}

static void note(struct task_row *row, enum shared_object which,
		 const void *object, int users)
{
	row->object[which] = object;
	row->users[which] = users;
}

/*
 * exit clears these pointers under task_lock() and may free what they point
 * to without waiting for RCU, so they are looked through only here.
 */
static void read_under_task_lock(struct task_row *row, struct task_struct *task)
{
	task_lock(task);
	if (task->mm) {
		note(row, OBJECT_MM, task->mm, atomic_read(&task->mm->mm_users));
		row->stack = task->mm->start_stack;
	}
	if (task->files)
		note(row, OBJECT_FILES, task->files, atomic_read(&task->files->count));
	if (task_real_fs(task))
		note(row, OBJECT_FS, task_real_fs(task), READ_ONCE(task_real_fs(task)->users));
	if (task->nsproxy)
		note(row, OBJECT_NSPROXY, task->nsproxy, nsproxy_users(task->nsproxy));
	if (task->io_context)
		note(row, OBJECT_IO, task->io_context,
		     atomic_read(&task->io_context->active_ref));
	strscpy(row->comm, task->comm, sizeof(row->comm));
	task_unlock(task);
}

static void read_signals(struct task_row *row, struct task_struct *task)
{
	struct sighand_struct *sighand = rcu_dereference(task->sighand);

	if (sighand) {
		int users = refcount_read(&sighand->count);

		/*
		 * SLAB_TYPESAFE_BY_RCU: it may have been freed and be another
		 * task's by now; the count is ours when the pointer still is.
		 */
		if (sighand == rcu_access_pointer(task->sighand))
			note(row, OBJECT_SIGHAND, sighand, users);
	}
	note(row, OBJECT_SIGNAL, task->signal, READ_ONCE(task->signal->nr_threads));
#ifdef CONFIG_SYSVIPC
	/* Private to ipc/sem.c: compared, never looked through. */
	note(row, OBJECT_SYSVSEM, READ_ONCE(task->sysvsem.undo_list), USERS_UNKNOWN);
#endif
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

static void read_task(struct task_row *row, struct task_struct *task,
		      struct pid_namespace *ns)
{
	row->tid = task_pid_nr_ns(task, ns);
	row->tgid = task_tgid_nr_ns(task, ns);
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
}

/* Return: false when there are more than @room. */
static bool tasks_collect(struct task_snapshot *snapshot, unsigned int room)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	struct task_struct *group, *task;
	bool whole = true;

	rcu_read_lock();
	for_each_process_thread(group, task) {
		if (!task_pid_nr_ns(task, ns))
			continue;
		if (snapshot->count == room) {
			whole = false;
			goto out;
		}
		read_task(&snapshot->row[snapshot->count++], task, ns);
	}
out:
	rcu_read_unlock();
	return whole;
}

struct task_snapshot *tasks_snapshot(void)
{
	unsigned int try;

	for (try = 0;; try++) {
		int room = tasks_room(try);
		struct task_snapshot *snapshot;

		if (room < 0)
			return ERR_PTR(room);
		snapshot = kvzalloc(struct_size(snapshot, row, room), GFP_KERNEL_ACCOUNT);
		if (!snapshot)
			return ERR_PTR(-ENOMEM);
		if (tasks_collect(snapshot, room))
			return snapshot;
		kvfree(snapshot);
	}
}
