// SPDX-License-Identifier: GPL-2.0
/* What `top` reads: the accounts, and the counters of each CPU. */
#include <string.h>

#include "lib/xalloc.h"
#include "measure/clock.h"
#include "measure/read-accounts.h"
#include "measure/top-sample.h"
#include "model/counters.h"
#include "model/top-sample.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

static struct counters *cpu_of(struct top_sample *sample, unsigned int cpu)
{
	if (cpu >= sample->ncpus) {
		sample->cpus = xreallocarray(sample->cpus, cpu + 1, sizeof(*sample->cpus));
		memset(sample->cpus + sample->ncpus, 0,
		       (cpu + 1 - sample->ncpus) * sizeof(*sample->cpus));
		sample->ncpus = cpu + 1;
	}
	return &sample->cpus[cpu];
}

static int read_switches(struct top_sample *sample)
{
	struct snapshot file;

	if (snapshot_read(&file, &format_switches, NULL, 0))
		return -1;
	for (size_t i = 0; i < file.count; i++) {
		const struct switch_record *record = snapshot_record(&file, i);

		cpu_of(sample, record->cpu)->switches[record->class] += record->count;
		sample->all.switches[record->class] += record->count;
	}
	snapshot_free(&file);
	return 0;
}

static int read_flushes(struct top_sample *sample)
{
	struct snapshot file;

	if (snapshot_read(&file, &format_tlb, NULL, 0))
		return -1;
	for (size_t i = 0; i < file.count; i++) {
		const struct tlb_record *record = snapshot_record(&file, i);

		counter_add(&cpu_of(sample, record->cpu)->tlb[record->reason][record->outcome],
			    record->count);
		counter_add(&sample->all.tlb[record->reason][record->outcome], record->count);
	}
	snapshot_free(&file);
	return 0;
}

static int read_births(struct top_sample *sample)
{
	struct snapshot file;

	if (snapshot_read(&file, &format_births, NULL, 0))
		return -1;
	for (size_t i = 0; i < file.count; i++) {
		const struct birth_record *record = snapshot_record(&file, i);

		sample->all.births[record->kind] += record->count;
	}
	snapshot_free(&file);
	return 0;
}

int top_read(struct top_sample *sample)
{
	*sample = (struct top_sample) { .time = now_seconds() };
	if (!read_switches(sample) && !read_flushes(sample) && !read_births(sample) &&
	    !accounts_read(&sample->accounts, ACCOUNTS_ALL))
		return 0;
	top_free(sample);
	return -1;
}
