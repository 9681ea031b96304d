/* SPDX-License-Identifier: GPL-2.0 */
/* Tasks, as /proc lists them. */
#ifndef SHARESTAT_WITNESS_PROC_TASK_H
#define SHARESTAT_WITNESS_PROC_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct proc_task {
	pid_t tid, tgid, ppid;
	bool dead;			/* it has ended and waits to be collected */
	uint64_t nvcsw, nivcsw;
	bool asleep;			/* in a system call, so that these two are known: */
	uint64_t pc, sp;
};

/**
 * proc_family() - the tasks of a process and of all that descend from it
 * @top: the process
 * @count: set to how many
 *
 * Return: an array to be freed, or NULL when not even @top is listed.
 */
struct proc_task *proc_family(pid_t top, size_t *count);

/** proc_owner() - whose process it is, by the user's number. Return: false if it has ended */
bool proc_owner(pid_t tgid, uid_t *owner);

/**
 * proc_session() - of which session a process is
 * @tgid: the process
 * @session: set to its number; 0 when that is of another pid namespace, or there is none
 *
 * Return: false if it has ended.
 */
bool proc_session(pid_t tgid, pid_t *session);

/**
 * proc_cgroup() - of which cgroup of the unified hierarchy a process is
 * @tgid: the process
 * @path: set to the path below the root that the reader sees; "" without such a hierarchy
 * @size: of @path
 *
 * Return: false if it has ended.
 */
bool proc_cgroup(pid_t tgid, char *path, size_t size);

#endif
