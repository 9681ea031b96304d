// SPDX-License-Identifier: GPL-2.0
/* Finds the kernel's tracepoints by name; attaches and detaches the probes. */
#include <linux/bitops.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "sharestat.h"

/*
 * Nests outside the locks of the tracepoint core and of ftrace; nothing that
 * runs in a probe takes it.
 */
static DEFINE_MUTEX(control_lock);

static struct probe *const probes[PROBES] = {
	[PROBE_SWITCHES] = &switches_probe,
	[PROBE_TLB] = &tlb_probe,
	[PROBE_BIRTHS] = &births_probe,
	[PROBE_LATENCY] = &latency_probe,
};

const struct probe *probe_get(enum probe_number number)
{
	return probes[number];
}

static void find_tracepoint(struct tracepoint *tracepoint, void *unused)
{
	struct tracepoint_probe *point;
	unsigned int i;

	for (i = 0; i < PROBES; i++)
		for (point = probes[i]->tracepoints; point->tracepoint; point++)
			if (!strcmp(point->tracepoint, tracepoint->name))
				point->found = tracepoint;
}

static void detach_tracepoints(struct probe *probe, const struct tracepoint_probe *end)
{
	struct tracepoint_probe *point;

	for (point = probe->tracepoints; point != end && point->tracepoint; point++)
		tracepoint_probe_unregister(point->found, point->function, NULL);
}

static int probe_attach(struct probe *probe)
{
	struct tracepoint_probe *point;
	int ret;

	lockdep_assert_held(&control_lock);
	if (probe->why)
		return -EOPNOTSUPP;
	for (point = probe->tracepoints; point->tracepoint; point++) {
		ret = tracepoint_probe_register(point->found, point->function, NULL);
		if (ret)
			goto detach;
	}
	ret = probe->attach ? probe->attach() : 0;
	if (ret)
		goto detach;
	probe->attached = true;
	return 0;
detach:
	detach_tracepoints(probe, point);
	return ret;
}

static void probe_detach(struct probe *probe)
{
	lockdep_assert_held(&control_lock);
	if (probe->detach)
		probe->detach();
	detach_tracepoints(probe, NULL);
	probe->attached = false;
}

/* Attach all of @on that are not; on failure detach those again. */
static int attach_all(unsigned long on)
{
	unsigned long done = 0;
	unsigned int i;
	int ret;

	for_each_set_bit(i, &on, PROBES) {
		if (probes[i]->attached)
			continue;
		ret = probe_attach(probes[i]);
		if (ret)
			goto undo;
		__set_bit(i, &done);
	}
	return 0;
undo:
	for_each_set_bit(i, &done, PROBES)
		probe_detach(probes[i]);
	return ret;
}

int probes_switch(unsigned long on, unsigned long off)
{
	unsigned int i;
	int ret;

	ret = mutex_lock_killable(&control_lock);
	if (ret)
		return ret;
	ret = attach_all(on & ~off);
	if (!ret)
		for_each_set_bit(i, &off, PROBES)
			if (probes[i]->attached)
				probe_detach(probes[i]);
	mutex_unlock(&control_lock);
	return ret;
}

int probes_reset(void)
{
	unsigned int i;
	int ret;

	ret = mutex_lock_killable(&control_lock);
	if (ret)
		return ret;
	for (i = 0; i < PROBES; i++)
		counter_set_reset(probes[i]->counters);
	mutex_unlock(&control_lock);
	return 0;
}

static void counters_exit(unsigned int count)
{
	while (count--)
		counter_set_exit(probes[count]->counters);
}

int probes_init(void)
{
	struct tracepoint_probe *point;
	unsigned int i;
	int ret;

	for (i = 0; i < PROBES; i++) {
		ret = counter_set_init(probes[i]->counters);
		if (ret) {
			counters_exit(i);
			return ret;
		}
	}
	for_each_kernel_tracepoint(find_tracepoint, NULL);
	for (i = 0; i < PROBES; i++)
		for (point = probes[i]->tracepoints; point->tracepoint; point++)
			if (!point->found)
				probes[i]->why = "no_tracepoint";
	return 0;
}

void probes_exit(void)
{
	unsigned int i;

	mutex_lock(&control_lock);
	for (i = 0; i < PROBES; i++)
		if (probes[i]->attached)
			probe_detach(probes[i]);
	mutex_unlock(&control_lock);
	/* A probe function may still be running on another CPU. */
	tracepoint_synchronize_unregister();
	counters_exit(PROBES);
}
