// SPDX-License-Identifier: GPL-2.0
/* Context switches by class. */
#include <linux/percpu.h>

#include "events/accounts.h"
#include "compat/tracepoint.h"
#include "events/events.h"
#include "events/trace.h"

static DEFINE_PER_CPU(u64, counts[SWITCH_CLASSES]);

/*
 * Charged to the address space that comes, or, when a kernel thread comes, to
 * the one that goes; from kernel thread to kernel thread to nobody.
 */
static __always_inline const struct task_struct *
charged(enum switch_class class, const struct task_struct *prev, const struct task_struct *next)
{
	return class == SWITCH_TO_KERNEL ? prev : next;
}

/* Out of line, so that the common case below needs no stack. */
static noinline notrace void count_rest(enum switch_class class,
					struct task_struct *prev, struct task_struct *next)
{
	accounts_of(charged(class, prev, next))[ACCOUNT_SWITCHES + class]++;
	trace_switch(class, prev, next);
}

/* Runs under the runqueue lock with interrupts off. */
static notrace void count_switch(void *unused, PROTO_SCHED_SWITCH)
{
	enum switch_class class = classify_switch(prev, next);
	u64 *account = NULL;

	__this_cpu_inc(counts[class]);
	if (class != SWITCH_KERNEL && !trace_switch_enabled())
		account = accounts_find(charged(class, prev, next));
	if (likely(account))
		account[ACCOUNT_SWITCHES + class]++;
	else
		count_rest(class, prev, next);
}

static void measure(void)
{
	CALL_SCHED_SWITCH(count_switch, current, current);
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
