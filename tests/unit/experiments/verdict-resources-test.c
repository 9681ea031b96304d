// SPDX-License-Identifier: GPL-2.0
/* resources: what is left open behind a child and a thread. */
#include "experiments/resources.c"
#include "model/finding.h"
#include "verdict-test.h"

static const struct descriptors of_child = { .left = DESCRIPTORS };
static const struct descriptors of_thread = { .gets_new = true, .same_table = true };

static void try(struct descriptors child, struct descriptors thread, enum verdict verdict,
		const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, &child, &thread);
	check_finding(&finding, verdict, words, "resources");
}

/* The number for the actor is one that is free, and that ulimit -n allows. */
static void check_number(rlim_t limit, int expected)
{
	struct rlimit before, low;

	getrlimit(RLIMIT_NOFILE, &before);
	low = (struct rlimit) { limit, before.rlim_max };
	CHECK(!setrlimit(RLIMIT_NOFILE, &low) && choose_fresh() == expected,
	      "verdict: resources: descriptor %d with a limit of %ju", expected, (uintmax_t)limit);
	setrlimit(RLIMIT_NOFILE, &before);
}

void test_verdict_resources(void)
{
	try(of_child, of_thread, CONFIRMED, NULL);
	try(WITH(of_child, left, DESCRIPTORS - 1), of_thread, REFUTED, "child closes stays open");
	try(WITH(of_child, gets_new, true), of_thread, REFUTED, "child opens is not open");
	try(WITH(of_child, same_table, true), of_thread, REFUTED, "child has a files table");
	try(of_child, WITH(of_thread, left, 1), REFUTED, "thread closes is closed");
	try(of_child, WITH(of_thread, gets_new, false), REFUTED, "thread opens is open");
	try(of_child, WITH(of_thread, same_table, false), REFUTED, "has its starter's files");
	check_number(1024, HIGHEST);
	check_number(HIGHEST + 1, HIGHEST);
	check_number(HIGHEST, HIGHEST - 1);
	check_number(256, 255);
}
