// SPDX-License-Identifier: GPL-2.0
/* Flushes by reason, outcome and owner: random events against a model. */
#include "kernel.h"
#include SOURCE
#include "test.h"

#define TASKS 4			/* the last one has no address space */
#define EVENTS 20000

static struct mm_struct mms[TASKS - 1];
static struct task_struct tasks[TASKS];
static u64 accounts[TASKS + 1][ACCOUNT_COUNTS];	/* the last one: nobody's */

u64 sharestat_id(const void *object)
{
	return 0;
}

u64 *accounts_of(const struct task_struct *task)
{
	return accounts[task && task->mm ? task - tasks : TASKS];
}

struct model {
	u64 counts[FAKE_CPUS][TLB_REASONS][TLB_OUTCOMES], pages[FAKE_CPUS][TLB_REASONS];
	u64 owned[TASKS + 1][TLB_REASONS][TLB_OUTCOMES], owned_pages[TASKS + 1];
	int coming[FAKE_CPUS];			/* number of a task, TASKS for none */
};

static const char *const reasons[] = {
	"task_switch", "remote_shootdown", "local_shootdown", "local_mm_shootdown",
	"remote_send_ipi", "remote_wrong_cpu", "other",
};

/* The kernel's numbers are the rows; any other is `other`. Only a switch keeps. */
static void model_flush(struct model *model, unsigned int cpu, unsigned int running, int reason,
			unsigned long pages)
{
	unsigned int row = reason < 6 ? (unsigned int)reason : 6;
	unsigned int outcome = pages == 0 && reason == 0 ? 0 : pages == ~0ul ? 2 : 1;
	unsigned int owner = running == TASKS - 1 ? TASKS : running;

	if (reason == 0) {
		owner = model->coming[cpu];
		model->coming[cpu] = TASKS;
	}
	model->counts[cpu][row][outcome]++;
	model->owned[owner][row][outcome]++;
	if (outcome == 1) {
		model->pages[cpu][row] += pages;
		model->owned_pages[owner] += pages;
	}
}

static void random_switch(struct model *model, unsigned int cpu)
{
	unsigned int prev = random_number() % TASKS, next = random_number() % TASKS;
	bool other = tasks[next].mm && tasks[next].mm != tasks[prev].active_mm;

	CALL_SCHED_SWITCH(note_coming, &tasks[prev], &tasks[next]);
	model->coming[cpu] = other ? (int)next : TASKS;
}

static void random_flush(struct model *model, unsigned int cpu)
{
	static const unsigned long some[] = { 0, 1, 33, ULONG_MAX, ULONG_MAX - 1 };
	unsigned int running = random_number() % TASKS;
	int reason = (int)(random_number() % 9);
	unsigned long pages = some[random_number() % (reason == 6 ? 4 : 5)];

	if (pages == ULONG_MAX - 1)
		pages = random_number() % 1000 + 2;
	fake_current = &tasks[running];
	count_flush(NULL, reason, pages);
	model_flush(model, cpu, running, reason, pages);
}

static void check(const struct model *model)
{
	for (unsigned int reason = 0; reason < TLB_REASONS; reason++) {
		unsigned int wrong = 0, wrong_pages = 0, wrong_owner = 0;

		for (unsigned int cpu = 0; cpu < FAKE_CPUS; cpu++) {
			for (unsigned int i = 0; i < TLB_OUTCOMES; i++)
				wrong += tlb_count(cpu, reason, i) != model->counts[cpu][reason][i];
			wrong_pages += tlb_pages(cpu, reason) != model->pages[cpu][reason];
		}
		for (unsigned int owner = 0; owner <= TASKS; owner++)
			for (unsigned int i = 0; i < TLB_OUTCOMES; i++)
				wrong_owner +=
					accounts[owner][ACCOUNT_TLB + reason * TLB_OUTCOMES + i] !=
					model->owned[owner][reason][i];
		CHECK(!wrong, "tlb: %s: kept, range and full on each CPU",
		      reasons[reason]);
		CHECK(!wrong_pages, "tlb: %s: pages of range flushes", reasons[reason]);
		CHECK(!wrong_owner, "tlb: %s: on its owner", reasons[reason]);
	}
	for (unsigned int owner = 0; owner <= TASKS; owner++)
		CHECK(accounts[owner][ACCOUNT_TLB_PAGES] == model->owned_pages[owner],
		      "tlb: pages of owner %u", owner);
}

static void test_random(void)
{
	static struct model model;

	for (unsigned int cpu = 0; cpu < FAKE_CPUS; cpu++)
		model.coming[cpu] = TASKS;
	for (unsigned int i = 0; i < EVENTS; i++) {
		fake_cpu = random_number() % FAKE_CPUS;
		if (random_number() % 2)
			random_switch(&model, fake_cpu);
		else
			random_flush(&model, fake_cpu);
	}
	check(&model);
	CHECK(fake_tlb_flush.count > EVENTS / 3, "tlb: each is an event of our own, too");
}

static void test_forget(void)
{
	u64 before = accounts[1][ACCOUNT_TLB + TLB_OUTCOME_FULL];

	fake_cpu = 0;
	CALL_SCHED_SWITCH(note_coming, &tasks[0], &tasks[1]);
	forget_coming();
	count_flush(NULL, TLB_FLUSH_ON_TASK_SWITCH, ULONG_MAX);
	CHECK(accounts[1][ACCOUNT_TLB + TLB_OUTCOME_FULL] == before,
	      "tlb: who was coming at an earlier attachment is forgotten");
	CHECK(fake_tlb_flush.arguments[0] == 0 && fake_tlb_flush.arguments[1] == TLB_OUTCOME_FULL &&
	      fake_tlb_flush.arguments[2] == ULONG_MAX && !fake_tlb_flush.arguments[3],
	      "tlb: the event says reason, outcome, pages and nobody");
}

void test(void)
{
	for (unsigned int i = 0; i < TASKS; i++) {
		tasks[i].pid = (int)i + 1;
		tasks[i].tgid = tasks[i].pid;
		tasks[i].mm = i < TASKS - 1 ? &mms[i] : NULL;
		tasks[i].active_mm = &mms[i % (TASKS - 1)];
	}
	counter_set_init(&counters);
	test_random();
	test_forget();
	counter_set_exit(&counters);
}
