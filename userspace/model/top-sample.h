/* SPDX-License-Identifier: GPL-2.0 */
/* What `top` reads at a moment, and what changed since. */
#ifndef SHARESTAT_MODEL_TOP_SAMPLE_H
#define SHARESTAT_MODEL_TOP_SAMPLE_H

#include "model/accounts.h"
#include "model/counters.h"

/* The counters at a moment, or of an interval. */
struct top_sample {
	struct accounts accounts;	/* by thread group */
	struct counters *cpus;		/* by CPU; births are not per CPU */
	size_t ncpus;
	struct counters all;
	double time;			/* or the length of the interval */
};

/** top_free() - give back what a sample has */
void top_free(struct top_sample *sample);
/** top_since() - @change becomes what was counted from @before to @now */
void top_since(struct top_sample *change, const struct top_sample *now,
	       const struct top_sample *before);

#endif
