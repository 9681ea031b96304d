// SPDX-License-Identifier: GPL-2.0
/* How long a context switch takes inside the kernel, by class. */
#include <linux/log2.h>
#include <linux/percpu.h>
#include <linux/sched/clock.h>

#include "compat/ftrace.h"
#include "compat/tracepoint.h"
#include "events/events.h"

/* [class][bucket], then the sum of the nanoseconds by class. */
#define COUNTS (SWITCH_CLASSES * LATENCY_BUCKETS)

static DEFINE_PER_CPU(u64, counts[COUNTS + SWITCH_CLASSES]);

/* The switch that is under way on this CPU; start is 0 for none. */
struct pending {
	u64 start;
	enum switch_class class;
};

static DEFINE_PER_CPU(struct pending, pending);

static bool measured;

static notrace void begin_switch(void *unused, PROTO_SCHED_SWITCH)
{
	struct pending *here = this_cpu_ptr(&pending);

	here->class = classify_switch(prev, next);
	here->start = local_clock();
}

/*
 * finish_task_switch() runs next on the same CPU, with interrupts off, on the
 * stack of the task that came.
 */
static notrace void end_switch(unsigned long ip, unsigned long parent_ip,
			       struct ftrace_ops *ops, struct ftrace_regs *regs)
{
	struct pending *here = this_cpu_ptr(&pending);
	u64 ns;

	/* The first one after attaching has no beginning. */
	if (!here->start)
		return;
	ns = local_clock() - here->start;
	here->start = 0;
	this_cpu_inc(counts[here->class * LATENCY_BUCKETS +
			    min_t(unsigned int, ilog2(ns | 1), LATENCY_BUCKETS - 1)]);
	this_cpu_add(counts[COUNTS + here->class], ns);
}

/* Without what ftrace adds: its own cost is not ours to call. */
static void measure(void)
{
	CALL_SCHED_SWITCH(begin_switch, current, current);
	end_switch(0, 0, NULL, NULL);
}

/*
 * Permanent: kernel.ftrace_enabled=0 and this refuse each other. It would not be
 * called, and the counters of an attached probe would stand still.
 */
static struct ftrace_ops finish_ops = {
	.func = end_switch,
	.flags = FTRACE_OPS_FL_RECURSION | FTRACE_OPS_FL_PERMANENT,
};

/* A begin whose end came after the last detach must not meet a later one's. */
static void forget_pending(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		per_cpu_ptr(&pending, cpu)->start = 0;
}

/*
 * Not ftrace_free_filter(), which leaves pointers to what it freed: the next
 * attachment would use them, and the next detachment free them again.
 */
static void forget_filter(void)
{
	ftrace_set_filter(&finish_ops, NULL, 0, 1);
}

static int attach_finish(void)
{
	/* The compiler may have cloned it as .isra.0; ftrace writes into this. */
	unsigned char name[] = "finish_task_switch*";
	int ret;

	ret = ftrace_set_filter(&finish_ops, name, sizeof(name) - 1, 1);
	if (ret)
		return ret;
	ret = register_ftrace_function(&finish_ops);
	if (ret) {
		forget_filter();
		return ret;
	}
	WRITE_ONCE(measured, true);
	return 0;
}

static void detach_finish(void)
{
	unregister_ftrace_function(&finish_ops);
	forget_filter();
}

static struct counter_set counters = {
	.name = "latency",
	.now = counts,
	.count = COUNTS + SWITCH_CLASSES,
};

static struct tracepoint_probe tracepoints[] = {
	{ "sched_switch", begin_switch },
	{ }
};

struct probe latency_probe = {
	.name = "latency",
	.tracepoints = tracepoints,
	.measure = measure,
	.forget = forget_pending,
	.attach = attach_finish,
	.detach = detach_finish,
	.counters = &counters,
};

bool latency_measured(void)
{
	return READ_ONCE(measured);
}

u64 latency_count(enum switch_class class, unsigned int bucket)
{
	return counter_sum(&counters, class * LATENCY_BUCKETS + bucket);
}

u64 latency_ns(unsigned int cpu, enum switch_class class)
{
	return counter_read(&counters, cpu, COUNTS + class);
}
