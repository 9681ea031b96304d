// SPDX-License-Identifier: GPL-2.0
/* many-addresses-one-frame: three addresses, and where they lead. */
#include "experiments/many-addresses.c"
#include "model/finding.h"
#include "verdict-test.h"

static char *volatile foreign;
static char memory[3];

static const struct places places = {
	.first = &memory[0], .second = &memory[1], .foreign = &foreign,
	.facts = { { .pfn = 7, .maps = 3 }, { .pfn = 7, .maps = 3 }, { .pfn = 7, .maps = 3 } },
};

static void try(struct places seen, enum verdict verdict, const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, &seen);
	check_finding(&finding, verdict, words, "many-addresses-one-frame");
}

void test_verdict_many_addresses(void)
{
	foreign = &memory[2];
	try(places, CONFIRMED, NULL);
	try(WITH(places, facts[1].pfn, 8), REFUTED, "addresses of one process");
	try(WITH(places, facts[2].pfn, 8), REFUTED, "another process leads there");
	try(WITH(places, facts[0].maps, 2), REFUTED, "three mappings");
	try(WITH(places, facts[0].maps, 4), REFUTED, "three mappings");
	try(WITH(places, second, places.first), NOT_MEASURABLE, "equal addresses");
	foreign = &memory[0];
	try(places, NOT_MEASURABLE, "equal addresses");
	foreign = &memory[1];
	try(places, NOT_MEASURABLE, "equal addresses");
}
