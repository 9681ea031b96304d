/* SPDX-License-Identifier: GPL-2.0 */
/* Sums of counters, and their differences. */
#ifndef SHARESTAT_MODEL_COUNTERS_H
#define SHARESTAT_MODEL_COUNTERS_H

#include "read/records.h"

/* Sums over the CPUs of the counter files, for differences around a piece of work. */
struct counters {
	uint64_t switches[SWITCH_CLASSES];
	uint64_t switch_ns[SWITCH_CLASSES];		/* ABSENT when latency is off */
	uint64_t tlb[TLB_REASONS][TLB_OUTCOMES];
	uint64_t tlb_pages[TLB_REASONS];		/* of range flushes */
	uint64_t births[BIRTH_KINDS];
	uint64_t birth_pgtables[BIRTH_KINDS];
	uint64_t birth_vmas[BIRTH_KINDS];
};

/** counter_add() - add to a sum a value that, like the sum so far, may be ABSENT */
void counter_add(uint64_t *sum, uint64_t value);

/**
 * counter_since() - one counter's difference
 * @now: or ABSENT
 * @before: or ABSENT
 *
 * Return: @now minus @before; @now itself when the counters were reset in
 * between or @before was not known yet; ABSENT when @now is.
 */
uint64_t counter_since(uint64_t now, uint64_t before);
/** counters_since() - @now minus @before, in place */
void counters_since(struct counters *now, const struct counters *before);

#endif
