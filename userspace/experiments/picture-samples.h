/* SPDX-License-Identifier: GPL-2.0 */
/* What the page shows beyond the claims: a family to look at, and latencies. */
#ifndef SHARESTAT_REPORT_PICTURE_H
#define SHARESTAT_REPORT_PICTURE_H

#include "model/frame-sets.h"

/**
 * picture_family() - look at a parent, its thread, and two children
 * @overlap: filled; free it with overlap_free()
 *
 * Return: 0, or -1 when they could not be started or looked at.
 */
int picture_family(struct overlap *overlap);

#define LATENCY_BUCKETS 64

struct latencies {
	uint64_t buckets[2][LATENCY_BUCKETS];	/* of processes, of threads */
};

/**
 * picture_latencies() - let processes, then threads switch under the latency probe
 * @latencies: filled
 *
 * Return: 0, or -1 when this kernel does not offer the probe.
 */
int picture_latencies(struct latencies *latencies);

#endif
