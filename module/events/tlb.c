// SPDX-License-Identifier: GPL-2.0
/* TLB flushes by reason and outcome. */
#include <linux/percpu.h>

#include "events/accounts.h"
#include "compat/tracepoint.h"
#include "events/events.h"
#include "events/trace.h"

/* [reason][outcome], then the pages of the range flushes by reason. */
#define COUNTS (TLB_REASONS * TLB_OUTCOMES)

static DEFINE_PER_CPU(u64, counts[COUNTS + TLB_REASONS]);

/*
 * The task whose address space the switch under way on this CPU will load;
 * NULL when it loads none. The flush of a switch comes while `current` is still
 * the task that goes, and says nothing of the one that comes.
 *
 * Not referenced: it is about to run here, or is running, for as long as every
 * switch is noted. So sched_switch is attached before and detached after
 * tlb_flush, and what an earlier attachment left is forgotten.
 */
static DEFINE_PER_CPU(const struct task_struct *, coming);

/* Runs under the runqueue lock with interrupts off. */
static notrace void note_coming(void *unused, PROTO_SCHED_SWITCH)
{
	bool other = next->mm && next->mm != prev->active_mm;

	__this_cpu_write(coming, (other ? next : NULL));
}

static void forget_coming(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(coming, cpu) = NULL;
}

/*
 * At a switch: the address space that comes. Such an event without a switch
 * under way (exec, a lazy CPU that lets go of its mm) is nobody's. Else the
 * running task's: it began the flush, or is the victim whose translations go.
 * A kernel thread has none of its own, so what it begins is nobody's; a user
 * task that flushes for others (reclaim) is charged as the one who began it.
 */
static const struct task_struct *charge_to(int reason)
{
	const struct task_struct *task;

	if (reason != TLB_REASON_TASK_SWITCH)
		return current;
	task = __this_cpu_read(coming);
	__this_cpu_write(coming, NULL);
	return task;
}

/* The same row of the per-CPU counts and of the account. */
static void count(u64 *account, int reason, enum tlb_outcome outcome, unsigned long pages)
{
	unsigned int known = min_t(unsigned int, reason, TLB_REASON_OTHER);
	unsigned int row = known * TLB_OUTCOMES + outcome;

	__this_cpu_inc(counts[row]);
	account[ACCOUNT_TLB + row]++;
	if (outcome != TLB_OUTCOME_RANGE)
		return;
	__this_cpu_add(counts[COUNTS + known], pages);
	account[ACCOUNT_TLB_PAGES] += pages;
}

/*
 * At a switch the event fires with no pages when the TLB was kept, and with the largest
 * number for all of it. Of a shootdown the number is in strides of what was unmapped: none
 * when the range was smaller than one (page tables that go away), or when the CPU had done
 * it already, which the event cannot tell apart. May run with interrupts on, in any context.
 */
static notrace void count_flush(void *unused, PROTO_TLB_FLUSH)
{
	enum tlb_outcome outcome = TLB_OUTCOME_RANGE;
	const struct task_struct *task;
	unsigned long flags;

	if (tlb_flush_is_echo(reason, pages))
		return;
	if (!pages && reason == TLB_REASON_TASK_SWITCH)
		outcome = TLB_OUTCOME_KEPT;
	else if (pages == ULONG_MAX)
		outcome = TLB_OUTCOME_FULL;
	local_irq_save(flags);
	task = charge_to(reason);
	count(accounts_of(task), reason, outcome, pages);
	trace_tlb_flush(reason, outcome, pages, task);
	local_irq_restore(flags);
}

static void measure(void)
{
	count_flush(NULL, TLB_REASON_LOCAL_MM_SHOOTDOWN, 1);
}

static struct counter_set counters = {
	.name = "tlb",
	.now = counts,
	.count = COUNTS + TLB_REASONS,
};

static struct tracepoint_probe tracepoints[] = {
	{ "sched_switch", note_coming },
	{ "tlb_flush", count_flush },
	{ }
};

struct probe tlb_probe = {
	.name = "tlb",
	.tracepoints = tracepoints,
	.measure = measure,
	.forget = forget_coming,
	.counters = &counters,
	.reason = REASON_NO_TLB_FLUSH,
};

u64 tlb_count(unsigned int cpu, enum tlb_reason reason, enum tlb_outcome outcome)
{
	return counter_read(&counters, cpu, reason * TLB_OUTCOMES + outcome);
}

u64 tlb_pages(unsigned int cpu, enum tlb_reason reason)
{
	return counter_read(&counters, cpu, COUNTS + reason);
}
