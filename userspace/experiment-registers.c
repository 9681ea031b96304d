// SPDX-License-Identifier: GPL-2.0
/*
 * Two actors on one CPU put different values into the same registers and give
 * way to each other: each must find its own values again.
 */
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "experiment-claims.h"
#include "experiment-view.h"

#define ROUNDS 503		/* prime; each waits until the other has done them */
#define SWITCHES_WANTED 101
#define PATIENCE_NS 2000000000ULL

#if defined(__x86_64__)
#define HELD_REGISTERS "r12 to r15"
/*
 * Gives way with the values in registers, never in memory: the call into the
 * kernel is made right here, so no compiled code can save them on a stack.
 */
static bool registers_survive(unsigned long value)
{
	register unsigned long a asm("r12") = value;
	register unsigned long b asm("r13") = value + 1;
	register unsigned long c asm("r14") = value + 2;
	register unsigned long d asm("r15") = value + 3;
	long number = SYS_sched_yield;

	asm volatile("syscall"
		     : "+a"(number), "+r"(a), "+r"(b), "+r"(c), "+r"(d)
		     : : "rcx", "r11", "memory");
	return a == value && b == value + 1 && c == value + 2 && d == value + 3;
}
#elif defined(__aarch64__)
#define HELD_REGISTERS "x19 to x22"
static bool registers_survive(unsigned long value)
{
	register unsigned long a asm("x19") = value;
	register unsigned long b asm("x20") = value + 1;
	register unsigned long c asm("x21") = value + 2;
	register unsigned long d asm("x22") = value + 3;
	register long number asm("x8") = SYS_sched_yield;
	register long result asm("x0");

	asm volatile("svc #0"
		     : "=r"(result), "+r"(a), "+r"(b), "+r"(c), "+r"(d)
		     : "r"(number) : "memory");
	return a == value && b == value + 1 && c == value + 2 && d == value + 3;
}
#endif

#ifndef HELD_REGISTERS
void measure_own_registers(struct finding *finding)
{
	finding_impossible(finding, "the experiment does not know this architecture's registers");
}
#else

/* In memory that both actors and we share, whatever their kind. */
struct report {
	volatile unsigned int rounds[2];
	unsigned int lost[2];
	unsigned long tls[2];
};

struct holder {
	struct report *report;
	int number;		/* 0 or 1 */
};

struct holding {
	struct report report;
	struct task_record task[2];
	uint64_t switches[2];
};

static unsigned long own_value(int number)
{
	return number ? 0x5a5a5a5a00000000UL : 0xa5a5a5a500000000UL;
}

static int hold(void *arg)
{
	const struct holder *holder = arg;
	struct report *report = holder->report;
	const int me = holder->number;
	const uint64_t start = now_ns();

	report->tls[me] = (unsigned long)__builtin_thread_pointer();
	if (pin_to(measuring_cpu()))
		return 1;
	actor_ready();
	while (report->rounds[me] < ROUNDS || report->rounds[!me] < ROUNDS) {
		report->lost[me] += !registers_survive(own_value(me) + 4UL * report->rounds[me]);
		report->rounds[me]++;
		if (now_ns() - start > PATIENCE_NS)
			break;
	}
	actor_ready();
	return 0;
}

static int look(struct actor *const actors[2], struct task_record records[2])
{
	struct snapshot tasks;
	int error = 0;

	if (snapshot_read(&tasks, &format_tasks, NULL, 0))
		return -1;
	for (int i = 0; i < 2; i++) {
		const struct task_record *task = snapshot_task(&tasks, actor_tid(actors[i]));

		if (task)
			records[i] = *task;
		error |= !task;
	}
	snapshot_free(&tasks);
	return error ? -1 : 0;
}

static uint64_t switches_of(const struct task_record *task)
{
	return task->nvcsw + task->nivcsw;
}

