// SPDX-License-Identifier: GPL-2.0
/* All tasks, with a reference each, in batches that hold neither a CPU nor RCU for long. */
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "tasks/tasks.h"

#define TRIES 5
#define CHUNK 256	/* numbers that one RCU section looks at */

static void put_tasks(struct task_list *list)
{
	while (list->count) {
		put_task_struct(list->task[--list->count]);
		cond_resched();
	}
}

void tasks_list_free(struct task_list *list)
{
	if (IS_ERR_OR_NULL(list))
		return;
	put_tasks(list);
	kvfree(list);
}

/*
 * As /proc lists them: by number, so that it can be gone on with from a number,
 * whatever ended meanwhile. Who is there all the time is found.
 * Return: the number to go on with, 0 at the end, -EAGAIN when there are more than @capacity.
 */
static int list_batch(struct task_list *list, struct pid_namespace *ns, int number,
		      unsigned int capacity)
{
	unsigned int left;

	for (left = CHUNK; left; left--, number++) {
		struct pid *pid = idr_get_next(&ns->idr, &number);
		struct task_struct *task;

		if (!pid)
			return 0;
		task = pid_task(pid, PIDTYPE_PID);
		if (!task)	/* of a session or a process group that is left */
			continue;
		if (list->count == capacity)
			return -EAGAIN;
		list->task[list->count++] = get_task_struct(task);
	}
	return number;
}

static int list_all(struct task_list *list, struct pid_namespace *ns, unsigned int capacity)
{
	int number = 1;

	while (number > 0) {
		rcu_read_lock();
		number = list_batch(list, ns, number, capacity);
		rcu_read_unlock();
		cond_resched();
	}
	return number;
}

struct task_list *tasks_list(struct pid_namespace *ns)
{
	unsigned int try;

	for (try = 0; try < TRIES; try++) {
		unsigned int count = READ_ONCE(ns->pid_allocated) & ~PIDNS_ADDING;
		/* Some more for those that are born before they are listed. */
		unsigned int capacity = min_t(unsigned long, count + (count >> 2 << try) + 64,
					      TASKS_MAX);
		struct task_list *list;

		list = kvzalloc(struct_size(list, task, capacity), GFP_KERNEL_ACCOUNT);
		if (!list)
			return ERR_PTR(-ENOMEM);
		if (!list_all(list, ns, capacity))
			return list;
		tasks_list_free(list);
		if (capacity == TASKS_MAX)
			return ERR_PTR(-EFBIG);
	}
	return ERR_PTR(-EAGAIN);
}
