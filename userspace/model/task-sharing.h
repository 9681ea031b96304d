/* SPDX-License-Identifier: GPL-2.0 */
/* Who shares what with whom, out of a snapshot of tasks. Pure. */
#ifndef SHARESTAT_MODEL_TASK_SHARING_H
#define SHARESTAT_MODEL_TASK_SHARING_H

#include "read/records.h"
#include "read/snapshot.h"

struct owner;

struct sharing {
	const struct snapshot *tasks;
	const struct task_record **by_tid;		/* sorted */
	struct owner *owners[SHARED_OBJECTS];		/* sorted by object */
	size_t nowners[SHARED_OBJECTS];
};

/** sharing_init() - index a snapshot, which must live on. Return: 0 or -1 (memory) */
int sharing_init(struct sharing *sharing, const struct snapshot *tasks);
void sharing_free(struct sharing *sharing);

bool task_has_flag(const struct task_record *task, char flag);

/**
 * sharing_relative() - whom to compare a task with
 * @sharing: the index
 * @task: which
 *
 * Return: the leader of its thread group, for a leader its parent, or NULL.
 */
const struct task_record *sharing_relative(const struct sharing *sharing,
					   const struct task_record *task);

/** sharing_between() - bit i is set when both have the same object of kind i */
unsigned int sharing_between(const struct task_record *task,
			     const struct task_record *other);

/**
 * sharing_lowest() - the owner of an address space that stands for it
 * @sharing: the index
 * @task: which has the address space
 *
 * Return: the lowest tgid that has the task's mm; 0 when it has none.
 */
pid_t sharing_lowest(const struct sharing *sharing, const struct task_record *task);

/**
 * sharing_describe() - name what two tasks share: "mm,files,fs"
 * @text: filled; "" when there is nothing
 * @size: of @text
 * @objects: as from sharing_between()
 *
 * Leaves out nsproxy, which nearly all tasks of a machine have in common.
 */
void sharing_describe(char *text, size_t size, unsigned int objects);

/**
 * sharing_note() - name an odd mix: what neither fork(2) nor pthreads makes
 * @sharing: the index
 * @task: which
 * @text: filled; "" when there is nothing odd
 * @size: of @text
 */
void sharing_note(const struct sharing *sharing, const struct task_record *task,
		  char *text, size_t size);

#endif
