// SPDX-License-Identifier: GPL-2.0
/* signals: who takes those that are sent to the starter, and who is left after SIGTERM. */
#include "experiments/signals.c"
#include "model/finding.h"
#include "verdict-test.h"

static const struct delivery of_process = {
	.left = SENT, .pending = true, .living = TASKS - 1,
};

static const struct delivery of_thread = { .taken = SENT, .ended_by = SIGTERM };

static void try(struct delivery process, struct delivery thread, enum verdict verdict,
		const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, &process, &thread);
	check_finding(&finding, verdict, words, "signals");
}

void test_verdict_signals(void)
{
	const char *takes = "takes signals to the process", *wait = "wait for it";

	try(of_process, of_thread, CONFIRMED, "a process takes 0 and a thread 17");
	try(of_process, WITH(of_thread, taken, SENT - 1), REFUTED, takes);
	try(of_process, WITH(WITH(of_thread, left, 1), pending, true), REFUTED, takes);
	try(WITH(of_process, taken, 1), of_thread, REFUTED, wait);
	try(WITH(of_process, left, SENT - 1), of_thread, REFUTED, wait);
	try(of_process, WITH(of_thread, living, 1), REFUTED, "ends a thread ends all");
	try(of_process, WITH(of_thread, ended_by, SIGSEGV), REFUTED, "ends a thread ends all");
	try(WITH(of_process, living, TASKS - 2), of_thread, REFUTED, "ends a process ends no other");
	try(WITH(of_process, pending, false), of_thread, NOT_MEASURABLE, "disagree");
	try(of_process, WITH(of_thread, pending, true), NOT_MEASURABLE, "disagree");
	try(WITH(of_process, unseen, true), of_thread, CONFIRMED, "no word from the witness");
}
