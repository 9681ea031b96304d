/* SPDX-License-Identifier: GPL-2.0 */
/* What the page shows beyond the claims. */
#ifndef SHARESTAT_MODEL_PICTURE_H
#define SHARESTAT_MODEL_PICTURE_H

#include "model/frame-sets.h"

#define LATENCY_BUCKETS 64

struct latencies {
	uint64_t buckets[2][LATENCY_BUCKETS];	/* of processes, of threads */
};

struct picture {
	bool has_family, has_latencies;
	char no_family[128], no_latencies[128];	/* why, when its experiment came to no end */
	struct overlap family;
	struct latencies latencies;
};

#endif
