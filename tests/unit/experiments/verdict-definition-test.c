// SPDX-License-Identifier: GPL-2.0
/* definition: of three tasks, who is in which group and in which mm. */
#include "experiments/definition.c"
#include "model/finding.h"
#include "read/records.h"
#include "verdict-test.h"

static const struct task_record me = { .tid = 10, .tgid = 10, .object[OBJECT_MM] = 1 };
static const struct task_record child = { .tid = 11, .tgid = 11, .object[OBJECT_MM] = 2 };
static const struct task_record thread = { .tid = 12, .tgid = 10, .object[OBJECT_MM] = 1 };

static void try(struct task_record child_is, struct task_record thread_is, enum verdict verdict,
		const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, &me, &child_is, &thread_is);
	check_finding(&finding, verdict, words, "definition");
}

/* Cells say what was found, not what should be. */
static void check_cells(void)
{
	struct task_record child_is = WITH(child, object[OBJECT_MM], 1);
	struct task_record thread_is = WITH(WITH(thread, tgid, 12), object[OBJECT_MM], 7);
	struct finding finding = { 0 };

	decide(&finding, &me, &child, &thread);
	CHECK(!strcmp(finding.process.text,
		      "leads a group of its own, in an mm of its own") &&
	      !strcmp(finding.thread.text, "in the starter's group, in its mm"),
	      "verdict: definition: cells of the book");
	finding = (struct finding) { 0 };
	decide(&finding, &me, &child_is, &thread_is);
	CHECK(strstr(finding.process.text, "its starter's mm") &&
	      !strcmp(finding.thread.text, "leads a group of its own, in an mm of its own"),
	      "verdict: definition: cells of another world");
}

void test_verdict_definition(void)
{
	try(child, thread, CONFIRMED, NULL);
	try(WITH(child, tgid, 10), thread, REFUTED, "leads a thread group");
	try(WITH(child, object[OBJECT_MM], 1), thread, REFUTED, "child has an mm");
	try(child, WITH(thread, tid, 10), REFUTED, "another task");
	try(child, WITH(thread, tgid, 12), REFUTED, "in its starter's thread group");
	try(child, WITH(thread, object[OBJECT_MM], 2), REFUTED, "has its starter's mm");
	check_cells();
}
