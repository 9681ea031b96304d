// SPDX-License-Identifier: GPL-2.0
/*
 * Who wants which probes. A probe is attached while it is switched on or somebody
 * holds it, so what one of them does changes nothing for another.
 */
#include <linux/bitops.h>
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/sched/clock.h>
#include <linux/smp.h>

#include "events/accounts.h"
#include "events/events.h"

/*
 * One at a time attaches, detaches or resets. Nests outside the locks of the
 * accounts, of the tracepoint core and of ftrace; nothing that runs in a probe
 * takes it.
 */
static DEFINE_MUTEX(control_lock);

static unsigned long switched_on;
static unsigned int holders[PROBES];

static bool is_wanted(enum probe_number number)
{
	return test_bit(number, &switched_on) || holders[number];
}

static void detach_unwanted(void)
{
	enum probe_number number;

	for (number = 0; number < PROBES; number++)
		if (probe_get(number)->attached && !is_wanted(number))
			probe_detach(probe_get(number));
}

/* On failure those that nobody wanted before are detached again. */
static int attach_all(unsigned long wanted)
{
	enum probe_number number;
	int ret = 0;

	for_each_set_bit(number, &wanted, PROBES) {
		if (probe_get(number)->attached)
			continue;
		ret = probe_attach(probe_get(number));
		if (ret)
			break;
	}
	if (ret)
		detach_unwanted();
	return ret;
}

static void set_held(struct probe_holder *holder, unsigned long held)
{
	enum probe_number number;

	for (number = 0; number < PROBES; number++) {
		holders[number] += test_bit(number, &held);
		holders[number] -= test_bit(number, &holder->held);
	}
	holder->held = held;
}

int control_switch(struct probe_holder *holder, const struct probe_words *words)
{
	int ret = mutex_lock_killable(&control_lock);

	if (ret)
		return ret;
	ret = attach_all(words->on | words->hold);
	if (!ret) {
		switched_on = (switched_on | words->on) & ~words->off;
		set_held(holder, (holder->held | words->hold) & ~words->off);
		detach_unwanted();
	}
	mutex_unlock(&control_lock);
	return ret;
}

void control_let_go(struct probe_holder *holder)
{
	/* Its last thread may have been killed: that must not keep the probes on. */
	mutex_lock(&control_lock);
	set_held(holder, 0);
	detach_unwanted();
	mutex_unlock(&control_lock);
}

int control_read(struct probe_use *use)
{
	enum probe_number number;
	int ret = mutex_lock_killable(&control_lock);

	if (ret)
		return ret;
	for (number = 0; number < PROBES; number++)
		use[number] = (struct probe_use) {
			.attached = probe_get(number)->attached,
			.switched = test_bit(number, &switched_on),
			.holders = holders[number],
		};
	mutex_unlock(&control_lock);
	return 0;
}

static void reset_cpu(struct account_tables *tables, unsigned int cpu)
{
	enum probe_number number;

	for (number = 0; number < PROBES; number++)
		counter_set_reset(probe_get(number)->counters, cpu);
	if (tables)
		accounts_swap(tables, cpu);
}

/* With interrupts off no probe of this CPU is in the middle of an event. */
static void reset_here(void *tables)
{
	reset_cpu(tables, smp_processor_id());
}

static int reset_all(void)
{
	struct account_tables *tables = accounts_prepare();
	unsigned int cpu;

	if (IS_ERR(tables))
		return PTR_ERR(tables);
	accounts_lock();
	cpus_read_lock();
	on_each_cpu(reset_here, tables, true);
	for_each_possible_cpu(cpu)
		if (!cpu_online(cpu))
			reset_cpu(tables, cpu);
	cpus_read_unlock();
	accounts_unlock();
	/* They now hold the old ones, which nobody can see any more. */
	accounts_free(tables);
	return 0;
}

static bool is_held(void)
{
	enum probe_number number;

	for (number = 0; number < PROBES; number++)
		if (holders[number])
			return true;
	return false;
}

int control_reset(void)
{
	int ret = mutex_lock_killable(&control_lock);

	if (ret)
		return ret;
	ret = is_held() ? -EBUSY : reset_all();
	mutex_unlock(&control_lock);
	return ret;
}

#define MEASURED_EVENTS 1000

static void measure(struct probe *probe)
{
	unsigned long flags;
	unsigned int i;
	u64 since;

	local_irq_save(flags);
	since = local_clock();
	for (i = 0; i < MEASURED_EVENTS; i++)
		probe->measure();
	probe->cost = (local_clock() - since) / MEASURED_EVENTS;
	local_irq_restore(flags);
}

int control_measure(void)
{
	enum probe_number number;
	int ret;

	mutex_lock(&control_lock);
	ret = accounts_get();
	for (number = 0; !ret && number < PROBES; number++)
		if (!probe_get(number)->reason)
			measure(probe_get(number));
	if (!ret)
		ret = reset_all();
	mutex_unlock(&control_lock);
	return ret;
}

void control_exit(void)
{
	mutex_lock(&control_lock);
	switched_on = 0;
	detach_unwanted();
	mutex_unlock(&control_lock);
}
