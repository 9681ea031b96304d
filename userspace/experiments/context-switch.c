// SPDX-License-Identifier: GPL-2.0
/*
 * context-switch: two tasks on one CPU throw a byte to and fro over two pipes,
 * so each byte is a switch. The two are processes, then threads. What writing and
 * reading a pipe costs each of these without a switch is measured too, and subtracted.
 * Then with a working set, which a flushed TLB makes dear to touch again.
 */
#include <math.h>
#include <stdio.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/pingpong.h"
#include "lib/quantity.h"
#include "measure/pin.h"
#include "model/machine.h"
#include "read/probes.h"

#define ROUNDS	127	/* prime: nothing else makes just so many switches */
#define REPEATS	81	/* many and short: a busy moment spoils few of them */
#define COUNTED	21	/* in a second pass: what counts takes time, at one of the sides more */

/* Of the switches that the rounds make; another task may come in between. */
#define LEAST	(0.95 * 2 * ROUNDS * COUNTED)
#define LEAST_LEFT (0.95 * ROUNDS * REPEATS)

#define SET_ROUNDS	17	/* with a working set */
#define SET_REPEATS	11
#define SETS		(sizeof(set_pages) / sizeof(set_pages[0]))

/* Pages that each of the two touches at each of its turns. */
static const size_t set_pages[] = { 0, 16, 64, 256, 512, 1024 };

/* What all repeats with one kind of partner gave. */
struct match {
	double ns[REPEATS];		/* of one switch: without its side's own pipe */
	double pipe_ns[REPEATS];
	uint64_t left;			/* how often one of the two left the CPU meanwhile */
	struct pingpong_match sums;	/* of the second pass */
};

static bool play_once(struct pingpong *game, enum actor_kind kind, struct match *match, size_t i)
{
	struct pingpong_time time;

	if (!pingpong_play(game, kind, NULL, &time))
		return false;
	match->ns[i] = time.turn_ns - time.pipe_ns;
	match->pipe_ns[i] = time.pipe_ns;
	match->left += time.left;
	return true;
}

static bool hold(const char *name)
{
	char word[24];

	snprintf(word, sizeof(word), "=%s", name);
	return !environment_offers(name) || !probes_hold(word);
}

/*
 * Kinds take turns, so that a slow moment of the machine meets both; and who comes first
 * changes. No probe of ours is attached: that of TLB flushes runs at one side only.
 */
static bool time_all(struct pingpong *game, struct match matches[2])
{
	bool fine = !probes_pause("switches") && !probes_pause("tlb"), held;

	for (size_t i = 0; fine && i < REPEATS; i++) {
		const enum actor_kind first = i % 2 ? ACTOR_THREAD : ACTOR_PROCESS;

		fine = play_once(game, first, &matches[first], i) &&
		       play_once(game, !first, &matches[!first], i);
	}
	/* Also for those who come after it failed. */
	held = hold("switches");
	return hold("tlb") && held && fine;
}

static bool count_all(struct pingpong *game, struct match matches[2])
{
	struct pingpong_time unused;
	bool fine = true;

	for (size_t i = 0; fine && environment_offers("switches") && i < COUNTED; i++)
		fine = pingpong_play(game, ACTOR_PROCESS, &matches[ACTOR_PROCESS].sums, &unused) &&
		       pingpong_play(game, ACTOR_THREAD, &matches[ACTOR_THREAD].sums, &unused);
	return fine;
}

static bool play_all(struct match matches[2])
{
	struct pingpong game;
	bool fine;

	if (!pingpong_open(&game, ROUNDS, 0))
		return false;
	fine = time_all(&game, matches) && count_all(&game, matches);
	pingpong_close(&game);
	return fine;
}

/*
 * How many times dearer a switch between processes is, of each pair of neighbours in
 * time. One that took no longer than its pipe costs nothing, or the other endlessly more.
 */
static struct summary compare(const struct match matches[2])
{
	double ratios[REPEATS];

	for (size_t i = 0; i < REPEATS; i++) {
		const double process = matches[ACTOR_PROCESS].ns[i];
		const double thread = matches[ACTOR_THREAD].ns[i];

		ratios[i] = process <= 0 ? 0 : thread <= 0 ? HUGE_VAL : process / thread;
	}
	return summarize_within(ratios, REPEATS, 0.99);
}

static uint64_t all_switches(const struct match *match)
{
	uint64_t all = 0;

	for (size_t i = 0; i < SWITCH_CLASSES; i++)
		all += match->sums.counters.switches[i];
	return all;
}

/* Of the second pass: what the module counted, and what getrusage(2) says of it. */
static void tell_counts(struct finding *finding, const char *who, const struct match *match,
			enum switch_class class, const char *class_name)
{
	double counted = match->sums.counters.switches[class], left = match->sums.left;
	uint64_t all = all_switches(match);

