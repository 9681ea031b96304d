// SPDX-License-Identifier: GPL-2.0
/* The processes that a user names; see processes.h. */
#include <err.h>

#include "commands/processes.h"
#include "lib/pid-list.h"
#include "model/task-sharing.h"
#include "read/ended.h"
#include "read/formats.h"
#include "read/whole-file.h"

static int check_memory(const struct snapshot *tasks, const struct task_record *leader)
{
	if (task_has_flag(leader, 'K'))
		warnx("%d is a kernel thread: it has no memory of its own", leader->tgid);
	else if (!snapshot_process(tasks, leader->tgid)->object[OBJECT_MM])
		process_ended(leader->tgid);
	else
		return 0;
	return -1;
}

int processes_among(pid_t *pids, size_t count, const struct snapshot *tasks,
		    enum process_need need)
{
	for (size_t i = 0; i < count; i++) {
		const struct task_record *task = snapshot_task(tasks, pids[i]);
		const struct task_record *leader = task ? snapshot_task(tasks, task->tgid) : NULL;

		if (!leader) {
			warnx("no such process: %d", pids[i]);
			return -1;
		}
		if (leader != task)
			warnx("%d is a thread: its process %d is meant", task->tid, task->tgid);
		pids[i] = leader->tgid;
		if (need == NEEDS_MEMORY && check_memory(tasks, leader))
			return -1;
	}
	return 0;
}

int processes_find(pid_t *pids, size_t count, enum process_need need)
{
	struct snapshot tasks;
	int result;

	if (snapshot_read(&tasks, &format_tasks, NULL, 0))
		return -1;
	result = processes_among(pids, count, &tasks, need);
	snapshot_free(&tasks);
	return result;
}

int options_processes(struct options *options, enum process_need need)
{
	if (options->npids && processes_find(options->pids, options->npids, need))
		return -1;
	options->npids = pids_unique(options->pids, options->npids);
	return 0;
}
