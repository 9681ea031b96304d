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
	snapshot->records = NULL;
	snapshot->count = 0;
}

const void *snapshot_record(const struct snapshot *snapshot, size_t index)
{
	return (const char *)snapshot->records + index * snapshot->format->size;
}

const struct task_record *snapshot_task(const struct snapshot *tasks, pid_t tid)
{
	const struct task_record *records = tasks->records;

	for (size_t i = 0; i < tasks->count; i++)
		if (records[i].tid == tid)
			return &records[i];
	return NULL;
}

const char *snapshot_version(const struct snapshot *version, const char *key)
{
	const struct version_record *records = version->records;

	for (size_t i = 0; i < version->count; i++)
		if (!strcmp(records[i].key, key))
			return records[i].value;
	return NULL;
}
