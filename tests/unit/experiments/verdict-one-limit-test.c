// SPDX-License-Identifier: GPL-2.0
/* one-limit: how many files tasks of each kind have open together. */
#include "experiments/one-limit.c"
#include "model/finding.h"
#include "verdict-test.h"

static const struct opened of_process = {
	.files = OPENERS * ROOM, .of_last = ROOM, .in_its_table = ROOM,
};

static const struct opened of_thread = { .files = ROOM, .of_last = 0, .in_its_table = ROOM };

/* One more or fewer than there is room for, so not what one table has. */
static struct opened of_tables(size_t files)
{
	return (struct opened) { .files = files, .of_last = ROOM, .in_its_table = ROOM };
}

static void try(struct opened process, struct opened thread, enum verdict verdict,
		const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, &process, &thread);
	check_finding(&finding, verdict, words, "one-limit");
}

void test_verdict_one_limit(void)
{
	try(of_process, of_thread, CONFIRMED, NULL);
	try(WITH(of_process, files, OPENERS * ROOM - 1), of_thread, REFUTED, "each process opens");
	try(of_process, of_tables(ROOM + 1), REFUTED, "all threads together");
	try(of_process, of_tables(ROOM - 1), REFUTED, "all threads together");
	/* Three tables: the last one's has what it opened. */
	try(of_process, of_tables(OPENERS * ROOM), REFUTED, "all threads together");
	try(of_process, WITH(WITH(of_thread, files, OPENERS * ROOM), of_last, ROOM + 6),
	    NOT_MEASURABLE, "disagree");
	/* One table: the first one of them took all. */
	try(WITH(WITH(of_process, files, ROOM), of_last, 0), of_thread, REFUTED,
	    "each process opens");
	try(WITH(of_process, in_its_table, ROOM - 1), of_thread, NOT_MEASURABLE, "disagree");
	try(WITH(of_process, in_its_table, ROOM + 1), of_thread, NOT_MEASURABLE, "disagree");
	try(of_process, WITH(of_thread, in_its_table, ROOM - 1), NOT_MEASURABLE, "disagree");
	try(of_process, WITH(of_thread, in_its_table, -1), CONFIRMED, "no word from the witness");
}
