// SPDX-License-Identifier: GPL-2.0
/* TLB flushes by reason and outcome. */
#include <linux/percpu.h>

#include "compat/tracepoint.h"
#include "sharestat.h"

/* [reason][outcome], then the pages of the range flushes by reason. */
#define COUNTS (TLB_REASONS * TLB_OUTCOMES)

static DEFINE_PER_CPU(u64, counts[COUNTS + TLB_REASONS]);

/*
 * The event fires with no pages when the TLB was kept, and with the largest
 * number for all of it. May run with interrupts on, in any context.
 */
static notrace void count_flush(void *unused, PROTO_TLB_FLUSH)
{
	unsigned int row = min_t(unsigned int, reason, TLB_REASON_OTHER);
	enum tlb_outcome outcome = TLB_OUTCOME_RANGE;

	if (!pages)
		outcome = TLB_OUTCOME_KEPT;
	else if (pages == ULONG_MAX)
		outcome = TLB_OUTCOME_FULL;
	else
		this_cpu_add(counts[COUNTS + row], pages);
	this_cpu_inc(counts[row * TLB_OUTCOMES + outcome]);
}

static struct counter_set counters = {
	.name = "tlb",
	.now = counts,
	.count = COUNTS + TLB_REASONS,
};

static struct tracepoint_probe tracepoints[] = {
	{ "tlb_flush", count_flush },
	{ }
};

struct probe tlb_probe = {
	.name = "tlb",
	.tracepoints = tracepoints,
	.counters = &counters,
};

u64 tlb_count(unsigned int cpu, enum tlb_reason reason, enum tlb_outcome outcome)
{
	return counter_read(&counters, cpu, reason * TLB_OUTCOMES + outcome);
}

u64 tlb_pages(unsigned int cpu, enum tlb_reason reason)
{
	return counter_read(&counters, cpu, COUNTS + reason);
}
