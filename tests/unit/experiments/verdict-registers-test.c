// SPDX-License-Identifier: GPL-2.0
/* own-registers: what two that take turns find again. */
#include "experiments/own-registers.c"
#include "experiments/actor.h"
#include "model/finding.h"
#include "verdict-test.h"

static const struct holding held = {
	.report = { .tls = { 100, 200 } }, .task = { { .tls = 100 }, { .tls = 200 } },
	.switches = { SWITCHES_AT_LEAST, SWITCHES_AT_LEAST },
};

static void try(struct holding process, struct holding thread, enum verdict verdict,
		const char *words)
{
	const struct holding sides[2] = { process, thread };
	struct finding finding = { 0 };

	show(&finding, &finding.process, ACTOR_PROCESS, &process);
	show(&finding, &finding.thread, ACTOR_THREAD, &thread);
	decide(&finding, sides);
	check_finding(&finding, verdict, words, "own-registers");
}

void test_verdict_registers(void)
{
	const struct holding one_pointer = WITH(WITH(held, report.tls[1], 100), task[1].tls, 100);

	try(held, held, CONFIRMED, "keep their own");
	try(one_pointer, held, CONFIRMED, NULL);
	try(WITH(held, report.lost[0], 1), held, CONFIRMED, "processes lose theirs");
	try(held, WITH(held, report.lost[0], 1), REFUTED, "lose no value");
	try(held, WITH(held, report.lost[1], 1), REFUTED, "lose no value");
	try(held, one_pointer, REFUTED, "different thread pointers");
	for (int i = 0; i < 2; i++) {
		try(WITH(held, switches[i], SWITCHES_AT_LEAST - 1), held, NOT_MEASURABLE,
		    "(process) were switched fewer");
		try(held, WITH(held, switches[i], SWITCHES_AT_LEAST - 1), NOT_MEASURABLE,
		    "(thread) were switched fewer");
		try(held, WITH(held, report.tls[i], 7), NOT_MEASURABLE, "disagree");
	}
}
