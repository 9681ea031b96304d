// SPDX-License-Identifier: GPL-2.0
/* Who descends from whom now, out of a snapshot of tasks. */
#include "model/process-tree.h"

static bool may_be_root(const struct pid_list *roots, pid_t tgid)
{
	return roots->count ? pid_list_wants(roots, tgid) : tgid != 1;
}

pid_t tree_root(const struct snapshot *tasks, pid_t tgid, const struct pid_list *roots)
{
	const struct task_record *task = snapshot_task(tasks, tgid);
	pid_t root = task ? tgid : 0;

	/* The bound is for a recording whose tasks descend in a circle. */
	for (size_t steps = 0; task && steps < tasks->count; steps++) {
		if (may_be_root(roots, task->tgid))
			root = task->tgid;
		task = snapshot_task(tasks, task->ppid);
	}
	return root;
}
