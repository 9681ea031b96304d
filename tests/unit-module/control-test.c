// SPDX-License-Identifier: GPL-2.0
/*
 * Who wants which probes: random words of several holders, who come and go, against a
 * model in which each has what it asked for last. A probe that stays wanted is never
 * detached, one that nobody wants any more always, and what fails has changed nothing.
 */
#include "kernel.h"
#include SOURCE
#include "test.h"

#define HOLDERS 5

static DEFINE_PER_CPU(u64, counts[PROBES]);
static struct counter_set counters[PROBES];
static struct probe fake[PROBES];

static unsigned long refusing;			/* probes that cannot be attached */
static unsigned int attached[PROBES], detached[PROBES];	/* how often */
static unsigned int misuse;
static struct account_tables *swapped;
static int fake_tables;

struct probe *probe_get(enum probe_number number)
{
	return &fake[number];
}

int probe_attach(struct probe *probe)
{
	unsigned int number = probe - fake;

	misuse += probe->attached;
	if (refusing & BIT(number))
		return -EOPNOTSUPP;
	attached[number]++;
	probe->attached = true;
	return 0;
}

void probe_detach(struct probe *probe)
{
	misuse += !probe->attached;
	detached[probe - fake]++;
	probe->attached = false;
}

int accounts_get(void)
{
	return 0;
}

void accounts_lock(void)
{
}

void accounts_unlock(void)
{
}

struct account_tables *accounts_prepare(void)
{
	return (struct account_tables *)&fake_tables;
}

void accounts_swap(struct account_tables *tables, unsigned int cpu)
{
	swapped = tables;
}

void accounts_free(struct account_tables *tables)
{
	misuse += tables != swapped;
	swapped = NULL;
}

/* What each asked for last. */
static struct {
	unsigned long switched, held[HOLDERS];
} model;

static struct probe_holder holder[HOLDERS];

static unsigned int model_holders(unsigned int probe)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < HOLDERS; i++)
		count += !!(model.held[i] & BIT(probe));
	return count;
}

static unsigned long model_wanted(void)
{
	unsigned long wanted = model.switched;

	for (unsigned int i = 0; i < HOLDERS; i++)
		wanted |= model.held[i];
	return wanted;
}

/* Return: how much of it is not as the model says. */
static unsigned int differences(void)
{
	struct probe_use use[PROBES];
	unsigned int wrong = !!control_read(use);

	for (unsigned int i = 0; i < PROBES; i++) {
		wrong += use[i].attached != !!(model_wanted() & BIT(i));
		wrong += fake[i].attached != use[i].attached;
		wrong += use[i].switched != !!(model.switched & BIT(i));
		wrong += use[i].holders != model_holders(i);
	}
	return wrong;
}

static struct probe_words random_words(void)
{
	struct probe_words words = { 0 };

	for (unsigned int i = 0; i < PROBES; i++) {
		unsigned long dice = random_number() % 6;

		words.on |= (dice == 0) << i;
		words.hold |= (dice == 1) << i;
		words.off |= (dice == 2) << i;
	}
	return words;
}

/* One of them asks. Return: what was wrong. */
static unsigned int ask(unsigned int i)
{
	struct probe_words words = random_words();
	unsigned long before = model_wanted(), new;
	int ret;

	refusing = random_number() % 3 ? 0 : random_number() % BIT(PROBES);
	new = (words.on | words.hold) & ~before & refusing;
	ret = control_switch(&holder[i], &words);
	if (new)
		return ret != -EOPNOTSUPP;
	model.switched = (model.switched | words.on) & ~words.off;
	model.held[i] = (model.held[i] | words.hold) & ~words.off;
	return !!ret;
}

static unsigned int reset(void)
{
	bool held = false;
	u64 before = random_number() % 1000 + 1;
	unsigned int wrong = 0;
	int ret;

	for (unsigned int i = 0; i < PROBES; i++) {
		held |= model_holders(i) > 0;
		per_cpu(counts[i], i % FAKE_CPUS) += before;
	}
	ret = control_reset();
	wrong += ret != (held ? -EBUSY : 0);
	for (unsigned int i = 0; i < PROBES; i++)
		wrong += held ? !counter_sum(&counters[i], 0) : counter_sum(&counters[i], 0) != 0;
	return wrong;
}

static void test_random(void)
{
	unsigned int wrong = 0, stayed = 0, failed = 0;

	for (unsigned int round = 0; round < 20000; round++) {
		unsigned int i = random_number() % HOLDERS, dice = random_number() % 10;
		unsigned long before = model_wanted();

		memset(detached, 0, sizeof(detached));
		if (dice < 7) {
			wrong += ask(i);
		} else if (dice < 9) {
			control_let_go(&holder[i]);
			model.held[i] = 0;
		} else {
			wrong += reset();
		}
		failed += differences();
		for (unsigned int probe = 0; probe < PROBES; probe++)
			stayed += !!(before & model_wanted() & BIT(probe)) && detached[probe];
	}
	CHECK(!wrong, "control: what is asked is answered as the model does");
	CHECK(!failed, "control: a probe is attached while somebody wants it, all or nothing");
	CHECK(!stayed, "control: one that stays wanted is not detached in between");
}

static void test_end(void)
{
	for (unsigned int i = 0; i < HOLDERS; i++) {
		control_let_go(&holder[i]);
		model.held[i] = 0;
	}
	CHECK(!differences(), "control: what was switched on outlives all holders");
	refusing = 0;
	control_switch(&holder[0], &(struct probe_words) { .on = BIT(PROBE_BIRTHS) });
	control_exit();
	model.switched = 0;
	CHECK(!differences(), "control: at the end all are detached");
	CHECK(!misuse, "control: none is attached or detached twice");
}

void test(void)
{
	for (unsigned int i = 0; i < PROBES; i++) {
		counters[i] = (struct counter_set) { .now = &counts[i], .count = 1 };
		counter_set_init(&counters[i]);
		fake[i].counters = &counters[i];
	}
	test_random();
	test_end();
	for (unsigned int i = 0; i < PROBES; i++)
		counter_set_exit(&counters[i]);
	CHECK(!fake_allocations, "control: nothing is left at the end");
}
