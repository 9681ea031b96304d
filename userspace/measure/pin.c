// SPDX-License-Identifier: GPL-2.0
/* One CPU for timed work. */
#include <sched.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "measure/pin.h"

/* Others that want the same CPU then get some per cent of it, not half. */
#define NICE_PINNED	(-20)

/* How the tool was to run before it first pinned itself. */
static const struct scheduling {
	cpu_set_t cpus;
	int nice;
} *scheduling_at_start(void)
{
	static struct scheduling start;

	if (CPU_COUNT(&start.cpus))
		return &start;
	if (sched_getaffinity(0, sizeof(start.cpus), &start.cpus))
		CPU_SET(0, &start.cpus);
	start.nice = getpriority(PRIO_PROCESS, 0);
	return &start;
}

size_t measuring_cpus(unsigned int *cpus, size_t most)
{
	size_t count = 0;

	for (unsigned int cpu = 0; cpu < CPU_SETSIZE && count < most; cpu++) {
		if (CPU_ISSET(cpu, &scheduling_at_start()->cpus))
			cpus[count++] = cpu;
	}
	return count;
}

unsigned int measuring_cpu(void)
{
	unsigned int first = 0;

	measuring_cpus(&first, 1);
	return first;
}

int pin_to(unsigned int cpu)
{
	cpu_set_t one;

	scheduling_at_start();
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	setpriority(PRIO_PROCESS, 0, NICE_PINNED);
	return sched_setaffinity(0, sizeof(one), &one);
}

void unpin(void)
{
	setpriority(PRIO_PROCESS, 0, scheduling_at_start()->nice);
	sched_setaffinity(0, sizeof(cpu_set_t), &scheduling_at_start()->cpus);
}
