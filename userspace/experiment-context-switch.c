// SPDX-License-Identifier: GPL-2.0
/*
 * context-switch: two tasks on one CPU throw a byte to and fro over two pipes,
 * so each byte is a switch. The two are processes, then threads. What writing
 * and reading a pipe costs without a switch is measured too, and subtracted.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "environment.h"
#include "experiment-claims.h"

#define ROUNDS	251	/* prime: nothing else makes just so many switches */
#define REPEATS	31	/* many and short: a busy moment spoils few of them */

struct court {
	int there[2], back[2];
};

/* What all repeats with one kind of partner gave. */
struct match {
	double ns[REPEATS];		/* of one switch, with the pipe's cost */
	struct counters counters;	/* of this CPU, summed over the repeats */
	uint64_t flushes, kept;		/* of them, those at a switch of task */
	uint64_t left;			/* how often this task left the CPU, by the kernel */
};

static bool step(int to, int from)
{
	char ball = 'o';

	return write(to, &ball, 1) == 1 && read(from, &ball, 1) == 1;
}

static int play_back(void *arg)
{
	const struct court *court = arg;
	char ball;

	actor_ready();
	for (size_t i = 0; i < ROUNDS; i++) {
		if (read(court->there[0], &ball, 1) != 1 || write(court->back[1], &ball, 1) != 1)
			return 1;
	}
	return 0;
}

static bool court_open(struct court *court)
{
	if (pipe(court->there))
		return false;
	if (!pipe(court->back))
		return true;
	close(court->there[0]);
	close(court->there[1]);
	return false;
}

static void court_close(struct court *court)
{
	for (size_t i = 0; i < 2; i++) {
		close(court->there[i]);
		close(court->back[i]);
	}
}

static void counters_add(struct match *match, const struct counters *part)
{
	const uint64_t *flushes = part->tlb[TLB_REASON_TASK_SWITCH];

	for (size_t i = 0; i < SWITCH_CLASSES; i++)
		match->counters.switches[i] += part->switches[i];
	match->kept += flushes[TLB_OUTCOME_KEPT];
	match->flushes += flushes[TLB_OUTCOME_RANGE] + flushes[TLB_OUTCOME_FULL];
}

static uint64_t times_left(void)
{
	struct rusage usage = { 0 };

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nvcsw + usage.ru_nivcsw;
}

/* One repeat: the counters are read at once before and after, on this CPU. */
static bool play(struct match *match, double *ns, enum actor_kind kind, struct court *court)
{
	struct actor *partner = actor_start(kind, play_back, court);
	struct counters before, now;
	bool fine;
	uint64_t start, left;

	if (!partner)
		return false;
	actor_await(partner);
	actor_release(partner);
	fine = !counters_read_cpu(&before, measuring_cpu());
	left = times_left();
	start = now_ns();
	for (size_t i = 0; fine && i < ROUNDS; i++)
		fine = step(court->there[1], court->back[0]);
	*ns = (now_ns() - start) / (2.0 * ROUNDS);
	match->left += times_left() - left;
	fine = fine && !counters_read_cpu(&now, measuring_cpu());
	if (fine) {
		counters_since(&now, &before);
		counters_add(match, &now);
	}
	return !actor_join(partner) && fine;
}

/* A write and a read of a byte without a switch: one goes with each switch. */
static double time_pipe(struct court *court)
{
	uint64_t start = now_ns();

	for (size_t i = 0; i < ROUNDS; i++)
		step(court->there[1], court->there[0]);
	return (double)(now_ns() - start) / ROUNDS;
}

/* Kinds take turns, so that a slow moment of the machine meets all of them. */
static bool play_all(struct match *processes, struct match *threads, double *pipe_ns)
{
	struct court court;
	bool fine = true;

	if (!court_open(&court))
		return false;
	for (size_t i = 0; fine && i < REPEATS; i++) {
		pipe_ns[i] = time_pipe(&court);
		fine = play(processes, &processes->ns[i], ACTOR_PROCESS, &court) &&
		       play(threads, &threads->ns[i], ACTOR_THREAD, &court);
	}
	court_close(&court);
	return fine;
}

static void tell(struct finding *finding, const char *who, const struct match *match,
		 enum switch_class class, const char *class_name)
{
	double counted = match->counters.switches[class], left = match->left;
	uint64_t all = 0;

