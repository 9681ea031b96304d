// SPDX-License-Identifier: GPL-2.0
/* Context switches by class. */
#include <linux/percpu.h>

#include "compat/tracepoint.h"
#include "sharestat.h"

static DEFINE_PER_CPU(u64, counts[SWITCH_CLASSES]);

/* Runs under the runqueue lock with interrupts off. */
static notrace void count_switch(void *unused, PROTO_SCHED_SWITCH)
{
	this_cpu_inc(counts[classify_switch(prev, next)]);
}

static struct counter_set counters = {
	.name = "switches",
	.now = counts,
	.count = SWITCH_CLASSES,
};

static struct tracepoint_probe tracepoints[] = {
	{ "sched_switch", count_switch },
	{ }
};

struct probe switches_probe = {
	.name = "switches",
	.tracepoints = tracepoints,
	.counters = &counters,
};

u64 switches_count(unsigned int cpu, enum switch_class class)
{
	return counter_read(&counters, cpu, class);
}
