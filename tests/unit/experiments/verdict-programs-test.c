// SPDX-License-Identifier: GPL-2.0
/* can-share-text, -rodata, -library: pages that two programs have. */
#include "experiments/can-share-programs.c"
#include "model/finding.h"
#include "verdict-test.h"

static const struct part text = { .what = "text", .classes = CLASS(TEXT) };
static const struct part library = { .what = "libraries", .other_program = true };
static const struct comparison compared = {
	.pages = 5, .same = 5, .maps_low = 2, .address = { 1000, 2000 },
};

static void try(const struct part *part, struct comparison comparison, bool one_space,
		enum verdict verdict, const char *words)
{
	const struct one_page page = { .one_space = one_space };
	struct finding finding = { 0 };

	decide(&finding, part, &comparison, &page);
	check_finding(&finding, verdict, words, part->what);
}

void test_verdict_programs(void)
{
	try(&text, compared, true, CONFIRMED, NULL);
	try(&text, compared, false, CONFIRMED, "two page tables");
	try(&text, WITH(compared, address[1], 1000), true, CONFIRMED, NULL);
	try(&text, WITH(compared, same, 4), true, REFUTED, "all pages on the same frames");
	try(&text, WITH(compared, same, 0), true, REFUTED, "all pages on the same frames");
	try(&text, WITH(compared, maps_low, 1), true, REFUTED, "mapped twice or more");
	try(&library, compared, true, CONFIRMED, "at different addresses");
	try(&library, WITH(compared, address[1], 1000), true, NOT_MEASURABLE, "randomisation");
	try(&library, WITH(compared, same, 4), true, REFUTED, "all pages on the same frames");
}
