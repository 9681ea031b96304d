// SPDX-License-Identifier: GPL-2.0
/* own-thread-id: what a thread is called, by itself and by others. */
#include "experiments/own-thread-id.c"
#include "experiments/actor.h"
#include "model/finding.h"
#include "verdict-test.h"

static void try(struct identity thread, pid_t me, enum verdict verdict, const char *words)
{
	struct identity process = { .ids = { 30, 30 }, .pair.actor = { .tid = 30, .tgid = 30 } };
	struct finding finding = { 0 };

	show(&finding, &finding.process, ACTOR_PROCESS, &process);
	show(&finding, &finding.thread, ACTOR_THREAD, &thread);
	decide(&finding, &process, &thread, me);
	check_finding(&finding, verdict, words, "own-thread-id");
}

void test_verdict_thread_id(void)
{
	const pid_t me = getpid();
	const struct identity thread = {
		.ids = { 40, me }, .pair.actor = { .tid = 40, .tgid = me }, .among_ours = true,
	};

	try(thread, me, CONFIRMED, NULL);
	try(WITH(WITH(thread, ids.tid, me), pair.actor.tid, me), me, REFUTED, "another id");
	try(thread, me + 1, REFUTED, "starter's process id");
	try(WITH(thread, pair.actor.tid, 41), me, NOT_MEASURABLE, "disagree");
	try(WITH(thread, pair.actor.tgid, 41), me, NOT_MEASURABLE, "disagree");
	try(WITH(thread, among_ours, false), me, NOT_MEASURABLE, "disagree");
}
