// SPDX-License-Identifier: GPL-2.0
/* false-sharing: the intervals of both distances against the bound, and which turns count. */
#include "experiments/false-sharing.c"
#include "model/finding.h"
#include "verdict-test.h"

static struct summary between(double low, double high)
{
	return (struct summary) {
		.median = (low + high) / 2, .low = low, .high = high, .count = REPEATS,
	};
}

static void try(struct summary neighbours, struct summary apart, enum verdict verdict,
		const char *words)
{
	const struct summary ratios[PLACES] = { [NEIGHBOURS] = neighbours, [APART] = apart };
	struct finding finding = { 0 };

	decide(&finding, ratios);
	check_finding(&finding, verdict, words, "false-sharing");
}

static void test_rule(void)
{
	const struct summary slow = between(0.1, 0.3), same = between(0.9, 1.1);

	try(slow, same, CONFIRMED, "do 0.20 (0.10 to 0.30)");
	try(between(0.1, 0.499), between(0.5, 1.2), CONFIRMED, NULL);
	try(same, same, REFUTED, "neighbouring variables lose half");
	try(between(0.5, 0.6), same, REFUTED, "neighbouring variables lose half");
	try(slow, slow, REFUTED, "variables are apart do not");
	try(between(0.4, 0.5), same, NOT_MEASURABLE, "8 bytes apart threads do 0.40 to 0.50");
	try(slow, between(0.4, 0.9), NOT_MEASURABLE, "512 bytes apart");
	try(WITH(slow, count, REPEATS - 1), same, NOT_MEASURABLE, "not left to the two tasks");
	try(slow, WITH(same, count, REPEATS - 1), NOT_MEASURABLE, "not left to the two tasks");
}

/* Where one had no CPU, the other had the line for itself. */
static void test_turns(void)
{
	struct turn turn = { .rate = 1, .least_share = BUSY };

	CHECK(counts(&turn), "verdict: false-sharing: a turn with both CPUs counts");
	turn.least_share = BUSY - 0.01;
	CHECK(!counts(&turn), "verdict: false-sharing: one with less does not");
}

static void test_sides(void)
{
	double rates[] = { 437.3, 438.1, 440, 436, 435.5, 437 };
	struct finding finding = { 0 };

	fill_side(&finding.process, rates, 6);
	fill_side(&finding.thread, rates, 0);
	CHECK(!strcmp(finding.process.text, "437 M/s (436 to 440), additions of 2"),
	      "verdict: false-sharing: a side is %s", finding.process.text);
	CHECK(!*finding.thread.text, "verdict: false-sharing: one without turns has no number");
}

void test_verdict_false_sharing(void)
{
	test_rule();
	test_turns();
	test_sides();
}
