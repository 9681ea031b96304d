// SPDX-License-Identifier: GPL-2.0
/* fork-of-threads: locks that stay locked in the child. */
#include "experiments/fork-of-threads.c"
#include "model/finding.h"
#include "verdict-test.h"

static const struct inheritance of_process = { .lost = 0, .tasks = 1 };
static const struct inheritance of_thread = { .lost = HOLDERS, .tasks = 1 };

static void try(struct inheritance process, struct inheritance thread, enum verdict verdict,
		const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, &process, &thread);
	check_finding(&finding, verdict, words, "fork-of-threads");
}

void test_verdict_fork_of_threads(void)
{
	try(of_process, of_thread, CONFIRMED, NULL);
	try(of_process, WITH(of_thread, lost, HOLDERS - 1), REFUTED, "threads hold are locked");
	try(of_process, WITH(of_thread, tasks, HOLDERS + 1), REFUTED, "none of the threads");
	try(WITH(of_process, lost, 1), of_thread, REFUTED, "other processes hold are not");
	try(WITH(of_process, tasks, 0), of_thread, NOT_MEASURABLE, "not listed");
	try(of_process, WITH(of_thread, tasks, 0), NOT_MEASURABLE, "not listed");
}
