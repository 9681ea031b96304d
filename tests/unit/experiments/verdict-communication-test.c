// SPDX-License-Identifier: GPL-2.0
/* communication: a pipe against memory, for processes and for threads. */
#include "experiments/communication.c"
#include "experiments/finding.h"
#include "verdict-test.h"

#define SURE(is) { .median = is, .low = is, .high = is, .min = is, .max = is }
#define FIGURES(rate_is, round_trip_is, calls_is) {	\
	.fine = true, .calls = calls_is,		\
	.rate = SURE(rate_is),				\
	.round_trip = SURE(round_trip_is),		\
}

struct world {
	struct way ways[WAYS];
};

static const struct world book = { {
	[PIPE] = FIGURES(100, 1000, 2), [SOCKET] = FIGURES(90, 1100, 2),
	[QUEUE] = FIGURES(80, 1200, 16), [SHARED] = FIGURES(1000, 900, 0.1),
	[THREAD_PIPE] = FIGURES(200, 800, 2), [MEMORY] = FIGURES(2000, 700, 0.1),
} };

static void try(struct world world, enum verdict verdict, const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, world.ways);
	check_finding(&finding, verdict, words, "communication");
}

/* In median, interval and best. */
static struct world rate(size_t way, double to)
{
	return WITH(book, ways[way].rate, ((struct summary)SURE(to)));
}

static struct world round_trip(size_t way, double to)
{
	return WITH(book, ways[way].round_trip, ((struct summary)SURE(to)));
}

static void test_kind(size_t memory, size_t pipe, const char *words)
{
	const double pipe_rate = book.ways[pipe].rate.median;
	const double pipe_trip = book.ways[pipe].round_trip.median;

	try(rate(memory, 1.2 * pipe_rate), REFUTED, words);
	try(rate(memory, 1.21 * pipe_rate), CONFIRMED, NULL);
	try(rate(memory, pipe_rate / 2), REFUTED, words);
	try(rate(pipe, book.ways[memory].rate.median), REFUTED, words);
	try(round_trip(memory, 1.25 * pipe_trip), REFUTED, words);
	try(round_trip(memory, 1.24 * pipe_trip), CONFIRMED, NULL);
	try(WITH(book, ways[memory].calls, 1), REFUTED, "system calls");
	try(WITH(WITH(book, ways[memory].calls, 1), ways[memory].rate.max, pipe_rate), REFUTED,
	    "system calls");
	try(WITH(book, ways[memory].calls, 0.99), CONFIRMED, NULL);
	/* The medians and the best say no, the interval leaves room for yes. */
	try(WITH(round_trip(memory, 2 * pipe_trip), ways[memory].round_trip.low, pipe_trip),
	    NOT_MEASURABLE, "scatter");
	try(WITH(round_trip(memory, 2 * pipe_trip), ways[pipe].round_trip.high, 4 * pipe_trip),
	    NOT_MEASURABLE, "scatter");
	try(WITH(rate(memory, pipe_rate), ways[memory].rate.high, 3 * pipe_rate),
	    NOT_MEASURABLE, "scatter");
	try(WITH(rate(memory, pipe_rate), ways[pipe].rate.low, pipe_rate / 2),
	    NOT_MEASURABLE, "scatter");
	try(WITH(book, ways[memory].rate.median, pipe_rate), NOT_MEASURABLE, "scatter");
	try(WITH(book, ways[memory].rate.max, pipe_rate), NOT_MEASURABLE, "scatter");
	try(WITH(book, ways[memory].round_trip.median, 2 * pipe_trip), NOT_MEASURABLE, "scatter");
	try(WITH(book, ways[memory].round_trip.min, 2 * pipe_trip), NOT_MEASURABLE, "scatter");
}

static void test_writes(uint64_t calls, enum verdict verdict)
{
	struct finding finding = { 0 };
	struct way pipe = { .name = "processes, pipe", .syscw = calls };

	finding_require(&finding, true, "it is so");
	ask_proc(&finding, &pipe);
	finding_decide(&finding, "found");
	check_finding(&finding, verdict, NULL, "communication: write calls");
}

void test_verdict_communication(void)
{
	try(book, CONFIRMED, NULL);
	test_kind(MEMORY, THREAD_PIPE, "threads' memory is faster");
	test_kind(SHARED, PIPE, "memory that processes share is faster");
	/* What the other kind's channel does is no matter. */
	try(rate(PIPE, 800), CONFIRMED, NULL);
	try(rate(SOCKET, 90000), CONFIRMED, NULL);
	if (!access(IO_ACCOUNT, F_OK)) {
		test_writes(MESSAGES * REPEATS, CONFIRMED);
		test_writes(MESSAGES * REPEATS - 1, NOT_MEASURABLE);
		test_writes(MESSAGES * REPEATS * 11 / 10 + 2, NOT_MEASURABLE);
	}
}
