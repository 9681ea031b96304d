// SPDX-License-Identifier: GPL-2.0
/* Finds the kernel's tracepoints by name; attaches and detaches a probe. */
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

struct probe *probe_get(enum probe_number number)
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

int probe_attach(struct probe *probe)
{
	struct tracepoint_probe *point;
	int ret;

	if (probe->reason)
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

void probe_detach(struct probe *probe)
{
	struct tracepoint_probe *end = probe->tracepoints;

	if (probe->detach)
		probe->detach();
	while (end->tracepoint)
		end++;
	detach_tracepoints(probe, end);
	probe->attached = false;
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
				probes[i]->reason = "no_tracepoint";
	return 0;
}

void probes_exit(void)
{
	accounts_exit();
	counters_exit(PROBES);
}
