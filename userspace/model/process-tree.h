/* SPDX-License-Identifier: GPL-2.0 */
/* Who descends from whom now, out of a snapshot of tasks. Pure. */
#ifndef SHARESTAT_MODEL_PROCESS_TREE_H
#define SHARESTAT_MODEL_PROCESS_TREE_H

#include "lib/pid-list.h"
#include "read/snapshot.h"

/**
 * tree_root() - the process that the tree of another one begins at
 * @tasks: an indexed snapshot of tasks
 * @tgid: the process
 * @roots: where trees begin; without any, at process 1's children
 *
 * The farthest of its ancestors, or it itself, that is one of @roots: a root below
 * another one begins no tree of its own. Without @roots that is the child of process 1,
 * which is alone in a tree of its own.
 *
 * Return: the root; @tgid when it descends from none of them; 0 when it is not listed.
 */
pid_t tree_root(const struct snapshot *tasks, pid_t tgid, const struct pid_list *roots);

#endif
