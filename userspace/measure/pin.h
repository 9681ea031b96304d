/* SPDX-License-Identifier: GPL-2.0 */
/* One CPU for timed work. */
#ifndef SHARESTAT_MEASURE_PIN_H
#define SHARESTAT_MEASURE_PIN_H

#include <stddef.h>

/**
 * pin_to() - bind the calling task, and those that it will start, to one CPU
 * @cpu: which
 *
 * They run there at the highest priority of normal tasks, so that others
 * hardly come between.
 *
 * Return: 0 or -1.
 */
int pin_to(unsigned int cpu);
/** unpin() - let the calling task run where it could when the tool began */
void unpin(void);
/** measuring_cpu() - the CPU that timed work is pinned to: the first allowed */
unsigned int measuring_cpu(void);
/**
 * measuring_cpus() - the CPUs for work that is done side by side
 * @cpus: filled, the first allowed one first
 * @most: how many it takes
 *
 * Return: how many there are, at the most @most.
 */
size_t measuring_cpus(unsigned int *cpus, size_t most);

#endif
