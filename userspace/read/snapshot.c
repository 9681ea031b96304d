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
	snapshot_unindex(snapshot);
	snapshot->records = NULL;
	snapshot->count = 0;
}

const void *snapshot_record(const struct snapshot *snapshot, size_t index)
{
	return (const char *)snapshot->records + index * snapshot->format->size;
}

struct key {
	const struct task_record *records;
	pid_t pid;
};

static bool is_task(const void *context, size_t index)
{
	const struct key *key = context;

	return key->records[index].tid == key->pid;
}

static bool is_in_group(const void *context, size_t index)
{
	const struct key *key = context;

	return key->records[index].tgid == key->pid;
}

static const struct task_record *find(const struct snapshot *tasks,
				      const struct hash_table *table, pid_t pid,
				      bool (*same)(const void *context, size_t index))
{
	const struct key key = { tasks->records, pid };
	long index = hash_find(table, hash_numbers((uint64_t)pid, 0), same, &key);

	return index < 0 ? NULL : &key.records[index];
}

/* The first of a group will do, for the case that its leader has ended. */
static int index_thread(struct snapshot *tasks, const struct task_record *task, size_t index)
{
	if (task->tid == task->tgid || !task->object[OBJECT_MM] || strchr(task->flags, 'W') ||
	    find(tasks, &tasks->by_tgid, task->tgid, is_in_group))
		return 0;
	return hash_add(&tasks->by_tgid, hash_numbers((uint64_t)task->tgid, 0), index);
}

int snapshot_index(struct snapshot *tasks)
{
	const struct task_record *records = tasks->records;

	for (size_t i = 0; i < tasks->count; i++)
		if (hash_add(&tasks->by_tid, hash_numbers((uint64_t)records[i].tid, 0), i) ||
		    index_thread(tasks, &records[i], i))
			return -1;
	return 0;
}

void snapshot_unindex(struct snapshot *tasks)
{
	hash_free(&tasks->by_tid);
	hash_free(&tasks->by_tgid);
}

const struct task_record *snapshot_task(const struct snapshot *tasks, pid_t tid)
{
	return find(tasks, &tasks->by_tid, tid, is_task);
}

const struct task_record *snapshot_process(const struct snapshot *tasks, pid_t tgid)
{
	const struct task_record *leader = snapshot_task(tasks, tgid), *thread;

	if (!leader || leader->object[OBJECT_MM] || strchr(leader->flags, 'K'))
		return leader;
	thread = find(tasks, &tasks->by_tgid, tgid, is_in_group);
	return thread ? thread : leader;
}

const char *snapshot_version(const struct snapshot *version, const char *key)
{
	const struct version_record *records = version->records;

	for (size_t i = 0; i < version->count; i++)
		if (!strcmp(records[i].key, key))
			return records[i].value;
	return NULL;
}
