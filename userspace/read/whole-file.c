// SPDX-License-Identifier: GPL-2.0
/* Whole files of the module as arrays. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/pid-list.h"
#include "read/ended.h"
#include "read/explain.h"
#include "read/formats.h"
#include "read/open.h"
#include "read/parse-text.h"
#include "read/record.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

/* What a filter of the module's may have had to leave to its reader. */
struct sieve {
	const struct format *format;
	const pid_t *tgids;
	size_t ntgids;			/* 0: all */
	bool may_end;			/* who has is nothing to be explained */
	struct pid_list groups;		/* the same, while it is read */
	int (*each)(const void *record, void *arg);
	void *arg;
	bool any;			/* was there one? */
};

static bool wanted(struct sieve *sieve, const void *record)
{
	pid_t tgid = record_tgid(sieve->format, record);

	return tgid < 0 || pid_list_note(&sieve->groups, tgid);
}

static int sift(const void *record, void *arg)
{
	struct sieve *sieve = arg;

	if (!wanted(sieve, record))
		return 0;
	sieve->any = true;
	return sieve->each(record, sieve->arg);
}

/* Return: 0, or -1 after an explanation. */
static int read_from(FILE *in, struct sieve *sieve)
{
	struct parse_error error;
	int result;

	pid_list_init(&sieve->groups, sieve->tgids, sieve->ntgids);
	result = parse_file(in, sieve->format, sift, sieve, &error);
	fclose(in);
	if (result)
		parse_explain(source_path(sieve->format->file), "line", &error, result);
	else if (!sieve->may_end)
		result = processes_remain(&sieve->groups);
	pid_list_free(&sieve->groups);
	return result ? -1 : 0;
}

int records_read(const struct format *format, const pid_t *tgids, size_t count,
		 int (*each)(const void *record, void *arg), void *arg)
{
	bool filters_itself = format == &format_vmas || format == &format_frames;
	struct sieve sieve = {
		.format = format, .tgids = tgids, .ntgids = count,
		.each = each, .arg = arg,
	};
	FILE *in = filters_itself ? source_open_for(format->file, tgids, count) :
				    source_open(format->file);

	if (!in || read_from(in, &sieve))
		return -1;
	if (!count || sieve.any)
		return 0;
	warnx("%s: nothing in it of the processes asked for", source_path(format->file));
	return -1;
}

struct collector {
	struct snapshot *snapshot;
	size_t capacity;
};

static int make_room(struct collector *collector)
{
	struct snapshot *snapshot = collector->snapshot;
	size_t capacity = collector->capacity ? 2 * collector->capacity : 64;
	void *records;

	if (snapshot->count < collector->capacity)
		return 0;
	records = reallocarray(snapshot->records, capacity, snapshot->format->size);
	if (!records)
		return -1;
	snapshot->records = records;
	collector->capacity = capacity;
	return 0;
}

static int collect(const void *record, void *arg)
{
	struct collector *collector = arg;
	struct snapshot *snapshot = collector->snapshot;
	size_t size = snapshot->format->size;
	char *copy;

	if (make_room(collector))
		return ENOMEM;
	copy = (char *)snapshot->records + snapshot->count * size;
	memcpy(copy, record, size);
	snapshot->count++;	/* before: a failed copy has to be freed as well */
	return record_own(snapshot->format, copy) ? ENOMEM : 0;
}

int snapshot_read(struct snapshot *snapshot, const struct format *format,
		  const pid_t *tgids, size_t count)
{
	struct collector collector = { .snapshot = snapshot };
	int result;

	*snapshot = (struct snapshot) { .format = format };
	result = records_read(format, tgids, count, collect, &collector);
	if (!result && format == &format_tasks && snapshot_index(snapshot)) {
		warnx("%s: %s", source_path(format->file), strerror(ENOMEM));
		result = -1;
	}
	if (result)
		snapshot_free(snapshot);
	return result;
}

int snapshot_read_process(struct snapshot *snapshot, const struct format *format, pid_t tgid,
			  bool *gone)
{
	struct collector collector = { .snapshot = snapshot };
	struct sieve sieve = {
		.format = format, .tgids = &tgid, .ntgids = 1, .may_end = true,
		.each = collect, .arg = &collector,
	};
	FILE *in = source_open_process(format->file, tgid, gone);

	*snapshot = (struct snapshot) { .format = format };
	if (!in)
		return -1;
	if (!read_from(in, &sieve) && sieve.any)
		return 0;
	*gone = !sieve.any;
	snapshot_free(snapshot);
	return -1;
}

int processes_remain(const struct pid_list *asked)
{
	size_t noted = 0;
	struct snapshot tasks;
	int result = 0;

	while (noted < asked->count && asked->noted[noted])
		noted++;
	if (noted == asked->count)
		return 0;
	if (snapshot_read(&tasks, &format_tasks, NULL, 0))
		return -1;
	for (size_t i = noted; i < asked->count && !result; i++) {
		const struct task_record *task = snapshot_process(&tasks, asked->pids[i]);

		if (asked->noted[i] || (task && task->object[OBJECT_MM]))
			continue;
		process_ended(asked->pids[i]);
		result = -1;
	}
	snapshot_free(&tasks);
	return result;
}

uint64_t page_size(void)
{
	struct snapshot version;
	const char *value;
	uint64_t size = 0;

	if (snapshot_read(&version, &format_version, NULL, 0))
		return 0;
	value = snapshot_version(&version, "page_size");
	if (value)
		size = strtoull(value, NULL, 10);
	if (!size)
		warnx("%s: no page_size in it", source_path("version"));
	snapshot_free(&version);
	return size;
}
