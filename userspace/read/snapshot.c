// SPDX-License-Identifier: GPL-2.0
/* The records of a whole file. */
#include <stdlib.h>
#include <string.h>

#include "read/record.h"
#include "read/snapshot.h"

void snapshot_free(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++)
		record_free(snapshot->format,
			    (char *)snapshot->records + i * snapshot->format->size);
	free(snapshot->records);
	hash_free(&snapshot->by_tid);
	snapshot->records = NULL;
	snapshot->count = 0;
}

const void *snapshot_record(const struct snapshot *snapshot, size_t index)
{
	return (const char *)snapshot->records + index * snapshot->format->size;
}

int snapshot_index(struct snapshot *tasks)
{
	const struct task_record *records = tasks->records;

	for (size_t i = 0; i < tasks->count; i++)
		if (hash_add(&tasks->by_tid, hash_numbers((uint64_t)records[i].tid, 0), i))
			return -1;
	return 0;
}

struct key {
	const struct task_record *records;
	pid_t tid;
};

static bool is_task(const void *context, size_t index)
{
	const struct key *key = context;

	return key->records[index].tid == key->tid;
}

const struct task_record *snapshot_task(const struct snapshot *tasks, pid_t tid)
{
	const struct key key = { tasks->records, tid };
	long index = hash_find(&tasks->by_tid, hash_numbers((uint64_t)tid, 0), is_task, &key);

	return index < 0 ? NULL : &key.records[index];
}

const struct task_record *snapshot_process(const struct snapshot *tasks, pid_t tgid)
{
	const struct task_record *leader = snapshot_task(tasks, tgid);

	if (!leader || leader->object[OBJECT_MM] || strchr(leader->flags, 'K'))
		return leader;
	for (size_t i = 0; i < tasks->count; i++) {
		const struct task_record *task = snapshot_record(tasks, i);

		if (task->tgid == tgid && task->object[OBJECT_MM] && !strchr(task->flags, 'W'))
			return task;
	}
	return leader;
}

const char *snapshot_version(const struct snapshot *version, const char *key)
{
	const struct version_record *records = version->records;

	for (size_t i = 0; i < version->count; i++)
		if (!strcmp(records[i].key, key))
			return records[i].value;
	return NULL;
}
