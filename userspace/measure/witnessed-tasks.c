// SPDX-License-Identifier: GPL-2.0
/* Records of tasks, of /proc and kcmp(2). */
#include <linux/kcmp.h>
#include <stdlib.h>
#include <unistd.h>

#include "measure/witnessed.h"
#include "read/formats.h"
#include "read/records.h"
#include "witness/kcmp.h"
#include "witness/proc-task.h"

/* Which kcmp(2) compares; a signal_struct is what a thread group has in common. */
static const struct {
	enum shared_object object;
	int kcmp_type;
} compared[] = {
	{ OBJECT_MM, KCMP_VM }, { OBJECT_FILES, KCMP_FILES }, { OBJECT_FS, KCMP_FS },
	{ OBJECT_SIGHAND, KCMP_SIGHAND },
};

/* An id is the number of the first task that has the object; 0 of one that has ended. */
static void name_objects(struct task_record *tasks, size_t at, size_t kind)
{
	const enum shared_object object = compared[kind].object;

	for (size_t i = 0; i < at && !tasks[at].object[object]; i++)
		if (tasks[i].object[object] == i + 1 &&
		    kcmp_same(tasks[i].tid, tasks[at].tid, compared[kind].kcmp_type) == 1)
			tasks[at].object[object] = i + 1;
	if (!tasks[at].object[object])
		tasks[at].object[object] = at + 1;
}

/* Of the tasks that are listed. */
static void count_users(struct task_record *tasks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t object = 0; object < SHARED_OBJECTS; object++) {
			for (size_t j = 0; j < count; j++)
				tasks[i].users[object] += tasks[i].object[object] &&
					tasks[i].object[object] == tasks[j].object[object];
		}
	}
}

static void fill(struct task_record *record, const struct proc_task *task)
{
	record->tid = task->tid;
	record->tgid = task->tgid;
	record->ppid = task->ppid;
	record->nvcsw = task->nvcsw;
	record->nivcsw = task->nivcsw;
	record->pc = task->asleep ? task->pc : ABSENT;
	record->sp = task->asleep ? task->sp : ABSENT;
	record->stack = ABSENT;
	record->tls = ABSENT;
}

int witnessed_tasks(struct snapshot *tasks)
{
	size_t count = 0;
	struct proc_task *family = proc_family(getpid(), &count);
	struct task_record *records = family ? calloc(count, sizeof(*records)) : NULL;

	*tasks = (struct snapshot) { .format = &format_tasks, .records = records };
	for (size_t i = 0; records && i < count; i++) {
		fill(&records[i], &family[i]);
		if (family[i].dead)
			continue;
		for (size_t kind = 0; kind < sizeof(compared) / sizeof(compared[0]); kind++)
			name_objects(records, i, kind);
		records[i].object[OBJECT_SIGNAL] = (object_id)family[i].tgid;
	}
	free(family);
	if (!records)
		return -1;
	count_users(records, count);
	tasks->count = count;
	if (!snapshot_index(tasks))
		return 0;
	snapshot_free(tasks);
	return -1;
}
