// SPDX-License-Identifier: GPL-2.0
/* What `top` reads at a moment, and what changed since. */
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "model/accounts.h"
#include "model/counters.h"
#include "model/top-sample.h"

void top_free(struct top_sample *sample)
{
	accounts_free(&sample->accounts);
	free(sample->cpus);
	*sample = (struct top_sample) { 0 };
}

static void *copy_of(const void *array, size_t count, size_t size)
{
	void *copy = xcalloc(count + 1, size);

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
	change->accounts.table = (struct hash_table) { 0 };
	counters_since(&change->all, &before->all);
	for (size_t i = 0; i < now->ncpus && i < before->ncpus; i++)
		counters_since(&change->cpus[i], &before->cpus[i]);
	accounts_since(&change->accounts, &before->accounts);
	accounts_by_group(&change->accounts);
}
