/* SPDX-License-Identifier: GPL-2.0 */
/* What the page shows beyond the claims: a family to look at, and latencies. */
#ifndef SHARESTAT_EXPERIMENTS_PICTURE_SAMPLES_H
#define SHARESTAT_EXPERIMENTS_PICTURE_SAMPLES_H

#include "model/picture.h"

#define FAMILY_SPACES 3		/* a parent and two children */

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

/**
 * picture_measure() - both, each in a process of its own that is killed when it hangs
 * @picture: filled; free its family, when it has one, with overlap_free()
 */
void picture_measure(struct picture *picture);

#endif