static int run(struct actor *const actors[2], struct holding *holding)
{
	struct task_record before[2];

	actor_await(actors[0]);
	actor_await(actors[1]);
	if (look(actors, before))
		return -1;
	actor_release(actors[0]);
	actor_release(actors[1]);
	actor_await(actors[0]);
	actor_await(actors[1]);
	if (look(actors, holding->task))
		return -1;
	for (int i = 0; i < 2; i++)
		holding->switches[i] = switches_of(&holding->task[i]) - switches_of(&before[i]);
	return 0;
}

static int observe(enum actor_kind kind, struct holding *holding)
{
	struct report *report = shared_block(sizeof(*report));
	struct holder holders[2] = { { report, 0 }, { report, 1 } };
	struct actor *actors[2];
	int error;

	if (!report)
		return -1;
	for (int i = 0; i < 2; i++)
		actors[i] = actor_start(kind, hold, &holders[i]);
	error = !actors[0] || !actors[1] || run(actors, holding);
	for (int i = 0; i < 2; i++)
		error |= actors[i] && actor_join(actors[i]);
	holding->report = *report;
	munmap(report, sizeof(*report));
	return error ? -1 : 0;
}

static void show(struct finding *finding, struct side *side, enum actor_kind kind,
		 const struct holding *holding)
{
	const struct report *report = &holding->report;
	const struct task_record *task = holding->task;

	side_text(side, "values kept over %llu switches",
		  (unsigned long long)(holding->switches[0] + holding->switches[1]));
	if (report->lost[0] || report->lost[1])
		side_text(side, "values lost %u times", report->lost[0] + report->lost[1]);
	finding_evidence(finding, "registers",
			 "%s: two on CPU %u hold other values in " HELD_REGISTERS ": %u of %u and %u of %u times they were lost",
			 side_name[kind], measuring_cpu(), report->lost[0], report->rounds[0],
			 report->lost[1], report->rounds[1]);
	finding_evidence(finding, "debugfs:tasks", "%s: meanwhile they were switched out %llu and %llu times",
			 side_name[kind], (unsigned long long)holding->switches[0],
			 (unsigned long long)holding->switches[1]);
	finding_witness(finding, "debugfs:tasks",
			task[0].tls == report->tls[0] && task[1].tls == report->tls[1],
			"%s: thread pointers %llx and %llx; the two read %lx and %lx themselves",
			side_name[kind], (unsigned long long)task[0].tls,
			(unsigned long long)task[1].tls, report->tls[0], report->tls[1]);
}

/* Two processes may well have the same number in a register, two threads not this one. */
static bool holds(enum actor_kind kind, const struct holding *holding)
{
	return !holding->report.lost[0] && !holding->report.lost[1] &&
	       (kind == ACTOR_PROCESS || holding->task[0].tls != holding->task[1].tls);
}

void measure_own_registers(struct finding *finding)
{
	struct holding sides[2];

	for (int kind = ACTOR_PROCESS; kind <= ACTOR_THREAD; kind++) {
		if (observe(kind, &sides[kind])) {
			finding_impossible(finding, "two of a kind (%s) could not be run on CPU %u",
					   side_name[kind], measuring_cpu());
			return;
		}
		show(finding, kind == ACTOR_PROCESS ? &finding->process : &finding->thread,
		     kind, &sides[kind]);
		if (sides[kind].switches[0] < SWITCHES_WANTED ||
		    sides[kind].switches[1] < SWITCHES_WANTED) {
			finding_impossible(finding, "the two were switched fewer than %d times, which proves nothing",
					   SWITCHES_WANTED);
			return;
		}
	}
	finding_decide(finding, holds(ACTOR_PROCESS, &sides[ACTOR_PROCESS]) &&
		       holds(ACTOR_THREAD, &sides[ACTOR_THREAD]),
		       "each thread found its own values in the registers after every switch to the other: %s; each process: %s",
		       holds(ACTOR_THREAD, &sides[ACTOR_THREAD]) ? "yes" : "no",
		       holds(ACTOR_PROCESS, &sides[ACTOR_PROCESS]) ? "yes" : "no");
}
#endif
