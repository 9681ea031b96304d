// SPDX-License-Identifier: GPL-2.0
/* own-stack: in which mapping the locals are. */
#include "experiments/own-stack.c"
#include "experiments/actor.h"
#include "model/finding.h"
#include "read/records.h"
#include "verdict-test.h"

static const struct stacks of_thread = {
	.pair = { .measurer.object[OBJECT_MM] = 1,
		  .actor = { .object[OBJECT_MM] = 1, .sp = 150 } },
	.mapping = { { .start = 500, .end = 600 }, { .start = 100, .end = 200 } },
	.witness = { { .start = 500, .end = 600 }, { .start = 100, .end = 200 } },
	.readable = true,
};

static const struct stacks of_child = {
	.pair = { .measurer.object[OBJECT_MM] = 1,
		  .actor = { .object[OBJECT_MM] = 2, .sp = 550 } },
	.mapping = { { .start = 500, .end = 600 }, { .start = 500, .end = 600 } },
	.witness = { { .start = 500, .end = 600 }, { .start = 500, .end = 600 } },
	.at_local = { { .present = true, .facts.pfn = 7 }, { .present = true, .facts.pfn = 8 } },
};

static void try(struct stacks child, struct stacks thread, enum verdict verdict,
		const char *words)
{
	struct finding finding = { 0 };

	show(&finding, ACTOR_PROCESS, &child);
	show(&finding, ACTOR_THREAD, &thread);
	decide(&finding, &child, &thread);
	check_finding(&finding, verdict, words, "own-stack");
}

static void check_cells(const char *text, struct stacks child)
{
	struct finding finding = { 0 };

	decide(&finding, &child, &of_thread);
	CHECK(!strcmp(finding.process.text, text), "verdict: own-stack: %s", text);
}

void test_verdict_stack(void)
{
	try(of_child, of_thread, CONFIRMED, NULL);
	try(of_child, WITH(of_thread, pair.actor.object[OBJECT_MM], 2), REFUTED, "one address space");
	try(of_child, WITH(WITH(of_thread, mapping[0].start, 100), witness[0].start, 100), REFUTED,
	    "a mapping of its own");
	try(of_child, WITH(of_thread, pair.actor.sp, 99), REFUTED, "stack pointer");
	try(of_child, WITH(of_thread, pair.actor.sp, 100), CONFIRMED, NULL);
	try(of_child, WITH(of_thread, pair.actor.sp, 199), CONFIRMED, NULL);
	try(of_child, WITH(of_thread, pair.actor.sp, 200), REFUTED, "stack pointer");
	try(of_child, WITH(of_thread, witness[1].end, 201), NOT_MEASURABLE, "disagree");
	try(WITH(of_child, witness[0].start, 501), of_thread, NOT_MEASURABLE, "disagree");
	check_cells("same addresses, own frames", of_child);
	check_cells("other addresses, own frames", WITH(of_child, mapping[1].end, 700));
	check_cells("same addresses, the parent's frames",
		    WITH(of_child, at_local[1].facts.pfn, 7));
}
