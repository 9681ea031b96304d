// SPDX-License-Identifier: GPL-2.0
/* Whole files of the module as arrays, and the counters as sums. */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "read/snapshot.h"
#include "read/open.h"

#define ANY_CPU (-1L)

struct collector {
	struct snapshot *snapshot;
	const pid_t *tgids;		/* NULL: all */
	size_t ntgids, capacity;
};

static bool wanted(const struct collector *collector, const void *record)
{
	pid_t tgid = record_tgid(collector->snapshot->format, record);

	if (!collector->tgids || tgid < 0)
		return true;
	for (size_t i = 0; i < collector->ntgids; i++)
		if (collector->tgids[i] == tgid)
			return true;
	return false;
}

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

	if (!wanted(collector, record))
		return 0;
	if (make_room(collector))
		return ENOMEM;
	copy = (char *)snapshot->records + snapshot->count * size;
	memcpy(copy, record, size);
	snapshot->count++;	/* before: a failed copy has to be freed as well */
	return record_own(snapshot->format, copy) ? ENOMEM : 0;
}

static void explain(const char *file, const struct parse_error *error, int result)
{
	if (result > 0)
		warnx("%s: %s", source_path(file), strerror(result));
	else if (error->line)
		warnx("%s: line %lu: %s", source_path(file), error->line, error->why);
	else
		warnx("%s: %s", source_path(file), error->why);
}

int snapshot_read(struct snapshot *snapshot, const struct format *format,
		  const pid_t *tgids, size_t count)
{
	bool filters_itself = format == &format_vmas || format == &format_frames;
	struct collector collector = {
		.snapshot = snapshot, .tgids = count ? tgids : NULL, .ntgids = count,
	};
	struct parse_error error;
	FILE *in;
	int result;

	*snapshot = (struct snapshot) { .format = format };
	in = filters_itself ? source_open_for(format->file, tgids, count) :
			      source_open(format->file);
	if (!in)
		return -1;
	result = parse_file(in, format, collect, &collector, &error);
	fclose(in);
	if (result)
		explain(format->file, &error, result);
	else if (count && !snapshot->count)
		warnx("%s: nothing in it of the processes asked for", source_path(format->file));
	else
		return 0;
	snapshot_free(snapshot);
	return -1;
}

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

void counter_add(uint64_t *sum, uint64_t value)
{
	if (value != ABSENT)
		*sum = *sum == ABSENT ? value : *sum + value;
}

static void add_switches(struct counters *counters, const struct snapshot *file,
			 long cpu)
{
	const struct switch_record *records = file->records;

	for (size_t i = 0; i < SWITCH_CLASSES; i++)
		counters->switch_ns[i] = ABSENT;
	for (size_t i = 0; i < file->count; i++) {
		if (cpu != ANY_CPU && records[i].cpu != cpu)
			continue;
		counters->switches[records[i].class] += records[i].count;
		counter_add(&counters->switch_ns[records[i].class], records[i].ns);
	}
}

static void add_tlb(struct counters *counters, const struct snapshot *file, long cpu)
{
	const struct tlb_record *records = file->records;

	for (size_t i = 0; i < file->count; i++) {
		const struct tlb_record *record = &records[i];

		if (cpu != ANY_CPU && record->cpu != cpu)
			continue;
		counter_add(&counters->tlb[record->reason][record->outcome], record->count);
		if (record->outcome == TLB_OUTCOME_RANGE)
			counter_add(&counters->tlb_pages[record->reason], record->pages);
	}
}

static void add_births(struct counters *counters, const struct snapshot *file)
{
	const struct birth_record *records = file->records;

	for (size_t i = 0; i < file->count; i++) {
		counters->births[records[i].kind] += records[i].count;
		counters->birth_pgtable_bytes[records[i].kind] += records[i].pgtable_bytes;
		counters->birth_vmas[records[i].kind] += records[i].vmas;
	}
}

static int read_counters(struct counters *counters, long cpu)
{
	struct snapshot file;

	memset(counters, 0, sizeof(*counters));
	if (snapshot_read(&file, &format_switches, NULL, 0))
		return -1;
	add_switches(counters, &file, cpu);
	snapshot_free(&file);
	if (snapshot_read(&file, &format_tlb, NULL, 0))
		return -1;
	add_tlb(counters, &file, cpu);
	snapshot_free(&file);
	if (snapshot_read(&file, &format_births, NULL, 0))
		return -1;
	add_births(counters, &file);
	snapshot_free(&file);
	return 0;
}

int counters_read(struct counters *counters)
{
	return read_counters(counters, ANY_CPU);
}

int counters_read_cpu(struct counters *counters, unsigned int cpu)
{
	return read_counters(counters, cpu);
}

uint64_t counter_since(uint64_t now, uint64_t before)
{
	if (now == ABSENT || before == ABSENT || now < before)
		return now;
	return now - before;
}

/* struct counters is nothing but counters, so its members need no names here. */
void counters_since(struct counters *now, const struct counters *before)
{
	uint64_t *value = (uint64_t *)now;
	const uint64_t *old = (const uint64_t *)before;

	_Static_assert(sizeof(*now) % sizeof(*value) == 0, "not only counters");
	for (size_t i = 0; i < sizeof(*now) / sizeof(*value); i++)
		value[i] = counter_since(value[i], old[i]);
}
