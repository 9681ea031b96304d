// SPDX-License-Identifier: GPL-2.0
/* The witnesses that many experiments ask: a page's, and kcmp(2). */
#include <unistd.h>

static int readable;		/* what /proc offers here */
#define access(path, mode) ((path) && (mode) && readable ? 0 : -1)
#include "experiments/look-at-pages.c"
#include "experiments/finding.h"
#include "read/records.h"
#include "verdict-test.h"
#undef access

static void decide_with(const struct tally *tally, enum verdict verdict, const char *words,
			const char *what)
{
	struct finding finding = { 0 };

	finding_require(&finding, true, "it is so");
	tally_evidence(&finding, tally);
	finding_decide(&finding, "found");
	check_finding(&finding, verdict, words, what);
}

static void test_pages(void)
{
	const struct tally all = { 13, 13 }, some = { 13, 12 }, none = { 13, 0 };

	readable = 1;
	decide_with(&all, CONFIRMED, "found", "pagemap agrees on all pages");
	decide_with(&some, NOT_MEASURABLE, "disagree", "pagemap differs at one page");
	decide_with(&none, NOT_MEASURABLE, "disagree", "pagemap differs at all");
	readable = 0;
	decide_with(&none, CONFIRMED, "no word from the witness pagemap", "there is no pagemap");
}

static void decide_kcmp(int kcmp, bool same, enum verdict verdict, const char *what)
{
	struct finding finding = { 0 };

	finding_require(&finding, true, "it is so");
	kcmp_witness(&finding, "child", kcmp, same, "files table");
	finding_decide(&finding, "found");
	check_finding(&finding, verdict, kcmp < 0 ? "no word from the witness kcmp(2)" : NULL,
		      what);
}

static void test_kcmp(void)
{
	decide_kcmp(1, true, CONFIRMED, "kcmp: one, one");
	decide_kcmp(0, false, CONFIRMED, "kcmp: two, two");
	decide_kcmp(1, false, NOT_MEASURABLE, "kcmp: one, two");
	decide_kcmp(0, true, NOT_MEASURABLE, "kcmp: two, one");
	decide_kcmp(-1, true, CONFIRMED, "kcmp cannot tell, one");
	decide_kcmp(-1, false, CONFIRMED, "kcmp cannot tell, two");
}

static bool agrees(struct page_view view)
{
	return witness_agrees(&view);
}

static bool one_frame(struct page_view a, struct page_view b)
{
	return same_frame(&a, &b);
}

static bool one_object(struct task_pair pair, enum shared_object object)
{
	return same_object(&pair, object);
}

static void test_views(void)
{
	const struct page_view here = { .present = true, .facts = { .pfn = 7, .maps = 2 },
					.witness_pfn = 7, .witness_maps = 2 };
	const struct page_view gone = { 0 };
	const struct task_pair pair = { .measurer.object[OBJECT_MM] = 5,
					.actor.object[OBJECT_MM] = 5 };

	CHECK(agrees(here) && agrees(gone), "verdict: a page and its witness");
	CHECK(!agrees(WITH(here, witness_pfn, 8)), "verdict: another frame");
	CHECK(!agrees(WITH(here, witness_maps, 1)), "verdict: fewer mappings");
	CHECK(!agrees(WITH(here, witness_maps, 3)), "verdict: more mappings");
	CHECK(!agrees(WITH(here, present, false)), "verdict: not seen by the module");
	CHECK(one_frame(here, here) && !one_frame(here, gone) && !one_frame(gone, gone) &&
	      !one_frame(here, WITH(here, facts.pfn, 8)), "verdict: one frame, or not");
	CHECK(one_object(pair, OBJECT_MM) && !one_object(pair, OBJECT_FILES) &&
	      !one_object(WITH(pair, actor.object[OBJECT_MM], 6), OBJECT_MM),
	      "verdict: one object, two, none");
}

void test_verdict_view(void)
{
	test_pages();
	test_kcmp();
	test_views();
}
