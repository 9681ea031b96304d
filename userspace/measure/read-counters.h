/* SPDX-License-Identifier: GPL-2.0 */
/* The counter files as sums over the CPUs. */
#ifndef SHARESTAT_MEASURE_READ_COUNTERS_H
#define SHARESTAT_MEASURE_READ_COUNTERS_H

#include "model/counters.h"

/**
 * counters_read() - read switches, tlb and births
 * @counters: filled; what this kernel, or a missing module, does not offer stays 0:
 *	environment_offers() says what means something
 *
 * Return: 0, or -1 explained.
 */
int counters_read(struct counters *counters);
/** counters_read_cpu() - the same, switches and tlb of one CPU only */
int counters_read_cpu(struct counters *counters, unsigned int cpu);

#endif
