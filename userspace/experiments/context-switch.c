// SPDX-License-Identifier: GPL-2.0
/*
 * context-switch: two tasks on one CPU throw a byte to and fro over two pipes,
 * so each byte is a switch. The two are processes, then threads. What writing
 * and reading a pipe costs without a switch is measured too, and subtracted.
 * Then with a working set, which a flushed TLB makes dear to touch again.
 */
#include <stdio.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/pingpong.h"
#include "lib/quantity.h"
#include "measure/pin.h"
#include "model/machine.h"

#define ROUNDS	251	/* prime: nothing else makes just so many switches */
#define REPEATS	31	/* many and short: a busy moment spoils few of them */

/* Of the switches that the rounds make; another task may come in between. */
#define LEAST	(0.95 * 2 * ROUNDS * REPEATS)

#define SET_ROUNDS	17	/* with a working set */
#define SET_REPEATS	11
#define SETS		(sizeof(set_pages) / sizeof(set_pages[0]))

/* Pages that each of the two touches at each of its turns. */
static const size_t set_pages[] = { 0, 16, 64, 256, 512, 1024 };

/* What all repeats with one kind of partner gave. */
struct match {
	double ns[REPEATS];		/* of one switch, with the pipe's cost */
	struct pingpong_match sums;
};

/* Kinds take turns, so that a slow moment of the machine meets all of them. */
static bool play_all(struct match *processes, struct match *threads, double *pipe_ns)
{
	struct pingpong game;
	bool fine = true;

	if (!pingpong_open(&game, ROUNDS, 0))
		return false;
	for (size_t i = 0; fine && i < REPEATS; i++) {
		pipe_ns[i] = pingpong_alone(&game);
		fine = pingpong_play(&game, ACTOR_PROCESS, &processes->sums, &processes->ns[i]) &&
		       pingpong_play(&game, ACTOR_THREAD, &threads->sums, &threads->ns[i]);
	}
	pingpong_close(&game);
	return fine;
}

static uint64_t all_switches(const struct match *match)
{
	uint64_t all = 0;

	for (size_t i = 0; i < SWITCH_CLASSES; i++)
		all += match->sums.counters.switches[i];
	return all;
}

static void tell(struct finding *finding, const char *who, const struct match *match,
		 enum switch_class class, const char *class_name)
{
	double counted = match->sums.counters.switches[class], left = match->sums.left;
	uint64_t all = all_switches(match);

	finding_evidence(finding, "debugfs:switches",
			 "2 %s, %d times %d round trips on CPU %u: %llu switches, %llu of class %s",
			 who, REPEATS, ROUNDS, measuring_cpu(), (unsigned long long)all,
			 (unsigned long long)match->sums.counters.switches[class], class_name);
	/* Of the right class or not: that is for the verdict. */
	if (counted < LEAST && all >= LEAST)
		counted = (double)all;
	finding_witness(finding, "getrusage(2)", counted > 1.9 * left && counted < 2.1 * left,
			"2 %s: one of the two left the CPU %llu times, so half of the switches",
			who, (unsigned long long)match->sums.left);
	if (!environment_offers("tlb"))
		return;
	finding_evidence(finding, "debugfs:tlb",
			 "2 %s: TLB flushed at %llu of these switches, kept by PCID at %llu", who,
			 (unsigned long long)match->sums.flushes,
			 (unsigned long long)match->sums.kept);
}

/* Each switch without the pipe's median cost; never below zero. */
static void side_switch(struct side *side, struct match *match, double pipe_median,
			enum switch_class class)
{
	double switches = match->sums.counters.switches[class];

	for (size_t i = 0; i < REPEATS; i++)
		match->ns[i] = match->ns[i] > pipe_median ? match->ns[i] - pipe_median : 0;
	side_number(side, match->ns, REPEATS, "ns");
	if (environment_offers("tlb"))
		side_label(side, match->sums.flushes ? "%.2f TLB flushes" : "%.0f TLB flushes",
			   switches > 0 ? match->sums.flushes / switches : 0);
}

static double ratio(double process, double thread)
{
	return thread > 0 ? process / thread : 0;
}

static bool of_class(const struct match *match, enum switch_class class)
{
	return match->sums.counters.switches[class] >= LEAST;
}

/*
 * The classes must be right for nearly all switches. A switch between processes must
 * cost more by a tenth, in the median and at best; noise comes on top, so when these
 * two disagree it was too much.
 */
