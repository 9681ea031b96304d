/* SPDX-License-Identifier: GPL-2.0 */
/* What happens: probes on the kernel, and the counters that they add to. */
#ifndef SHARESTAT_EVENTS_EVENTS_H
#define SHARESTAT_EVENTS_EVENTS_H

#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/sched.h>

#include "sharestat.h"

/* counters.c */

/**
 * struct counter_set - per-CPU counters and where the last reset left them
 * @name: for messages
 * @now: per-CPU array of @count u64, only ever added to by the probes
 * @count: how many counters
 * @base: their values at the last reset, [cpu * count + i]
 *
 * A reset moves @base instead of writing to counters that a probe may be
 * adding to on another CPU, so no count is lost or comes back.
 */
struct counter_set {
	const char *name;
	u64 __percpu *now;
	unsigned int count;
	u64 *base;
};

int counter_set_init(struct counter_set *set);
void counter_set_exit(struct counter_set *set);

/**
 * counter_set_reset() - from here on count from zero on one CPU
 * @set: the counters
 * @cpu: which
 *
 * Context: on @cpu with interrupts off, or @cpu is offline.
 */
void counter_set_reset(struct counter_set *set, unsigned int cpu);

/**
 * counter_read() - a counter since the last reset
 * @set: the counters
 * @cpu: which CPU's
 * @index: which counter
 *
 * Context: any.
 */
u64 counter_read(const struct counter_set *set, unsigned int cpu, unsigned int index);

/**
 * counter_sum() - the same over all possible CPUs
 * @set: the counters
 * @index: which counter
 *
 * Context: any.
 */
u64 counter_sum(const struct counter_set *set, unsigned int index);

/* probes.c */

/**
 * struct tracepoint_probe - a function on a tracepoint of the kernel
 * @tracepoint: its name
 * @function: with the tracepoint's prototype
 * @found: filled by probes_init()
 */
struct tracepoint_probe {
	const char *tracepoint;
	void *function;
	struct tracepoint *found;
};

/**
 * struct probe - what one word of `enable` switches
 * @name: the word
 * @tracepoints: ends with an entry without a name; attached in this order and
 *	detached in reverse
 * @measure: calls its function once, for control_measure(); interrupts are off
 * @cost: ns of an event, as measured at load; 0 for not measured
 * @forget: drops what an earlier attachment left pending, or NULL; no probe
 *	function of it runs meanwhile
 * @attach: attaches what is no tracepoint, or NULL; process context
 * @detach: the reverse of @attach
 * @counters: what it counts in
 * @attached: changed by control.c alone, one at a time
 * @reason: a word that says why this kernel cannot, or NULL
 */
struct probe {
	const char *name;
	struct tracepoint_probe *tracepoints;
	void (*measure)(void);
	u64 cost;
	void (*forget)(void);
	int (*attach)(void);
	void (*detach)(void);
	struct counter_set *counters;
	bool attached;
	const char *reason;
};

enum probe_number {
	PROBE_SWITCHES,
	PROBE_TLB,
	PROBE_BIRTHS,
	PROBE_LATENCY,
	PROBES
};

extern struct probe switches_probe, tlb_probe, births_probe, latency_probe;

int probes_init(void);

/**
 * probes_exit() - free what they counted in; none is attached any more
 */
void probes_exit(void);

struct probe *probe_get(enum probe_number number);

/**
 * probe_attach() - have its functions called
 * @probe: one that is not attached
 *
 * Context: process context, sleeps; one caller at a time.
 * Return: 0, or -EOPNOTSUPP or what attaching gave, and nothing is attached.
 */
int probe_attach(struct probe *probe);

/**
 * probe_detach() - the reverse: when it returns none of its functions runs any more
 * @probe: one that is attached
 *
 * Context: as probe_attach().
 */
void probe_detach(struct probe *probe);

/* control.c */

/**
 * struct probe_words - what is asked of the probes: bits of enum probe_number
 * @on: switched on, until somebody switches them off
 * @hold: held by the one who asks
 * @off: switched off, and held by him no more
 *
 * A probe is in one of them or in none, and then stays as it is.
 */
struct probe_words {
	unsigned long on, hold, off;
};

/**
 * struct probe_holder - somebody who holds probes: an open descriptor of `enable`
 * @held: bits of enum probe_number
 */
struct probe_holder {
	unsigned long held;
};

/**
 * struct probe_use - why a probe is attached, or not
 * @attached: it is
 * @switched: on, until somebody switches it off
 * @holders: how many hold it
 */
struct probe_use {
	bool attached, switched;
	unsigned int holders;
};

/**
 * control_switch() - do what is asked, all or nothing
 * @holder: who asks
 * @words: what
 *
 * Context: process context, sleeps.
 * Return: 0, or -EINTR, -EOPNOTSUPP or what attaching gave, and all is as before.
 */
int control_switch(struct probe_holder *holder, const struct probe_words *words);

/**
 * control_let_go() - hold nothing any more
 * @holder: who
 *
 * Context: process context, sleeps, whatever signals are pending.
 */
void control_let_go(struct probe_holder *holder);

/**
 * control_read() - who uses the probes, at one moment
 * @use: of PROBES probes
 *
 * Context: process context, sleeps. Return: 0 or -EINTR.
 */
int control_read(struct probe_use *use);

/**
 * control_reset() - set all counters to zero, on each CPU between two events
 *
 * Not while somebody holds a probe: he takes differences of what he reads.
 *
 * Context: process context, sleeps.
 * Return: 0, -EBUSY, -ENOMEM or -EINTR.
 */
int control_reset(void);

/**
 * control_measure() - find out what an event costs, before anything is attached
 * Context: process context, at load.
 * Return: 0 or -ENOMEM.
 */
int control_measure(void);

/**
 * control_exit() - detach all: nobody can ask for anything any more
 */
void control_exit(void);

/* switches.c, latency.c */

/**
 * classify_switch() - what a context switch is to the address spaces
 * @prev: goes
 * @next: comes
 *
 * At sched_switch @prev->active_mm is still the one that a kernel thread
 * borrowed. A task past exit_mm() has no mm and counts as a kernel thread: it
 * runs on a borrowed one just so. Here for both probes of the switch, which must
 * cost it as little as can be.
 *
 * Context: under the runqueue lock.
 */
static inline enum switch_class classify_switch(const struct task_struct *prev,
						const struct task_struct *next)
{
	if (prev->mm) {
		if (!next->mm)
			return SWITCH_TO_KERNEL;
		return prev->mm == next->mm ? SWITCH_THREAD : SWITCH_PROCESS;
	}
	if (!next->mm)
		return SWITCH_KERNEL;
	return prev->active_mm == next->mm ? SWITCH_RETURN : SWITCH_RETURN_OTHER;
}

#define LATENCY_BUCKETS 32	/* the last one holds all from 2^31 ns on */

u64 switches_count(unsigned int cpu, enum switch_class class);
u64 latency_count(enum switch_class class, unsigned int bucket);
u64 latency_ns(unsigned int cpu, enum switch_class class);

/**
 * latency_measured() - was the latency probe ever attached since the load
 */
bool latency_measured(void);

/* tlb.c */
u64 tlb_count(unsigned int cpu, enum tlb_reason reason, enum tlb_outcome outcome);
u64 tlb_pages(unsigned int cpu, enum tlb_reason reason);

/* births.c */
struct birth_counts {
	u64 count, pgtables /* bytes */, vmas, pages;
};

struct birth_counts births_count(enum birth_kind kind);

#endif /* SHARESTAT_EVENTS_EVENTS_H */