	finding_evidence(finding, "debugfs:switches",
			 "2 %s, %d times %d round trips on CPU %u: %llu switches, %llu of class %s",
			 who, COUNTED, ROUNDS, measuring_cpu(), (unsigned long long)all,
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

static void tell_times(struct finding *finding, const char *who, struct match *match)
{
	struct summary pipe = summarize(match->pipe_ns, REPEATS);

	finding_evidence(finding, "getrusage(2)",
			 "2 %s, timed: %d times %d round trips, one of the two left the CPU %llu times",
			 who, REPEATS, ROUNDS, (unsigned long long)match->left);
	finding_evidence(finding, "clock_gettime(2)",
			 "2 %s: the pipe itself costs %.0f ns a message (%.0f to %.0f); it is subtracted",
			 who, pipe.median, pipe.low, pipe.high);
}

static void side_switch(struct side *side, struct match *match, enum switch_class class)
{
	double switches = match->sums.counters.switches[class];

	side_number(side, match->ns, REPEATS, "ns");
	if (environment_offers("tlb"))
		side_label(side, match->sums.flushes ? "%.2f TLB flushes" : "%.0f TLB flushes",
			   switches > 0 ? match->sums.flushes / switches : 0);
}

static bool of_class(const struct match *match, enum switch_class class)
{
	return match->sums.counters.switches[class] >= LEAST;
}

/* Was the CPU left to the two, so that each byte was a switch? */
static bool switched(const struct match *match)
{
	const uint64_t *counts = match->sums.counters.switches;

	return match->left >= LEAST_LEFT &&
	       (!environment_offers("switches") || counts[SWITCH_PROCESS] >= LEAST ||
		counts[SWITCH_THREAD] >= LEAST);
}

static void require_classes(struct finding *finding, const struct match matches[2])
{
	if (!environment_offers("switches"))
		return;
	finding_require(finding, of_class(&matches[ACTOR_PROCESS], SWITCH_PROCESS),
			"switches between processes are of class process");
	finding_require(finding, of_class(&matches[ACTOR_THREAD], SWITCH_THREAD),
			"switches between threads are of class thread");
}

/*
 * The classes must be right for nearly all switches, and a switch between processes must
 * cost more: the whole interval of the ratio lies above 1. It refutes the claim when it
 * lies below; when 1 is in it nothing was found.
 */
static void decide(struct finding *finding, const struct match matches[2],
		   const struct summary *ratio)
{
	char flushes[80] = "; TLB flushes are not counted here";

	if (!switched(&matches[ACTOR_PROCESS]) || !switched(&matches[ACTOR_THREAD])) {
		finding_impossible(finding, "CPU %u was not left to the two tasks: too few switches are theirs",
				   measuring_cpu());
		return;
	}
	require_classes(finding, matches);
	if (!*finding->failed && ratio->low <= 1 && ratio->high >= 1) {
		finding_impossible(finding, "no difference can be told, or the times scatter too much: a switch between processes costs %.2f to %.2f times one between threads",
				   ratio->low, ratio->high);
		return;
	}
	if (environment_offers("tlb"))
		snprintf(flushes, sizeof(flushes), "; %llu against %llu TLB flushes, %llu against %llu avoided by PCID",
			 (unsigned long long)matches[ACTOR_PROCESS].sums.flushes,
			 (unsigned long long)matches[ACTOR_THREAD].sums.flushes,
			 (unsigned long long)matches[ACTOR_PROCESS].sums.kept,
			 (unsigned long long)matches[ACTOR_THREAD].sums.kept);
	finding_require(finding, ratio->low > 1, "a switch between processes costs more");
	finding_decide(finding, "a switch between processes costs %.2f times one between threads (%.2f to %.2f)%s",
		       ratio->median, ratio->low, ratio->high, flushes);
}

static bool play_set(struct pingpong *game, double *ns[2])
{
	struct pingpong_time time;

	for (size_t i = 0; i < SET_REPEATS; i++) {
		for (int kind = ACTOR_PROCESS; kind <= ACTOR_THREAD; kind++) {
			if (!pingpong_play(game, kind, NULL, &time))
				return false;
			ns[kind][i] = time.turn_ns - time.pipe_ns;
		}
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

static void finish(struct finding *finding, struct match matches[2])
{
	const struct summary ratio = compare(matches);

	tell_times(finding, "processes", &matches[ACTOR_PROCESS]);
	tell_times(finding, "threads", &matches[ACTOR_THREAD]);
	if (finding_counts(finding, "switches")) {
		tell_counts(finding, "processes", &matches[ACTOR_PROCESS], SWITCH_PROCESS, "process");
		tell_counts(finding, "threads", &matches[ACTOR_THREAD], SWITCH_THREAD, "thread");
	}
	side_switch(&finding->process, &matches[ACTOR_PROCESS], SWITCH_PROCESS);
	side_switch(&finding->thread, &matches[ACTOR_THREAD], SWITCH_THREAD);
	decide(finding, matches, &ratio);
}

void measure_context_switch(struct finding *finding)
{
	struct match matches[2] = { 0 };

	pin_to(measuring_cpu());
	if (play_all(matches)) {
		measure_sets(finding);
		finish(finding, matches);
	} else {
		finding_impossible(finding, "the two tasks could not play over their pipes");
	}
	unpin();
}
