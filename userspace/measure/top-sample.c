// SPDX-License-Identifier: GPL-2.0
/* What `top` reads: the accounts, and the counters of each CPU. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "measure/interval.h"
#include "measure/top-sample.h"

static struct counters *cpu_of(struct top_sample *sample, unsigned int cpu)
{
	if (cpu >= sample->ncpus) {
		sample->cpus = reallocarray(sample->cpus, cpu + 1, sizeof(*sample->cpus));
		if (!sample->cpus)
			err(EXIT_FAILURE, "CPUs");
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
	*sample = (struct top_sample) { .time = interval_now() };
	if (!read_switches(sample) && !read_flushes(sample) && !read_births(sample) &&
	    !accounts_read(&sample->accounts, ACCOUNTS_ALL))
		return 0;
	top_free(sample);
	return -1;
}

void top_free(struct top_sample *sample)
{
	accounts_free(&sample->accounts);
	free(sample->cpus);
	*sample = (struct top_sample) { 0 };
}

static void *copy_of(const void *array, size_t count, size_t size)
{
	void *copy = calloc(count + 1, size);

	if (!copy)
		err(EXIT_FAILURE, "top");
	if (count)
		memcpy(copy, array, count * size);
	return copy;
}

void top_since(struct top_sample *change, const struct top_sample *now,
	       const struct top_sample *before)
{
	*change = *now;
	change->time = now->time - before->time;
	change->cpus = copy_of(now->cpus, now->ncpus, sizeof(*now->cpus));
	change->accounts.rows = copy_of(now->accounts.rows, now->accounts.count,
					sizeof(*now->accounts.rows));
	change->accounts.capacity = now->accounts.count;
	counters_since(&change->all, &before->all);
	for (size_t i = 0; i < now->ncpus && i < before->ncpus; i++)
		counters_since(&change->cpus[i], &before->cpus[i]);
	accounts_since(&change->accounts, &before->accounts);
	accounts_by_group(&change->accounts);
}
