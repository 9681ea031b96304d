// SPDX-License-Identifier: GPL-2.0
/* context-switch: of which class switches are, and what they take. */
#include <stdbool.h>

#include "experiments/pingpong.h"
#include "read/probes.h"

/* Of the module's probes: how many are held, and how many plays are left before one fails. */
static int probes_held, plays;

static int count_hold(const char *words)
{
	probes_held += *words == '=';
	return 0;
}

static int count_pause(const char *name)
{
	probes_held -= *name != 0;
	return 0;
}

static bool play_some(struct pingpong *game, enum actor_kind kind, struct pingpong_match *match,
		      struct pingpong_time *time)
{
	(void)game, (void)kind, (void)match;
	*time = (struct pingpong_time) { .turn_ns = 2, .pipe_ns = 1 };
	return plays-- > 0;
}

#define probes_hold count_hold
#define probes_pause count_pause
#define pingpong_play play_some
#include "experiments/context-switch.c"
#undef pingpong_play
#undef probes_pause
#undef probes_hold
#include "model/finding.h"
#include "read/records.h"
#include "uapi/sharestat.h"
#include "verdict-test.h"

#define ALL (2ULL * ROUNDS * COUNTED)
#define CEIL_LEAST ((uint64_t)LEAST + 1)

struct world {
	double process_ns, thread_ns;
	double spread;			/* of the pairs' ratios, up and down */
	uint64_t process[SWITCH_CLASSES], thread[SWITCH_CLASSES];
	uint64_t left;			/* how often the kernel says that one left the CPU */
	uint64_t left_timed;
};

static const struct world book = {
	.process_ns = 1000, .thread_ns = 500,
	.process[SWITCH_PROCESS] = ALL, .thread[SWITCH_THREAD] = ALL, .left = ALL / 2,
	.left_timed = ROUNDS * REPEATS,
};

static void fill(struct match *match, double ns, double spread, const struct world *world,
		 const uint64_t *switches)
{
	for (size_t i = 0; i < REPEATS; i++)
		match->ns[i] = ns * (1 + spread * ((double)(i % 9) - 4) / 4);
	memcpy(match->sums.counters.switches, switches, sizeof(match->sums.counters.switches));
	match->sums.left = world->left;
	match->left = world->left_timed;
}

static void try(struct world world, enum verdict verdict, const char *words)
{
	struct match matches[2] = { 0 };
	struct finding finding = { 0 };

	fill(&matches[ACTOR_PROCESS], world.process_ns, world.spread, &world, world.process);
	fill(&matches[ACTOR_THREAD], world.thread_ns, 0, &world, world.thread);
	finish(&finding, matches);
	check_finding(&finding, verdict, words, "context-switch");
}

static void test_costs(void)
{
	const char *words = "between processes costs more";

	try(book, CONFIRMED, "2.00 times");
	try(WITH(book, process_ns, 505), CONFIRMED, "1.01 times");
	try(WITH(book, process_ns, 495), REFUTED, words);
	try(WITH(book, process_ns, 500), NOT_MEASURABLE, "no difference");
	try(WITH(book, process_ns, 100), REFUTED, words);
	/* The interval decides, not the median. */
	try(WITH(WITH(book, process_ns, 505), spread, 0.4), NOT_MEASURABLE, "no difference");
	try(WITH(WITH(book, process_ns, 495), spread, 0.4), NOT_MEASURABLE, "no difference");
	try(WITH(WITH(book, process_ns, 600), spread, 0.4), CONFIRMED, NULL);
	try(WITH(WITH(book, process_ns, 400), spread, 0.4), REFUTED, words);
	/* What took no longer than its pipe. */
	try(WITH(book, thread_ns, 0), CONFIRMED, NULL);
	try(WITH(book, process_ns, 0), REFUTED, words);
	try(WITH(book, process_ns, -10), REFUTED, words);
}

static void test_classes(void)
{
	struct world wrong = book;

	try(WITH(book, process[SWITCH_PROCESS], CEIL_LEAST), CONFIRMED, NULL);
	wrong.left = CEIL_LEAST / 2;
	wrong.process[SWITCH_PROCESS] = CEIL_LEAST;
	wrong.thread[SWITCH_THREAD] = CEIL_LEAST;
	try(wrong, CONFIRMED, NULL);
	wrong.thread[SWITCH_THREAD] = CEIL_LEAST - 1;
	try(wrong, NOT_MEASURABLE, "not left to the two tasks");
	wrong = book;
	wrong.thread[SWITCH_THREAD] = 0;
	wrong.thread[SWITCH_PROCESS] = ALL;
	try(wrong, REFUTED, "switches between threads are of class thread");
	wrong.process_ns = 500;
	try(wrong, REFUTED, "switches between threads are of class thread");
	wrong = book;
	wrong.process[SWITCH_PROCESS] = 0;
	wrong.process[SWITCH_THREAD] = ALL;
	try(wrong, REFUTED, "switches between processes are of class process");
}

static void test_witness(void)
{
	try(WITH(book, left, ALL / 2 * 100 / 106), NOT_MEASURABLE, "disagree");
	try(WITH(book, left, ALL / 2 * 100 / 104), CONFIRMED, NULL);
	try(WITH(book, left, ALL / 2 * 100 / 96), CONFIRMED, NULL);
	try(WITH(book, left, ALL / 2 * 100 / 94), NOT_MEASURABLE, "disagree");
	try(WITH(book, left, 0), NOT_MEASURABLE, "disagree");
	try(WITH(book, left_timed, (uint64_t)LEAST_LEFT), NOT_MEASURABLE, "not left to the two");
	try(WITH(book, left_timed, (uint64_t)LEAST_LEFT + 1), CONFIRMED, NULL);
}

/* Without the module nobody counts: getrusage(2) says whether there were switches. */
static void test_alone(void)
{
	struct world alone = {
		.process_ns = 550, .thread_ns = 500, .left_timed = ROUNDS * REPEATS,
	};

	on_machine(true);
	try(alone, CONFIRMED, "1.10 times");
	try(WITH(alone, process_ns, 400), REFUTED, "between processes costs more");
	try(WITH(alone, process_ns, 500), NOT_MEASURABLE, "no difference");
	try(WITH(alone, left_timed, 0), NOT_MEASURABLE, "not left to the two");
	on_machine(false);
}

/* What comes after it counts on the probes, however it ends. */
static void test_probes(void)
{
	struct match matches[2] = { 0 };
	struct pingpong game = { 0 };

	probes_held = environment_offers("switches") + environment_offers("tlb");
	for (int i = 0; i < 2; i++) {
		const int before = probes_held;

		probes_held += !environment_offers("tlb");	/* paused, but never held */
		plays = i ? 3 : 2 * REPEATS;
		CHECK(time_all(&game, matches) == !i && probes_held == before,
		      "verdict: context-switch: the probes are held after it %s",
		      i ? "failed" : "was timed");
	}
}

void test_verdict_context_switch(void)
{
	on_machine(false);
	test_probes();
	test_costs();
	test_classes();
	test_witness();
	test_alone();
}
