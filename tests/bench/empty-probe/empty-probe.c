// SPDX-License-Identifier: GPL-2.0
/*
 * The floor of make bench-switch: a probe of sched_switch that does nothing.
 * Less than this no probe can cost.
 */
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

static struct tracepoint *sched_switch;

static notrace void do_nothing(void *unused, bool preempt, struct task_struct *prev,
			       struct task_struct *next, unsigned int prev_state)
{
}

static void find(struct tracepoint *tracepoint, void *unused)
{
	if (!strcmp(tracepoint->name, "sched_switch"))
		sched_switch = tracepoint;
}

static int __init empty_probe_init(void)
{
	for_each_kernel_tracepoint(find, NULL);
	if (!sched_switch)
		return -ENOENT;
	return tracepoint_probe_register(sched_switch, do_nothing, NULL);
}

static void __exit empty_probe_exit(void)
{
	tracepoint_probe_unregister(sched_switch, do_nothing, NULL);
	tracepoint_synchronize_unregister();
}

module_init(empty_probe_init);
module_exit(empty_probe_exit);
MODULE_DESCRIPTION("a probe of sched_switch that does nothing");
MODULE_LICENSE("GPL");
