// SPDX-License-Identifier: GPL-2.0
/* Context switches by class. */
#include <linux/percpu.h>

#include "compat/tracepoint.h"
#include "sharestat.h"
#include "trace.h"

static DEFINE_PER_CPU(u64, counts[SWITCH_CLASSES]);

/*
 * Charged to the address space that comes, or, when a kernel thread comes, to
 * the one that goes; from kernel thread to kernel thread to nobody.
 *
 * Runs under the runqueue lock with interrupts off.
 */
static notrace void count_switch(void *unused, PROTO_SCHED_SWITCH)
{
	enum switch_class class = classify_switch(prev, next);
	u64 *account = accounts_of(class == SWITCH_TO_KERNEL ? prev : next);

	__this_cpu_inc(counts[class]);
	account[ACCOUNT_SWITCHES + class]++;
	trace_switch(class, prev, next);
}

static void measure(void)
{
	count_switch(NULL, false, current, current, 0);
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
	.measure = measure,
	.counters = &counters,
};

u64 switches_count(unsigned int cpu, enum switch_class class)
{
	return counter_read(&counters, cpu, class);
}