	for (size_t i = 0; i < SWITCH_CLASSES; i++)
		all += match->counters.switches[i];
	finding_evidence(finding, "debugfs:switches",
			 "2 %s, %d times %d round trips on CPU %u: %llu switches, %llu of class %s",
			 who, REPEATS, ROUNDS, measuring_cpu(), (unsigned long long)all,
			 (unsigned long long)match->counters.switches[class], class_name);
	finding_witness(finding, "getrusage(2)", counted > 1.9 * left && counted < 2.1 * left,
			"2 %s: one of the two left the CPU %llu times, so half of the switches",
			who, (unsigned long long)match->left);
	finding_evidence(finding, "debugfs:tlb",
			 "2 %s: TLB flushed at %llu of these switches, kept by PCID at %llu", who,
			 (unsigned long long)match->flushes, (unsigned long long)match->kept);
}

/* Each switch without the pipe's median cost; never below zero. */
static void side_switch(struct side *side, struct match *match, double pipe_median,
			enum switch_class class, const char *class_name)
{
	double switches = match->counters.switches[class];
	char cost[32], flushes[32];

	for (size_t i = 0; i < REPEATS; i++)
		match->ns[i] = match->ns[i] > pipe_median ? match->ns[i] - pipe_median : 0;
	side_number(side, match->ns, REPEATS, "ns");
	format_quantity(cost, sizeof(cost), side->value.median, "ns");
	snprintf(flushes, sizeof(flushes), match->flushes ? "%.2f" : "%.0f",
		 switches > 0 ? match->flushes / switches : 0);
	side_label(side, "%s a switch of class %s, %s TLB flushes at each", cost, class_name,
		   flushes);
}

static double ratio(double process, double thread)
{
	return thread > 0 ? process / thread : 0;
}

/*
 * The classes must be right for nearly all switches: another task may come in
 * between. A switch between processes must cost more by a tenth, in the median
 * and at best; noise comes on top, so when these two disagree it was too much.
 */
static void decide(struct finding *finding, const struct match *processes,
		   const struct match *threads)
{
	const struct summary *process = &finding->process.value, *thread = &finding->thread.value;
	const double least = 0.95 * 2 * ROUNDS * REPEATS;
	bool dearer = ratio(process->median, thread->median) > 1.1;

	if (processes->counters.switches[SWITCH_PROCESS] < least ||
	    threads->counters.switches[SWITCH_THREAD] < least) {
		finding_impossible(finding, "CPU %u was not left to the two tasks: too few switches are of their class",
				   measuring_cpu());
		return;
	}
	if (dearer != (ratio(process->min, thread->min) > 1.1)) {
		finding_impossible(finding, "the costs scatter too much to tell them apart: is the machine busy?");
		return;
	}
	finding_decide(finding, dearer,
		       "a switch between processes costs %.1f times one between threads; %llu against %llu TLB flushes",
		       ratio(process->median, thread->median),
		       (unsigned long long)processes->flushes,
		       (unsigned long long)threads->flushes);
}

void measure_context_switch(struct finding *finding)
{
	struct match processes = { 0 }, threads = { 0 };
	double pipe_ns[REPEATS];
	struct summary pipe;

	if (!finding_needs_probe(finding, "switches") || !finding_needs_probe(finding, "tlb"))
		return;
	pin_to(measuring_cpu());
	if (play_all(&processes, &threads, pipe_ns)) {
		pipe = summarize(pipe_ns, REPEATS);
		tell(finding, "processes", &processes, SWITCH_PROCESS, "process");
		tell(finding, "threads", &threads, SWITCH_THREAD, "thread");
		finding_evidence(finding, "clock_gettime(2)",
				 "the pipe itself costs %.0f ns a message (%.0f to %.0f); it is subtracted",
				 pipe.median, pipe.low, pipe.high);
		side_switch(&finding->process, &processes, pipe.median, SWITCH_PROCESS,
			    "process");
		side_switch(&finding->thread, &threads, pipe.median, SWITCH_THREAD, "thread");
		decide(finding, &processes, &threads);
	} else {
		finding_impossible(finding, "the two tasks could not play over their pipes");
	}
	unpin();
}
