// SPDX-License-Identifier: GPL-2.0
/* own-program-counter: where two threads are. */
#include "experiments/own-program-counter.c"
#include "experiments/actor.h"
#include "model/finding.h"
#include "verdict-test.h"

static const struct moment apart = {
	.task = { { .tid = 1, .pc = 100, .sp = 5 }, { .tid = 2, .pc = 200, .sp = 6 } },
	.witness = { { 45, 5, 100 }, { 7, 6, 200 } },
};

static void try(struct moment processes, struct moment threads, enum verdict verdict,
		const char *words)
{
	struct finding finding = { 0 };

	show(&finding, &finding.process, ACTOR_PROCESS, &processes);
	show(&finding, &finding.thread, ACTOR_THREAD, &threads);
	decide(&finding, &processes, &threads);
	check_finding(&finding, verdict, words, "own-program-counter");
}

void test_verdict_program_counter(void)
{
	const struct moment together = WITH(WITH(apart, task[IN_POLL].pc, 100),
					    witness[IN_POLL].pc, 100);

	try(apart, apart, CONFIRMED, NULL);
	try(together, apart, CONFIRMED, NULL);
	try(apart, together, REFUTED, "different instructions");
	try(apart, WITH(apart, witness[IN_RECV].pc, 101), NOT_MEASURABLE, "disagree");
	try(WITH(apart, witness[IN_POLL].sp, 7), apart, NOT_MEASURABLE, "disagree");
}
