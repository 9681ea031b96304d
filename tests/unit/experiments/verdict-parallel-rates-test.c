// SPDX-License-Identifier: GPL-2.0
/* faults-scale, files-scale: the ratio's interval against its bound. */
#include "experiments/parallel-rates.c"
#include "experiments/workers.c"
#include "model/finding.h"
#include "model/machine.h"
#include "verdict-test.h"

static void try(size_t count, double low, double high, enum verdict verdict, const char *words)
{
	const struct summary ratio = { .median = (low + high) / 2, .low = low, .high = high };
	struct finding finding = { 0 };

	decide(&finding, "faults", count, &ratio);
	check_finding(&finding, verdict, words, "faults-scale");
}

/* In the two lines of a cell, whatever the machine: check_finding() looks. */
static void check_sides(double value, size_t cpus)
{
	struct finding finding = { 0 };
	struct pair pair;

	for (size_t i = 0; i < REPEATS; i++) {
		pair.process[i] = value * (1 + 0.01 * (double)i);
		pair.thread[i] = value / (1 + (double)i);
	}
	tell_sides(&finding, &pair, "faults", cpus);
	check_finding(&finding, NOT_MEASURABLE, NULL, "faults-scale: the sides");
}

/* Is it measured there, or why not? */
static void check_machine(const char *name, size_t cpus, const char *why_not)
{
	static struct environment machine;
	struct finding finding = { 0 };
	bool parallel;

	snprintf(machine.machine, sizeof(machine.machine), "%s", name);
	environment_set(&machine);
	parallel = workers_are_parallel(&finding, cpus);
	CHECK(parallel == !why_not, "verdict: faults-scale: %s, %zu CPUs: measured", name, cpus);
	if (why_not)
		check_finding(&finding, NOT_MEASURABLE, why_not, "faults-scale: the machine");
	memset(&machine, 0, sizeof(machine));
}

static void check_counts(size_t most, const char *expected)
{
	char counts[64] = "";

	for (size_t count = 1; count <= most; count = next_count(count, most))
		snprintf(counts + strlen(counts), sizeof(counts) - strlen(counts), "%zu ", count);
	CHECK(!strcmp(counts, expected), "verdict: faults-scale: up to %zu: %s", most, counts);
}

/* A round of two thirds of a turn, which tells how long it took. */
static uint64_t spend_time(size_t number)
{
	const uint64_t since = now_ns() + number;

	while (now_ns() - since < TURN_NS / 3 * 2)
		;
	return now_ns() - since;
}

/* Whose last round ends after the turn has not done more in it. */
static void check_rate(void)
{
	static struct scene alone;
	double spent;

	scene = &alone;
	alone.workers[0] = (struct worker) { .cpu = measuring_cpu() };
	do {
		spent = workers_turn(ACTOR_THREAD, 1, TURN_NS, spend_time).rate;
	} while (spent <= 0);	/* it came when the turn was over */
	CHECK(spent <= 1e6, "verdict: faults-scale: who works all the time does so a second a second");
	scene = NULL;
}

static uint64_t cannot(size_t number)
{
	return number * 0;
}

static uint64_t can(size_t number)
{
	return number + 1;
}

/* Who comes when the turn is over has done nothing, and that is no failure. */
static void check_failures(void)
{
	static struct scene alone;
	struct turn turn = { .rate = 0 };

	scene = &alone;
	alone.workers[0] = (struct worker) { .cpu = measuring_cpu() };
	for (int try = 0; try < 100 && !turn.failed; try++)
		turn = workers_turn(ACTOR_THREAD, 1, TURN_NS, cannot);
	CHECK(turn.failed && turn.rate <= 0, "verdict: faults-scale: who cannot do it has failed");
	turn.rate = 0;
	for (int try = 0; try < 100 && turn.rate <= 0; try++) {
		turn = workers_turn(ACTOR_THREAD, 1, TURN_NS, can);
		CHECK(!turn.failed, "verdict: faults-scale: who comes late has not failed");
	}
	CHECK(turn.rate > 0, "verdict: faults-scale: and soon comes in time");
	scene = NULL;
}

void test_verdict_parallel_rates(void)
{
	check_rate();
	check_failures();
	try(2, 0.50, 0.94, CONFIRMED, "2 threads do 0.72");
	try(8, 0.95, 1.20, REFUTED, "threads get fewer faults done");
	try(2, 0.50, 0.95, NOT_MEASURABLE, "not told apart");
	try(2, 0.94, 1.20, NOT_MEASURABLE, "not told apart");
	check_sides(1.5, 2);
	check_sides(1211.7, 16);
	check_sides(135790.3, 128);
	check_machine("virtual", 2, NULL);
	check_machine("metal", 1, "one CPU only");
	check_machine("emulated", 2, "take turns");
	check_counts(1, "1 ");
	check_counts(2, "1 2 ");
	check_counts(3, "1 2 3 ");
	check_counts(8, "1 2 4 8 ");
	check_counts(6, "1 2 4 6 ");
}
