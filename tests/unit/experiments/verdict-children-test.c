// SPDX-License-Identifier: GPL-2.0
/* own-children: whose child it is, and who may wait for it. */
#include "experiments/own-children.c"
#include "experiments/actor.h"
#include "model/finding.h"
#include "verdict-test.h"

static const struct offspring of_process = {
	.child = 30, .child_ppid = 20, .actor_tgid = 20, .witness_ppid = 20,
	.collected = -ECHILD, .collected_by_actor = GRANDCHILD_STATUS,
};

static void try(struct offspring process, enum verdict verdict, const char *words)
{
	struct offspring thread = { .child_ppid = 20, .witness_ppid = 20 };
	struct finding finding = { 0 };

	show(&finding, ACTOR_PROCESS, &process);
	show(&finding, ACTOR_THREAD, &thread);
	decide(&finding, &process, &thread);
	check_finding(&finding, verdict, words, "own-children");
}

void test_verdict_children(void)
{
	try(of_process, CONFIRMED, NULL);
	try(WITH(of_process, actor_tgid, 10), REFUTED, "the parent of a process's child");
	try(WITH(of_process, collected, GRANDCHILD_STATUS), REFUTED, "nobody else may wait");
	try(WITH(of_process, collected, -EINTR), REFUTED, "nobody else may wait");
	try(WITH(of_process, collected_by_actor, -ECHILD), REFUTED, "may wait for its child");
	try(WITH(of_process, witness_ppid, 10), NOT_MEASURABLE, "disagree");
	try(WITH(of_process, witness_ppid, 0), NOT_MEASURABLE, "disagree");
}
