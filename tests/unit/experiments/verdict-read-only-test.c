// SPDX-License-Identifier: GPL-2.0
/* read-only-is-safe: a census, and one page before and after a write. */
#include "experiments/read-only-is-safe.c"
#include "model/finding.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "verdict-test.h"

static const struct census census = { .shared = 900, .cow = 80 };

static const struct pair before = {
	.parent = { .pfn = 7, .maps = 2 }, .child = { .pfn = 7, .maps = 2 },
};

static const struct pair after = {
	.parent = { .pfn = 7, .maps = 1 }, .child = { .pfn = 8, .maps = 1, .pte = "w" },
};

static void try(struct census counted, struct pair first, struct pair then,
		enum verdict verdict, const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, &counted, &first, &then, PAGES);
	check_finding(&finding, verdict, words, "read-only-is-safe");
}

/* Only what is private, present and mapped by two counts. */
static void check_census(void)
{
	static struct frame_record runs[] = {
		{ .pages = 3, .maps = 2, .sharing = SHARING_COW, .pte = "r" },
		{ .pages = 5, .maps = 2, .sharing = SHARING_COW, .pte = "rw" },
		{ .pages = 7, .maps = 2, .sharing = SHARING_LIBTEXT, .pte = "rx" },
		{ .pages = 11, .maps = 1, .sharing = SHARING_COW, .pte = "rw" },
		{ .pages = 13, .maps = ABSENT, .sharing = SHARING_COW, .pte = "rw" },
		{ .pages = 17, .maps = 2, .sharing = SHARING_MAPANON, .pte = "rw" },
	};
	const struct snapshot frames = {
		.records = runs, .count = sizeof(runs) / sizeof(*runs), .format = &format_frames,
	};
	struct census counted = { 0 };

	take_census(&counted, &frames);
	CHECK(counted.shared == 15 && counted.writable == 5 && counted.cow == 8,
	      "verdict: read-only-is-safe: the census counts what is private and shared");
}

void test_verdict_read_only(void)
{
	try(census, before, after, CONFIRMED, NULL);
	try(WITH(census, writable, 1), before, after, REFUTED, "is writable");
	try(WITH(census, shared, 0), before, after, NOT_MEASURABLE, "left no page shared");
	try(census, WITH(before, child.pfn, 8), after, NOT_MEASURABLE, "left no page shared");
	try(census, before, WITH(after, child.pfn, 7), REFUTED, "made a new frame");
	try(census, WITH(before, parent.maps, 1), after, REFUTED, "both had");
	try(census, before, WITH(after, parent.maps, 2), REFUTED, "has it alone");
	try(census, before, WITH(after, child.maps, 2), REFUTED, "has it alone");
	try(census, before, WITH(after, child.pte[0], 'r'), REFUTED, "may write it now");
	check_census();
}
