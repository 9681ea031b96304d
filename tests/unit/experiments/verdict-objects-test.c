// SPDX-License-Identifier: GPL-2.0
/* own-* and shared-* of the kernel's objects: each is judged by its own kind. */
#include "experiments/kernel-objects.c"
#include "experiments/actor.h"
#include "model/finding.h"
#include "verdict-test.h"

static const struct object_test own = { .about = ACTOR_PROCESS, .what = "descriptor table" };
static const struct object_test shared = { .about = ACTOR_THREAD, .what = "descriptor table" };
static const struct outcome of_child = { 0 };
static const struct outcome of_thread = { .same = true, .same_companion = true, .noticed = true };

static void try(const struct object_test *test, struct outcome child, struct outcome thread,
		enum verdict verdict, const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, test, &child, &thread);
	check_finding(&finding, verdict, words, test == &own ? "own object" : "shared object");
}

void test_verdict_objects(void)
{
	try(&own, of_child, of_thread, CONFIRMED, NULL);
	try(&own, of_child, of_child, CONFIRMED, NULL);
	try(&own, WITH(of_child, same, true), of_thread, REFUTED, "its own descriptor table");
	try(&own, WITH(of_child, same_companion, true), of_thread, REFUTED, "pending signals");
	try(&own, WITH(of_child, noticed, true), of_thread, REFUTED, "does not notice");
	try(&shared, of_child, of_thread, CONFIRMED, NULL);
	try(&shared, of_thread, of_thread, CONFIRMED, NULL);
	try(&shared, of_child, WITH(of_thread, same, false), REFUTED, "one descriptor table");
	try(&shared, of_child, WITH(of_thread, same_companion, false), REFUTED, "pending signals");
	try(&shared, of_child, WITH(of_thread, noticed, false), REFUTED, "notices what a thread");
}
