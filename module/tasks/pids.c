// SPDX-License-Identifier: GPL-2.0
/* Sets of thread groups: the filter of set_pid, and all that there are. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "tasks/tasks.h"

static DEFINE_MUTEX(filter_lock);
static struct pids *filter;		/* NULL: all; under filter_lock */

static struct pids *pids_alloc(unsigned int capacity)
{
	struct pids *pids;

	pids = kvzalloc(struct_size(pids, pid, capacity), GFP_KERNEL_ACCOUNT);
	return pids ?: ERR_PTR(-ENOMEM);
}

void pids_free(struct pids *pids)
{
	unsigned int i;

	if (IS_ERR_OR_NULL(pids))
		return;
	for (i = 0; i < pids->count; i++)
		put_pid(pids->pid[i]);
	kvfree(pids);
}

/* The thread group of a number in the caller's pid namespace. */
static struct pid *find_group(int number)
{
	struct task_struct *task;
	struct pid *pid;

	rcu_read_lock();
	pid = find_vpid(number);
	task = pid_task(pid, PIDTYPE_PID);
	if (!task)
		pid = ERR_PTR(-ESRCH);
	else if (!thread_group_leader(task) || (task->flags & PF_KTHREAD))
		pid = ERR_PTR(-EINVAL);
	else
		get_pid(pid);
	rcu_read_unlock();
	return pid;
}

/*
 * Takes over the reference. It is a set: who is in it already is not added
 * again, or vmas and frames would show it twice.
 */
static int pids_add(struct pids *pids, struct pid *pid)
{
	unsigned int i;

	for (i = 0; i < pids->count; i++)
		if (pids->pid[i] == pid)
			goto put;
	if (pids->count == PIDS_MAX)
		goto put;
	pids->pid[pids->count++] = pid;
	return 0;
put:
	put_pid(pid);
	return i < pids->count ? 0 : -E2BIG;
}

static int pids_add_word(struct pids *pids, const char *word)
{
	unsigned int number;
	struct pid *pid;
	int ret;

	/* Unsigned, so that a negative number is -EINVAL however large. */
	ret = kstrtouint(word, 10, &number);
	if (ret)
		return ret;
	if (!number)
		return -EINVAL;
	if (number > INT_MAX)
		return -ERANGE;
	pid = find_group(number);
	return IS_ERR(pid) ? PTR_ERR(pid) : pids_add(pids, pid);
}

struct pids *pids_parse(char *text)
{
	struct pids *pids = pids_alloc(PIDS_MAX);
	char *word;
	int ret;

	if (IS_ERR(pids))
		return pids;
	while ((word = strsep(&text, " \t\n"))) {
		if (!*word)
			continue;
		ret = pids_add_word(pids, word);
		if (ret) {
			pids_free(pids);
			return ERR_PTR(ret);
		}
	}
	return pids;
}

/* The leaders among @list but kernel threads, also those that have ended before others. */
static struct pids *pids_of(const struct task_list *list)
{
	struct pids *pids = pids_alloc(list->count);
	unsigned int i;

	for (i = 0; !IS_ERR(pids) && i < list->count; i++) {
		struct task_struct *task = list->task[i];
		struct pid *pid;

		rcu_read_lock();
		pid = task_pid(task);
		if (pid && thread_group_leader(task) && !(task->flags & PF_KTHREAD))
			pids->pid[pids->count++] = get_pid(pid);
		rcu_read_unlock();
		cond_resched();
	}
	return pids;
}

struct pids *pids_all(struct pid_namespace *ns)
{
	struct task_list *list = tasks_list(ns);
	struct pids *pids;

	if (IS_ERR(list))
		return ERR_CAST(list);
	pids = pids_of(list);
	tasks_list_free(list);
	return pids;
}

static int pids_add_all(struct pids *pids, const struct pids *more)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; more && i < more->count && !ret; i++)
		ret = pids_add(pids, get_pid(more->pid[i]));
	return ret;
}

/* Both sets' references, in a new set. */
static struct pids *pids_join(const struct pids *a, const struct pids *b)
{
	struct pids *pids = pids_alloc(PIDS_MAX);
	int ret;

	if (IS_ERR(pids))
		return pids;
	ret = pids_add_all(pids, a) ?: pids_add_all(pids, b);
	if (!ret)
		return pids;
	pids_free(pids);
	return ERR_PTR(ret);
}

int pids_filter_set(struct pids *pids, bool append)
{
	int ret = 0;

	mutex_lock(&filter_lock);
	if (append) {
		struct pids *both = pids_join(filter, pids);

		pids_free(pids);
		pids = both;
	}
	if (IS_ERR(pids)) {
		ret = PTR_ERR(pids);
	} else {
		swap(filter, pids);
		pids_free(pids);
	}
	mutex_unlock(&filter_lock);
	return ret;
}

struct pids *pids_filter_get(void)
{
	struct pids *pids;

	mutex_lock(&filter_lock);
	pids = pids_join(filter, NULL);
	mutex_unlock(&filter_lock);
	return pids;
}

void pids_filter_exit(void)
{
	pids_free(filter);
	filter = NULL;
}
