// SPDX-License-Identifier: GPL-2.0
/* own-globals, shared-code, -data, -heap: each is judged by its own kind. */
#include "experiments/code-data-heap.c"
#include "experiments/actor.h"
#include "model/finding.h"
#include "read/records.h"
#include "verdict-test.h"

static const struct area own = { .about = ACTOR_PROCESS, .what = "a global variable" };
static const struct area shared = { .about = ACTOR_THREAD, .what = "the heap" };

#define FRAME(number, mappings) { .present = true, .facts = { .pfn = number, .maps = mappings } }

static const struct writing of_child = {
	.pair = { .measurer.object[OBJECT_MM] = 1, .actor.object[OBJECT_MM] = 2 },
	.measurer = { FRAME(7, 2), FRAME(7, 1) }, .actor = { FRAME(7, 2), FRAME(8, 1) },
	.value = OLD_VALUE,
};

static const struct writing of_thread = {
	.pair = { .measurer.object[OBJECT_MM] = 1, .actor.object[OBJECT_MM] = 1 },
	.measurer = { FRAME(7, 1), FRAME(7, 1) }, .actor = { FRAME(7, 1), FRAME(7, 1) },
	.value = NEW_VALUE,
};

static void try(const struct area *area, struct writing child, struct writing thread,
		enum verdict verdict, const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, area, &child, &thread);
	check_finding(&finding, verdict, words, area == &own ? "own area" : "shared area");
}

void test_verdict_areas(void)
{
	try(&own, of_child, of_thread, CONFIRMED, NULL);
	try(&own, of_child, of_child, CONFIRMED, NULL);
	/* Copied by fork, not by the write: it is as much its own. */
	try(&own, WITH(of_child, actor[0].facts.pfn, 8), of_thread, CONFIRMED, NULL);
	try(&own, WITH(of_child, pair.actor.object[OBJECT_MM], 1), of_thread, REFUTED, "page table");
	try(&own, WITH(of_child, actor[1].facts.pfn, 7), of_thread, REFUTED, "a frame of its own");
	try(&own, WITH(of_child, value, NEW_VALUE), of_thread, REFUTED, "keeps its value");
	try(&shared, of_child, of_thread, CONFIRMED, NULL);
	try(&shared, of_thread, of_thread, CONFIRMED, NULL);
	try(&shared, of_child, WITH(of_thread, pair.actor.object[OBJECT_MM], 2), REFUTED,
	    "one page table");
	try(&shared, of_child, WITH(of_thread, value, OLD_VALUE), REFUTED, "finds what a thread");
	try(&shared, of_child, WITH(of_thread, actor[1].facts.pfn, 8), REFUTED, "one frame");
	try(&shared, of_child, WITH(of_thread, measurer[1].facts.maps, 2), REFUTED, "mapped once");
	try(&shared, of_child, WITH(of_thread, measurer[1].facts.maps, 0), REFUTED, "mapped once");
}
