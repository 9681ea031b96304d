// SPDX-License-Identifier: GPL-2.0
/* What `stat` counted of a program, run by run. */
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "model/accounts.h"
#include "model/descendants.h"
#include "model/run-counts.h"

static bool made_room(const struct account_record *row)
{
	return !row->tgid && (!strcmp(row->comm, "[overflow]") || !strcmp(row->comm, "[gone]"));
}

void stat_split(struct stat_run *run, const struct accounts *accounts,
		const struct family *family)
{
	for (size_t i = 0; i < accounts->count; i++) {
		const struct account_record *row = &accounts->rows[i];
		uint64_t *to = family_has(family, row->tgid) ? run->own : run->others;

		for (size_t j = 0; j < ACCOUNT_COUNTS; j++)
			to[j] += row->counts[j];
		if (made_room(row))
			run->unattributed += account_switches(row) + account_births(row);
	}
}

static double *samples_of(const struct stat_result *stat, enum account_count index, bool own)
{
	double *samples = xcalloc(stat->count + 1, sizeof(*samples));

	for (size_t i = 0; i < stat->count; i++)
		samples[i] = (double)(own ? stat->runs[i].own : stat->runs[i].others)[index];
	return samples;
}

struct summary stat_summary(const struct stat_result *stat, enum account_count index, bool own)
{
	double *samples = samples_of(stat, index, own);
	struct summary summary = summarize(samples, stat->count);

	free(samples);
	return summary;
}

double stat_mean(const struct stat_result *stat, enum account_count index, bool own)
{
	double sum = 0;

	for (size_t i = 0; i < stat->count; i++)
		sum += (double)(own ? stat->runs[i].own : stat->runs[i].others)[index];
	return stat->count ? sum / (double)stat->count : 0;
}

struct summary stat_seconds(const struct stat_result *stat)
{
	double *samples = xcalloc(stat->count + 1, sizeof(*samples));
	struct summary summary;

	for (size_t i = 0; i < stat->count; i++)
		samples[i] = stat->runs[i].seconds;
	summary = summarize(samples, stat->count);
	free(samples);
	return summary;
}
