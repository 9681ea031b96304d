// SPDX-License-Identifier: GPL-2.0
/* unmap-disturbs: how many unmaps interrupt another CPU. */
#include "experiments/unmap-disturbs.c"
#include "model/finding.h"
#include "verdict-test.h"

static const struct disturbance of_process = { .interrupts = 2 };
static const struct disturbance of_thread = { .requests = UNMAPS, .interrupts = UNMAPS + 3 };

static void try(struct disturbance process, struct disturbance thread, enum verdict verdict,
		const char *words)
{
	struct finding finding = { 0 };

	decide(&finding, &process, &thread);
	check_finding(&finding, verdict, words, "unmap-disturbs");
}

void test_verdict_unmap(void)
{
	try(of_process, of_thread, CONFIRMED, NULL);
	try(of_process, WITH(of_thread, requests, 190), CONFIRMED, NULL);
	try(of_process, WITH(of_thread, requests, 189), REFUTED, "thread's unmap interrupts");
	try(WITH(WITH(of_process, requests, 21), interrupts, 21), of_thread, CONFIRMED, NULL);
	try(WITH(WITH(of_process, requests, 22), interrupts, 22), of_thread, REFUTED,
	    "process's unmap interrupts no");
	try(of_process, WITH(of_thread, interrupts, UNMAPS / 2 + 1), CONFIRMED, NULL);
	try(of_process, WITH(of_thread, interrupts, UNMAPS / 2), NOT_MEASURABLE, "disagree");
	try(WITH(of_process, requests, 20), of_thread, NOT_MEASURABLE, "disagree");
}
