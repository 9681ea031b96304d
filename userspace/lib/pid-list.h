/* SPDX-License-Identifier: GPL-2.0 */
/* Process ids that somebody asked for. */
#ifndef SHARESTAT_LIB_PID_LIST_H
#define SHARESTAT_LIB_PID_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pid_list {
	pid_t *pids;			/* sorted */
	bool *noted;			/* of each: pid_list_note() met it */
	size_t count;
};

/** pid_list_init() - a copy that is asked again and again; free it with pid_list_free() */
void pid_list_init(struct pid_list *list, const pid_t *pids, size_t count);
void pid_list_free(struct pid_list *list);
/** pid_list_wants() - is a process one of them, or was nobody asked for, which is all? */
bool pid_list_wants(const struct pid_list *list, pid_t pid);
/** pid_list_note() - the same, and remember that it was there */
bool pid_list_note(struct pid_list *list, pid_t pid);

/** pids_unique() - leave the first of each, in their order. Return: how many are left */
size_t pids_unique(pid_t *pids, size_t count);

#endif
