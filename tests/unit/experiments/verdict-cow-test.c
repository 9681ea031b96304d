// SPDX-License-Identifier: GPL-2.0
/* can-share-cow: what fork leaves shared, and what writing takes away. */
#include "experiments/can-share-cow.c"
#include "model/finding.h"
#include "verdict-test.h"

static const struct erosion of_child = {
	.before = { .same = PAGES, .shared = PAGES },
	.after = { .same = PAGES - WRITTEN, .shared = PAGES - WRITTEN },
};

static void try(struct erosion child, enum verdict verdict, const char *words)
{
	const struct erosion thread = { .before.same = PAGES, .after.same = PAGES };
	struct finding finding = { 0 };

	decide(&finding, &child, &thread);
	check_finding(&finding, verdict, words, "can-share-cow");
}

void test_verdict_cow(void)
{
	try(of_child, CONFIRMED, NULL);
	try(WITH(of_child, one_space, true), REFUTED, "two page tables");
	try(WITH(of_child, before.shared, PAGES - 1), REFUTED, "fork leaves every page");
	try(WITH(of_child, after.same, PAGES - WRITTEN - 1), REFUTED, "and no other");
	try(WITH(of_child, after.same, PAGES - WRITTEN + 1), REFUTED, "a frame of its own");
	try(WITH(of_child, after.shared, PAGES - WRITTEN - 1), REFUTED, "stay shared");
}
