// SPDX-License-Identifier: GPL-2.0
/* memory: whose writes go where, and who sees them. */
#include "experiments/memory.c"
#include "model/finding.h"
#include "verdict-test.h"

static const struct writes of_child = { .moved = PAGES, .seen = 0, .found = PAGES };
static const struct writes of_thread = { .moved = 0, .seen = PAGES, .found = PAGES };

static void try(struct writes child, struct writes thread, enum verdict verdict,
		const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, &child, &thread);
	check_finding(&finding, verdict, words, "memory");
}

void test_verdict_memory(void)
{
	try(of_child, of_thread, CONFIRMED, NULL);
	try(WITH(of_child, moved, PAGES - 1), of_thread, REFUTED, "child writes goes to another");
	try(WITH(of_child, seen, 1), of_thread, REFUTED, "sees no write of the child");
	try(of_child, WITH(of_thread, moved, 1), REFUTED, "thread writes stays");
	try(of_child, WITH(of_thread, seen, PAGES - 1), REFUTED, "sees all writes of the thread");
}
