// SPDX-License-Identifier: GPL-2.0
/* can-share-anonymous, -file, -sysv, -mapped-file: who reads what, on which frames. */
#include "experiments/can-share-memory.c"
#include "model/finding.h"
#include "verdict-test.h"

static const struct mechanism shared = {
	.call = "MAP_SHARED", .classes = CLASS(MAPFILE), .actor_classes = CLASS(MAPFILE),
};

static const struct mechanism copied = {
	.call = "MAP_PRIVATE", .copies = true, .classes = CLASS(MAPFILE),
	.actor_classes = CLASS(FILECOW),
};

static struct exchange exchanged;

static void try(const struct mechanism *mechanism, struct exchange process,
		enum verdict verdict, const char *words)
{
	const struct exchange thread = { .one_space = true, .maps_low = 1, .maps_high = 1 };
	struct finding finding = { 0 };

	decide(&finding, mechanism, &process, &thread);
	check_finding(&finding, verdict, words, mechanism->copies ? "private" : "shared");
}

static void test_shared(void)
{
	try(&shared, exchanged, CONFIRMED, NULL);
	try(&shared, WITH(exchanged, one_space, true), REFUTED, "two page tables");
	try(&shared, WITH(exchanged, report.read_first, PAGES - 1), REFUTED, "what the parent wrote");
	try(&shared, WITH(exchanged, report.read_second, PAGES - 1), REFUTED, "writes then");
	try(&shared, WITH(exchanged, same, PAGES - 1), REFUTED, "on the same frames");
	try(&shared, WITH(exchanged, maps_low, 1), REFUTED, "mapped twice");
	try(&shared, WITH(exchanged, maps_high, 3), REFUTED, "mapped twice");
	try(&shared, WITH(exchanged, replies, PAGES - 1), REFUTED, "parent reads");
	try(&shared, WITH(exchanged, ours[PAGES - 1].facts.sharing, SHARING_COW), REFUTED, "class");
	try(&shared, WITH(exchanged, theirs[0].facts.sharing, SHARING_COW), REFUTED, "class");
}

static void test_copied(void)
{
	struct exchange apart = WITH(exchanged, replies, 0);

	for (size_t i = 0; i < PAGES; i++)
		apart.theirs[i].facts.sharing = SHARING_FILECOW;
	try(&copied, apart, CONFIRMED, NULL);
	try(&copied, WITH(apart, replies, 1), REFUTED, "is its own");
	try(&copied, WITH(apart, same, 0), REFUTED, "on the same frames");
	try(&copied, WITH(apart, theirs[3].facts.sharing, SHARING_MAPFILE), REFUTED, "class");
}

void test_verdict_shared_memory(void)
{
	for (size_t i = 0; i < PAGES; i++) {
		exchanged.ours[i] = (struct page_view) {
			.present = true,
			.facts = { .pfn = i, .maps = 2, .sharing = SHARING_MAPFILE },
		};
		exchanged.theirs[i] = exchanged.ours[i];
	}
	sum_up(&exchanged);
	CHECK(exchanged.same == PAGES && exchanged.maps_low == 2 && exchanged.maps_high == 2,
	      "verdict: shared: pages add up");
	exchanged.replies = PAGES;
	exchanged.report = (struct report) { .read_first = PAGES, .read_second = PAGES };
	test_shared();
	test_copied();
}
