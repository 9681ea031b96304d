/* SPDX-License-Identifier: GPL-2.0 */
/* What `sharestat sum` adds up: which set a process is of, by what --by says. */
#ifndef SHARESTAT_COMMANDS_SUM_SETS_H
#define SHARESTAT_COMMANDS_SUM_SETS_H

#include "lib/pid-list.h"
#include "model/address-spaces.h"
#include "read/snapshot.h"

enum sum_by { SUM_BY_COMM, SUM_BY_USER, SUM_BY_SESSION, SUM_BY_TREE, SUM_BY_CGROUP };

struct sum_sets {
	enum sum_by by;
	struct pid_list roots;		/* where trees begin, see tree_root() */
	struct snapshot tasks;		/* of sessions and trees */
};

/** sum_sets_choose() - what --by says. Return: 0, or -1 after an explanation */
int sum_sets_choose(struct sum_sets *sets, const char *word);

/**
 * sum_sets_begin() - before the first process
 * @sets: chosen; give it back with sum_sets_free()
 * @pids: those of -p
 * @count: how many; 0 for all processes
 *
 * Return: 0, or -1 after an explanation.
 */
int sum_sets_begin(struct sum_sets *sets, const pid_t *pids, size_t count);
void sum_sets_free(struct sum_sets *sets);

/**
 * sum_sets_name() - the set of the processes that have an address space
 * @sets: begun
 * @space: they are one in this: the lowest of them counts
 *
 * Return: its name, to be freed; "[ended]" of who has ended before it was asked for.
 */
char *sum_sets_name(struct sum_sets *sets, const struct space *space);

#endif
