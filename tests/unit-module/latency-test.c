// SPDX-License-Identifier: GPL-2.0
/* The histogram of switches and its sums: known times against the buckets. */
#include "kernel.h"
#include SOURCE
#include "test.h"

#define SWITCHES 20000

static struct mm_struct mms[2];
static struct task_struct user = { .mm = &mms[0], .active_mm = &mms[0] };
static struct task_struct other = { .mm = &mms[1], .active_mm = &mms[1] };
static struct task_struct kernel = { .active_mm = &mms[0] };

/* By division: how often can it be halved. */
static unsigned int bucket_of(u64 ns)
{
	unsigned int bucket = 0;

	while (ns > 1) {
		ns /= 2;
		bucket++;
	}
	return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

static void one_switch(struct task_struct *prev, struct task_struct *next, u64 ns)
{
	CALL_SCHED_SWITCH(begin_switch, prev, next);
	fake_time_passes(ns);
	end_switch(0, 0, NULL, NULL);
}

/* Each length around each power of two, and then any: of two classes, on all CPUs. */
static void test_buckets(void)
{
	static u64 buckets[SWITCH_CLASSES][LATENCY_BUCKETS], sums[FAKE_CPUS][SWITCH_CLASSES];
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < SWITCHES; i++) {
		unsigned int bits = random_number() % 40;
		u64 ns = i < 40 * 3 ? (1ull << i / 3) + i % 3 - 1 : random_number() >> (63 - bits);
		bool process = random_number() % 2;
		enum switch_class class = process ? SWITCH_PROCESS : SWITCH_TO_KERNEL;

		fake_cpu = random_number() % FAKE_CPUS;
		one_switch(&user, process ? &other : &kernel, ns);
		buckets[class][bucket_of(ns)]++;
		sums[fake_cpu][class] += ns;
	}
	for (unsigned int class = 0; class < SWITCH_CLASSES; class++)
		for (unsigned int i = 0; i < LATENCY_BUCKETS; i++)
			wrong += latency_count(class, i) != buckets[class][i];
	CHECK(!wrong, "latency: each time is in the bucket of its power of two");
	wrong = 0;
	for (unsigned int cpu = 0; cpu < FAKE_CPUS; cpu++)
		for (unsigned int class = 0; class < SWITCH_CLASSES; class++)
			wrong += latency_ns(cpu, class) != sums[cpu][class];
	CHECK(!wrong, "latency: sums are in ns, by CPU and class");
}

static u64 all(void)
{
	u64 sum = 0;

	for (unsigned int class = 0; class < SWITCH_CLASSES; class++)
		for (unsigned int i = 0; i < LATENCY_BUCKETS; i++)
			sum += latency_count(class, i);
	return sum;
}

static void test_halves(void)
{
	u64 before = all();

	fake_cpu = 0;
	end_switch(0, 0, NULL, NULL);
	CHECK(all() == before, "latency: an end without a beginning is no switch");
	CALL_SCHED_SWITCH(begin_switch, &user, &other);
	fake_cpu = 1;
	end_switch(0, 0, NULL, NULL);
	CHECK(all() == before, "latency: nor is the end on another CPU");
	forget_pending();
	fake_cpu = 0;
	end_switch(0, 0, NULL, NULL);
	CHECK(all() == before, "latency: what an earlier attachment began is forgotten");
	one_switch(&user, &other, 5);
	end_switch(0, 0, NULL, NULL);
	CHECK(all() == before + 1, "latency: one switch ends once");
	for (fake_cpu = 0; fake_cpu < FAKE_CPUS; fake_cpu++)
		counter_set_reset(&counters, fake_cpu);
	fake_cpu = 0;
	CHECK(!all() && !latency_ns(0, SWITCH_PROCESS), "latency: a reset sets all to zero");
}

void test(void)
{
	counter_set_init(&counters);
	test_buckets();
	test_halves();
	counter_set_exit(&counters);
	CHECK(!fake_allocations, "latency: nothing is left at the end");
}
