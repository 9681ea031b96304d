// SPDX-License-Identifier: GPL-2.0
/* The counter files as sums over the CPUs. */
#include <string.h>

#include "measure/read-counters.h"
#include "model/counters.h"
#include "model/machine.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

#define ANY_CPU (-1L)

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
		counters->birth_pgtables[records[i].kind] += records[i].pgtables;
		counters->birth_vmas[records[i].kind] += records[i].vmas;
	}
}

static int read_counters(struct counters *counters, long cpu)
{
	struct snapshot file;

	memset(counters, 0, sizeof(*counters));
	if (environment()->without_module)	/* it offers no probe: all stay 0 */
		return 0;
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
