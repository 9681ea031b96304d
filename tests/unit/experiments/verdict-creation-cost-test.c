// SPDX-License-Identifier: GPL-2.0
/* creation-cost: what forks and threads take, with more and more memory. */
#include "experiments/creation-cost.c"
#include "measure/clock.h"
#include "model/finding.h"
#include "verdict-test.h"

/* Costs at no memory and for one more MiB, with a median above the best. */
struct world {
	double fork, fork_mib, thread, thread_mib;
	double noise;		/* that the median has on top, of a fork at the largest size */
	size_t sizes;		/* that there was memory for */
	unsigned long long forks, threads;	/* births that were counted */
	double copied_kib, grown_kib;	/* page tables, from the smallest to the largest */
};

static const struct world book = {
	.fork = 1000, .fork_mib = 50, .thread = 100, .thread_mib = 0, .sizes = SIZES,
	.forks = SAMPLES, .threads = SAMPLES, .copied_kib = 512, .grown_kib = 512,
};

static void fill(struct creation *creation, const struct world *world, size_t i, bool last)
{
	for (size_t j = 0; j < SAMPLES; j++) {
		creation->fork_ns[j] = world->fork + world->fork_mib * sizes_mib[i] +
				       (j && last ? world->noise : 0);
		creation->thread_ns[j] = world->thread + world->thread_mib * sizes_mib[i];
	}
	creation->passes = PASSES;
	creation->forks = world->forks;
	creation->threads = world->threads;
	creation->pgtables[0] = last ? world->copied_kib * 1024 * world->forks : 0;
	creation->vm_pte_bytes = last ? world->grown_kib * 1024 : 0;
}

static void try(struct world world, enum verdict verdict, const char *words)
{
	static struct creation creations[SIZES];
	struct finding finding = { 0 };

	memset(creations, 0, sizeof(creations));
	for (size_t i = 0; i < world.sizes; i++) {
		fill(&creations[i], &world, i, i == world.sizes - 1);
		tell_size(&finding, i, &creations[i]);
	}
	ask_proc(&finding, creations);
	decide(&finding, creations);
	check_finding(&finding, verdict, words, "creation-cost");
}

static void test_costs(void)
{
	try(book, CONFIRMED, "10.0 times a thread, and 138.0 times with 256 MiB");
	try(WITH(book, sizes, LEAST_SIZES), CONFIRMED, "with 64 MiB");
	/* More than one and a half, not just that. */
	try(WITH(book, thread, 1000 / 1.5), REFUTED, "a process costs 1.5 times a thread");
	try(WITH(book, thread, 1000 / 1.51), CONFIRMED, NULL);
	try(WITH(book, fork, 100), REFUTED, "a process costs 1.5 times a thread");
	try(WITH(book, fork_mib, 500.0 / 256), REFUTED, "1.5 times as much with 256 MiB");
	try(WITH(book, fork_mib, 501.0 / 256), CONFIRMED, NULL);
	try(WITH(book, fork_mib, 0), REFUTED, "1.5 times as much with 256 MiB");
	try(WITH(book, thread_mib, 5), REFUTED, "a thread's cost grows");
	try(WITH(book, thread_mib, 4.9), CONFIRMED, NULL);
	try(WITH(book, thread_mib, -1), CONFIRMED, NULL);
	try(WITH(WITH(book, fork_mib, 0), noise, 5000), NOT_MEASURABLE, "scatter");
}

/* Nothing was created, or others created, too. */
static void test_births(void)
{
	const char *words = "fewer births than were made";

	try(WITH(book, forks, SAMPLES - 1), NOT_MEASURABLE, words);
	try(WITH(book, threads, SAMPLES - 1), NOT_MEASURABLE, words);
	try(WITH(book, forks, 0), NOT_MEASURABLE, words);
	try(WITH(book, forks, SAMPLES + 1), CONFIRMED, NULL);
	try(WITH(WITH(book, forks, SAMPLES + 1), copied_kib, 0), CONFIRMED, NULL);
	try(WITH(book, copied_kib, 0.81 * 512), CONFIRMED, NULL);
	try(WITH(book, copied_kib, 0.79 * 512), NOT_MEASURABLE, "disagree");
	try(WITH(book, copied_kib, 1.19 * 512), CONFIRMED, NULL);
	try(WITH(book, copied_kib, 1.21 * 512), NOT_MEASURABLE, "disagree");
}

/* Nobody counts, so nothing is missing. */
static void test_alone(void)
{
	on_machine(true);
	try(WITH(WITH(book, forks, 0), threads, 0), CONFIRMED, "138.0 times");
	try(WITH(WITH(book, forks, 0), fork, 100), REFUTED, "a process costs 1.5 times a thread");
	on_machine(false);
}

static double took;

static double time_so(void)
{
	return took;
}

static void test_failures(void)
{
	double ns[3];

	took = 5;
	CHECK(time_all(time_so, ns, 3) && ns[2] == 5, "verdict: creation-cost: times");
	took = -1;
	CHECK(!time_all(time_so, ns, 3), "verdict: creation-cost: a call that failed took no time");
	CHECK(elapsed(now_ns(), false) < 0 && elapsed(now_ns(), true) >= 0,
	      "verdict: creation-cost: nor has it elapsed");
	CHECK(time_fork() > 0 && time_thread() > 0 && time_spawn() > 0,
	      "verdict: creation-cost: calls that succeed take time");
}

void test_verdict_creation_cost(void)
{
	on_machine(false);
	test_costs();
	test_births();
	test_alone();
	test_failures();
}
