/* SPDX-License-Identifier: GPL-2.0 */
/* What the page shows beyond the claims: a family to look at, and latencies. */
#ifndef SHARESTAT_EXPERIMENTS_PICTURE_SAMPLES_H
#define SHARESTAT_EXPERIMENTS_PICTURE_SAMPLES_H

#include "model/picture.h"

/**
 * picture_family() - look at a parent, its thread, and two children
 * @overlap: filled; free it with overlap_free()
 *
 * Return: 0, or -1 when they could not be started or looked at.
 */
int picture_family(struct overlap *overlap);

/**
 * picture_latencies() - let processes, then threads switch under the latency probe
 * @latencies: filled
 *
 * Return: 0, or -1 when this kernel does not offer the probe.
 */
int picture_latencies(struct latencies *latencies);

#endif
