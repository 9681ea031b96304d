// SPDX-License-Identifier: GPL-2.0
/* context-switch: of which class switches are, and what they take. */
#include "experiments/context-switch.c"
#include "model/finding.h"
#include "read/records.h"
#include "uapi/sharestat.h"
#include "verdict-test.h"

#define ALL (2ULL * ROUNDS * REPEATS)
#define CEIL_LEAST ((uint64_t)LEAST + 1)

struct world {
	double process_ns, thread_ns;	/* the best */
	double process_more, thread_more;	/* in the median */
	uint64_t process[SWITCH_CLASSES], thread[SWITCH_CLASSES];
	uint64_t left;			/* how often the kernel says that one left the CPU */
};

static const struct world book = {
	.process_ns = 1000, .thread_ns = 500,
	.process[SWITCH_PROCESS] = ALL, .thread[SWITCH_THREAD] = ALL, .left = ALL / 2,
};

static void fill(struct match *match, double ns, double more, const uint64_t *switches,
		 uint64_t left)
{
	for (size_t i = 0; i < REPEATS; i++)
		match->ns[i] = ns + (i ? more : 0);
	memcpy(match->sums.counters.switches, switches, sizeof(match->sums.counters.switches));
	match->sums.left = left;
}

static void try(struct world world, enum verdict verdict, const char *words)
{
	struct match processes = { 0 }, threads = { 0 };
	struct finding finding = { 0 };

	fill(&processes, world.process_ns, world.process_more, world.process, world.left);
	fill(&threads, world.thread_ns, world.thread_more, world.thread, world.left);
	tell(&finding, "processes", &processes, SWITCH_PROCESS, "process");
	tell(&finding, "threads", &threads, SWITCH_THREAD, "thread");
	side_switch(&finding.process, &processes, 0, SWITCH_PROCESS);
	side_switch(&finding.thread, &threads, 0, SWITCH_THREAD);
	decide(&finding, &processes, &threads);
	check_finding(&finding, verdict, words, "context-switch");
}

static void test_costs(void)
{
	const char *words = "costs more by a tenth";

	try(book, CONFIRMED, "2.00 times");
	try(WITH(book, process_ns, 551), CONFIRMED, NULL);
	try(WITH(book, process_ns, 549), REFUTED, words);
	try(WITH(book, process_ns, 500), REFUTED, words);
	try(WITH(book, process_ns, 100), REFUTED, words);
	try(WITH(book, thread_ns, 0), REFUTED, words);
	/* The best case says no, the median yes; and the reverse. */
	try(WITH(WITH(book, process_ns, 500), process_more, 100), NOT_MEASURABLE, "scatter");
	try(WITH(WITH(book, process_ns, 600), thread_more, 100), NOT_MEASURABLE, "scatter");
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
}

/* What the pipe takes is subtracted, and no less than nothing is left. */
static void test_pipe(void)
{
	struct match match = { 0 };
	struct side side = { 0 };

	fill(&match, 700, 0, book.process, 0);
	side_switch(&side, &match, 200, SWITCH_PROCESS);
	CHECK(side.value.median == 500, "verdict: context-switch: without the pipe");
	fill(&match, 100, 0, book.process, 0);
	side_switch(&side, &match, 200, SWITCH_PROCESS);
	CHECK(side.value.median == 0 && side.value.min == 0,
	      "verdict: context-switch: never below zero");
}

void test_verdict_context_switch(void)
{
	test_costs();
	test_classes();
	test_witness();
	test_pipe();
}
