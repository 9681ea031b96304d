// SPDX-License-Identifier: GPL-2.0
/* Finds the kernel's tracepoints by name; attaches and detaches the probes. */
#include <linux/bitops.h>
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/sched/clock.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "events/accounts.h"
#include "events/events.h"

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

/* Those before @end, the last one first. */
static void detach_tracepoints(struct probe *probe, struct tracepoint_probe *end)
{
	struct tracepoint_probe *point = end;

	while (point != probe->tracepoints) {
		point--;
		tracepoint_probe_unregister(point->found, point->function, NULL);
	}
	/* Nothing of it may run when it is attached the next time. */
	tracepoint_synchronize_unregister();
}

static int probe_attach(struct probe *probe)
{
	struct tracepoint_probe *point;
	int ret;

	lockdep_assert_held(&control_lock);
	if (probe->why)
		return -EOPNOTSUPP;
	ret = accounts_get();
	if (ret)
		return ret;
	if (probe->forget)
		probe->forget();
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
	struct tracepoint_probe *end = probe->tracepoints;

	lockdep_assert_held(&control_lock);
	if (probe->detach)
		probe->detach();
	while (end->tracepoint)
		end++;
	detach_tracepoints(probe, end);
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

	ret = control_begin();
	if (ret)
		return ret;
	ret = attach_all(on & ~off);
	if (!ret)
		for_each_set_bit(i, &off, PROBES)
			if (probes[i]->attached)
				probe_detach(probes[i]);
	control_end();
	return ret;
}

static void reset_cpu(struct account_tables *tables, unsigned int cpu)
{
	unsigned int i;

	for (i = 0; i < PROBES; i++)
		counter_set_reset(probes[i]->counters, cpu);
	if (tables)
		accounts_swap(tables, cpu);
}

/* With interrupts off no probe of this CPU is in the middle of an event. */
static void reset_here(void *tables)
{
	reset_cpu(tables, smp_processor_id());
}

static int reset_all(void)
{
	struct account_tables *tables = accounts_prepare();
	unsigned int cpu;

	if (IS_ERR(tables))
		return PTR_ERR(tables);
	cpus_read_lock();
	on_each_cpu(reset_here, tables, true);
	for_each_possible_cpu(cpu)
		if (!cpu_online(cpu))
			reset_cpu(tables, cpu);
	cpus_read_unlock();
	/* They now hold the old ones, which nobody can see any more. */
	accounts_free(tables);
	return 0;
}

int probes_reset(void)
{
	int ret = control_begin();

	if (ret)
		return ret;
	ret = reset_all();
	control_end();
	return ret;
}

#define MEASURED_EVENTS 1000

static void measure(struct probe *probe)
{
	unsigned long flags;
	unsigned int i;
	u64 since;

	local_irq_save(flags);
	since = local_clock();
	for (i = 0; i < MEASURED_EVENTS; i++)
		probe->measure();
	probe->cost = (local_clock() - since) / MEASURED_EVENTS;
	local_irq_restore(flags);
}

int probes_measure(void)
{
	unsigned int i;
	int ret;

	mutex_lock(&control_lock);
	ret = accounts_get();
	for (i = 0; !ret && i < PROBES; i++)
		if (!probes[i]->why)
			measure(probes[i]);
	if (!ret)
		ret = reset_all();
	mutex_unlock(&control_lock);
	return ret;
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
	accounts_exit();
	counters_exit(PROBES);
}
