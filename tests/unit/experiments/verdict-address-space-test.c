// SPDX-License-Identifier: GPL-2.0
/* address-space: how many there are among four. */
#include "experiments/address-space.c"
#include "model/finding.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "verdict-test.h"

static const struct crowd processes = { .count = 4, .seen = 4, .spaces = 4, .spaces_kcmp = 4,
					.kcmp_tells = true };
static const struct crowd threads = { .count = 4, .seen = 4, .spaces = 1, .spaces_kcmp = 1,
				      .kcmp_tells = true };

static void try(struct crowd children, struct crowd others, enum verdict verdict,
		const char *words)
{
	struct finding finding = { 0 };

	tell_crowd(&finding, "children", &children);
	tell_crowd(&finding, "threads", &others);
	decide(&finding, &children, &others);
	check_finding(&finding, verdict, words, "address-space");
}

/* Of four tasks two have one mm, and one is not listed. */
static void check_count(void)
{
	static struct task_record records[] = {
		{ .tid = 1000001, .object[OBJECT_MM] = 1 },
		{ .tid = 1000002, .object[OBJECT_MM] = 2 },
		{ .tid = 1000003, .object[OBJECT_MM] = 1 },
	};
	struct snapshot tasks = { .records = records, .count = 3, .format = &format_tasks };
	struct crowd crowd = { .tids = { 1000001, 1000002, 1000003, 1000004 }, .count = 4 };

	snapshot_index(&tasks);
	count_spaces(&crowd, &tasks);
	snapshot_unindex(&tasks);
	CHECK(crowd.spaces == 2 && crowd.seen == 3 && !crowd.kcmp_tells,
	      "verdict: address-space: counted once each, of those that are listed");
}

void test_verdict_address_space(void)
{
	try(processes, threads, CONFIRMED, NULL);
	try(WITH(WITH(processes, spaces, 3), spaces_kcmp, 3), threads, REFUTED, "each process");
	try(processes, WITH(WITH(threads, spaces, 2), spaces_kcmp, 2), REFUTED, "all threads");
	try(WITH(processes, spaces_kcmp, 3), threads, NOT_MEASURABLE, "disagree");
	try(processes, WITH(threads, spaces_kcmp, 4), NOT_MEASURABLE, "disagree");
	try(WITH(WITH(processes, spaces_kcmp, 0), kcmp_tells, false), threads, CONFIRMED,
	    "no word from the witness kcmp(2)");
	try(WITH(processes, seen, 3), threads, NOT_MEASURABLE, "does not list all");
	try(processes, WITH(threads, seen, 3), NOT_MEASURABLE, "does not list all");
	check_count();
}
