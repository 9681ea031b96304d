// SPDX-License-Identifier: GPL-2.0
/* Per-CPU counters that can be reset while they are being counted. */
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "events/events.h"

static u64 raw(const struct counter_set *set, unsigned int cpu, unsigned int index)
{
	return READ_ONCE(per_cpu_ptr(set->now, cpu)[index]);
}

int counter_set_init(struct counter_set *set)
{
	set->base = kvcalloc(nr_cpu_ids, set->count * sizeof(*set->base), GFP_KERNEL);
	return set->base ? 0 : -ENOMEM;
}

void counter_set_exit(struct counter_set *set)
{
	kvfree(set->base);
	set->base = NULL;
}

void counter_set_reset(struct counter_set *set, unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < set->count; i++)
		WRITE_ONCE(set->base[cpu * set->count + i], raw(set, cpu, i));
}

/*
 * A reader beside a reset may see some counters from before and some from
 * after it; the same happens to a reader of the counters of other CPUs.
 */
u64 counter_read(const struct counter_set *set, unsigned int cpu, unsigned int index)
{
	u64 base = READ_ONCE(set->base[cpu * set->count + index]);

	return raw(set, cpu, index) - base;
}

u64 counter_sum(const struct counter_set *set, unsigned int index)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += counter_read(set, cpu, index);
	return sum;
}
