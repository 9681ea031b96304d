/* SPDX-License-Identifier: GPL-2.0 */
/* The records of a whole file. */
#ifndef SHARESTAT_READ_SNAPSHOT_H
#define SHARESTAT_READ_SNAPSHOT_H

#include <sys/types.h>

#include "lib/hash.h"
#include "read/formats.h"
#include "read/records.h"

struct snapshot {
	void *records;		/* an array of the format's record type */
	size_t count;
	const struct format *format;
	struct hash_table by_tid;	/* of tasks */
	struct hash_table by_tgid;	/* and of a thread with memory of each group */
};

/** snapshot_free() - give back the records, with what they own */
void snapshot_free(struct snapshot *snapshot);

/** snapshot_record() - record number @index, of the format's record type */
const void *snapshot_record(const struct snapshot *snapshot, size_t index);

/** snapshot_index() - what the next two functions need. Return: 0 or -1 (memory) */
int snapshot_index(struct snapshot *tasks);
/** snapshot_unindex() - give just that back, as snapshot_free() does, too */
void snapshot_unindex(struct snapshot *tasks);
/** snapshot_task() - the record of one task in an indexed snapshot of tasks, or NULL */
const struct task_record *snapshot_task(const struct snapshot *tasks, pid_t tid);

/**
 * snapshot_process() - the record that stands for a process
 * @tasks: an indexed snapshot of tasks
 * @tgid: the process
 *
 * Its leader's, or, when the leader has ended and others live on, that of one of its own
 * threads that has the memory.
 *
 * Return: the record, or NULL when there is no such process.
 */
const struct task_record *snapshot_process(const struct snapshot *tasks, pid_t tgid);

/** snapshot_version() - the value of a key in a snapshot of version, or NULL */
const char *snapshot_version(const struct snapshot *version, const char *key);

#endif