static void decide(struct finding *finding, const struct match *processes,
		   const struct match *threads)
{
	const struct summary *process = &finding->process.value, *thread = &finding->thread.value;
	const bool right = of_class(processes, SWITCH_PROCESS) && of_class(threads, SWITCH_THREAD);
	const bool wrong = of_class(processes, SWITCH_THREAD) || of_class(threads, SWITCH_PROCESS);
	bool dearer = ratio(process->median, thread->median) > 1.1;
	char flushes[64] = "; TLB flushes are not traced by this kernel";

	if (!right && !wrong) {
		finding_impossible(finding, "CPU %u was not left to the two tasks: too few switches are of their class",
				   measuring_cpu());
		return;
	}
	if (right && dearer != (ratio(process->min, thread->min) > 1.1)) {
		finding_impossible(finding, "the costs scatter too much to tell them apart: is the machine busy?");
		return;
	}
	if (environment_offers("tlb"))
		snprintf(flushes, sizeof(flushes), "; %llu against %llu TLB flushes",
			 (unsigned long long)processes->sums.flushes,
			 (unsigned long long)threads->sums.flushes);
	finding_require(finding, of_class(processes, SWITCH_PROCESS),
			"switches between processes are of class process");
	finding_require(finding, of_class(threads, SWITCH_THREAD),
			"switches between threads are of class thread");
	finding_require(finding, dearer, "a switch between processes costs more by a tenth");
	finding_decide(finding, "a switch between processes costs %.2f times one between threads%s",
		       ratio(process->median, thread->median), flushes);
}

/* Turns without a switch cost what the pages and the pipe do: that is subtracted. */
static bool play_set(struct pingpong *game, double *ns[2])
{
	struct pingpong_match sums = { 0 };
	double alone[SET_REPEATS];
	double median;

	for (size_t i = 0; i < SET_REPEATS; i++) {
		alone[i] = pingpong_alone(game);
		if (!pingpong_play(game, ACTOR_PROCESS, &sums, &ns[0][i]) ||
		    !pingpong_play(game, ACTOR_THREAD, &sums, &ns[1][i]))
			return false;
	}
	median = summarize(alone, SET_REPEATS).median;
	for (size_t i = 0; i < SET_REPEATS; i++) {
		ns[0][i] = ns[0][i] > median ? ns[0][i] - median : 0;
		ns[1][i] = ns[1][i] > median ? ns[1][i] - median : 0;
	}
	return true;
}

static void tell_set(struct finding *finding, size_t pages, struct summary process,
		     struct summary thread)
{
	static const struct series processes = {
		.name = "between processes", .x_unit = "pages", .unit = "ns",
	};
	static const struct series threads = {
		.name = "between threads", .of_threads = true, .x_unit = "pages", .unit = "ns",
	};
	char text[2][32];

	finding_point(finding, &processes, (double)pages, process);
	finding_point(finding, &threads, (double)pages, thread);
	format_quantity(text[0], sizeof(text[0]), process.median, "ns");
	format_quantity(text[1], sizeof(text[1]), thread.median, "ns");
	finding_evidence(finding, "clock_gettime(2)",
			 "each touches %zu pages a turn: a switch between processes %s, between threads %s",
			 pages, text[0], text[1]);
}

/* What else a switch costs: pages that have to be found again. No verdict hangs on it. */
static void measure_sets(struct finding *finding)
{
	double ns[2][SET_REPEATS];

	for (size_t i = 0; i < SETS; i++) {
		struct pingpong game;
		bool fine;

		if (!pingpong_open(&game, SET_ROUNDS, set_pages[i]))
			return;
		fine = play_set(&game, (double *[]) { ns[0], ns[1] });
		pingpong_close(&game);
		if (!fine)
			return;
		tell_set(finding, set_pages[i], summarize(ns[0], SET_REPEATS),
			 summarize(ns[1], SET_REPEATS));
	}
}

void measure_context_switch(struct finding *finding)
{
	struct match processes = { 0 }, threads = { 0 };
	double pipe_ns[REPEATS];
	struct summary pipe;

	if (!finding_needs_probe(finding, "switches"))
		return;
	pin_to(measuring_cpu());
	if (play_all(&processes, &threads, pipe_ns)) {
		pipe = summarize(pipe_ns, REPEATS);
		tell(finding, "processes", &processes, SWITCH_PROCESS, "process");
		tell(finding, "threads", &threads, SWITCH_THREAD, "thread");
		finding_evidence(finding, "clock_gettime(2)",
				 "the pipe itself costs %.0f ns a message (%.0f to %.0f); it is subtracted",
				 pipe.median, pipe.low, pipe.high);
		side_switch(&finding->process, &processes, pipe.median, SWITCH_PROCESS);
		side_switch(&finding->thread, &threads, pipe.median, SWITCH_THREAD);
		measure_sets(finding);
		decide(finding, &processes, &threads);
	} else {
		finding_impossible(finding, "the two tasks could not play over their pipes");
	}
	unpin();
}
