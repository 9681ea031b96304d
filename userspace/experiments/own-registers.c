// SPDX-License-Identifier: GPL-2.0
/*
 * Two actors on one CPU put different values into the same registers and take
 * turns: each must find its own values again.
 */
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "measure/pin.h"
#include "measure/sight.h"
#include "read/formats.h"
#include "read/snapshot.h"

#define ROUNDS 503		/* prime */
#define PATIENCE_S 2		/* with the other's answer */

/*
 * An actor writes a byte to the other and reads the other's. So between one
 * round of it and the next but one the other must have run, on the same CPU.
 */
#define SWITCHES_AT_LEAST ((ROUNDS - 1) / 2)

/*
 * take_turn() holds values in registers, never in memory, while the other has
 * its turn: the calls into the kernel are made right here, so no compiled code
 * can save the registers on a stack. It gives 1 when the values are still
 * there, 0 when not, and -1 when the other did not answer.
 */
#if defined(__x86_64__)
#define HELD_REGISTERS "r12 to r15"

static int take_turn(int fd, char *byte, unsigned long value)
{
	register unsigned long a asm("r12") = value;
	register unsigned long b asm("r13") = value + 1;
	register unsigned long c asm("r14") = value + 2;
	register unsigned long d asm("r15") = value + 3;
	long result = SYS_write;

	asm volatile("syscall\n\t"
		     "mov %[read], %%rax\n\t"
		     "syscall"
		     : "+a"(result), "+r"(a), "+r"(b), "+r"(c), "+r"(d)
		     : "D"((long)fd), "S"(byte), "d"(1L), [read] "i"(SYS_read)
		     : "rcx", "r11", "memory");
	if (result != 1)
		return -1;
	return a == value && b == value + 1 && c == value + 2 && d == value + 3;
}
#elif defined(__aarch64__)
#define HELD_REGISTERS "x19 to x22"

static int take_turn(int fd, char *byte, unsigned long value)
{
	register unsigned long a asm("x19") = value;
	register unsigned long b asm("x20") = value + 1;
	register unsigned long c asm("x21") = value + 2;
	register unsigned long d asm("x22") = value + 3;
	register long result asm("x0") = fd;
	register char *buffer asm("x1") = byte;
	register long count asm("x2") = 1;
	register long number asm("x8") = SYS_write;

	asm volatile("svc #0\n\t"
		     "mov x0, %[fd]\n\t"
		     "mov x8, %[read]\n\t"
		     "svc #0"
		     : "+&r"(result), "+&r"(number),
		       "+&r"(a), "+&r"(b), "+&r"(c), "+&r"(d)
		     : "r"(buffer), "r"(count), [fd] "r"((long)fd), [read] "i"(SYS_read)
		     : "memory");
	if (result != 1)
		return -1;
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
	unsigned int lost[2];
	unsigned long tls[2];
};

struct holder {
	struct report *report;
	int number;		/* 0 or 1 */
	int ends[2];		/* by number */
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
	const int me = holder->number;
	char byte = 'x';

	holder->report->tls[me] = (unsigned long)__builtin_thread_pointer();
	if (pin_to(measuring_cpu()))
		return 1;
	actor_ready();
	for (unsigned long round = 0; round < ROUNDS; round++) {
		int kept = take_turn(holder->ends[me], &byte, own_value(me) + 4 * round);

		if (kept < 0)
			return 1;
		holder->report->lost[me] += !kept;
	}
	actor_ready();
	return 0;
}

static int look(struct actor *const actors[2], struct task_record records[2])
{
	struct snapshot tasks;
	int error = 0;

	if (sight_read(&tasks, &format_tasks, NULL, 0))
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

/* Connected, and nobody waits for ever should the other die. */
static int connect_holders(struct holder holders[2])
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int ends[2], error = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -1;
	for (int i = 0; i < 2; i++) {
		error |= setsockopt(ends[i], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		holders[0].ends[i] = ends[i];
		holders[1].ends[i] = ends[i];
	}
	return error;
}

static int start_and_run(enum actor_kind kind, struct holder holders[2], struct holding *holding)
{
	struct actor *actors[2];
	int error;

	for (int i = 0; i < 2; i++)
		actors[i] = actor_start(kind, hold, &holders[i]);
	error = !actors[0] || !actors[1] || run(actors, holding);
	for (int i = 0; i < 2; i++)
		error |= actors[i] && actor_join(actors[i]);
	return error ? -1 : 0;
}

static int observe(enum actor_kind kind, struct holding *holding)
{
	struct report *report = shared_block(sizeof(*report));
	struct holder holders[2] = { { .report = report, .number = 0 },
				     { .report = report, .number = 1 } };
	int error;

	if (!report)
		return -1;
	error = connect_holders(holders);
	if (!error) {
		error = start_and_run(kind, holders, holding);
		close(holders[0].ends[0]);
		close(holders[0].ends[1]);
	}
	holding->report = *report;
	munmap(report, sizeof(*report));
	return error;
}

static void show(struct finding *finding, struct side *side, enum actor_kind kind,
		 const struct holding *holding)
{
	const struct report *report = &holding->report;
	const struct task_record *task = holding->task;

	side_text(side, "kept over %llu switches",
		  (unsigned long long)(holding->switches[0] + holding->switches[1]));
	if (report->lost[0] || report->lost[1])
		side_text(side, "lost %u times", report->lost[0] + report->lost[1]);
	finding_evidence(finding, "registers",
			 "%s: two on CPU %u hold their own values in " HELD_REGISTERS " while they take turns: lost %u and %u times of %d",
			 side_name[kind], measuring_cpu(), report->lost[0], report->lost[1],
			 ROUNDS);
	finding_evidence(finding, "debugfs:tasks", "%s: meanwhile they were switched out %llu and %llu times",
			 side_name[kind], (unsigned long long)holding->switches[0],
			 (unsigned long long)holding->switches[1]);
	finding_evidence(finding, "thread pointer", "%s: the two read %lx and %lx", side_name[kind],
			 report->tls[0], report->tls[1]);
	if (!sight_lacks(SEE_MODULE))
		finding_witness(finding, "debugfs:tasks",
				task[0].tls == report->tls[0] && task[1].tls == report->tls[1],
				"%s: thread pointers %llx and %llx", side_name[kind],
				(unsigned long long)task[0].tls, (unsigned long long)task[1].tls);
}

static bool kept(const struct holding *holding)
{
	return !holding->report.lost[0] && !holding->report.lost[1];
}

static bool switched(const struct holding *holding)
{
	return holding->switches[0] >= SWITCHES_AT_LEAST &&
	       holding->switches[1] >= SWITCHES_AT_LEAST;
}

/*
 * The claim is about threads; processes, which may well have one number in a thread
 * pointer, stand beside them.
 */
static void decide(struct finding *finding, const struct holding sides[2])
{
	const struct holding *process = &sides[ACTOR_PROCESS], *thread = &sides[ACTOR_THREAD];

	if (!switched(process) || !switched(thread)) {
		finding_impossible(finding, "two of a kind (%s) were switched fewer than the %d times that their turns take: not on one CPU",
				   side_name[!switched(process) ? ACTOR_PROCESS : ACTOR_THREAD],
				   SWITCHES_AT_LEAST);
		return;
	}
	finding_require(finding, kept(thread), "two threads lose no value that they hold");
	finding_require(finding, thread->report.tls[0] != thread->report.tls[1],
			"two threads have different thread pointers");
	finding_decide(finding, "two threads that take turns on a CPU %s values in the same registers, and two processes %s",
		       kept(thread) ? "keep their own" : "lose their",
		       kept(process) ? "keep theirs" : "lose theirs");
}

void measure_own_registers(struct finding *finding)
{
	struct holding sides[2];

	for (int kind = ACTOR_PROCESS; kind <= ACTOR_THREAD; kind++) {
		if (observe(kind, &sides[kind])) {
			finding_impossible(finding, "two of a kind (%s) could not take turns on CPU %u",
					   side_name[kind], measuring_cpu());
			return;
		}
		show(finding, kind == ACTOR_PROCESS ? &finding->process : &finding->thread,
		     kind, &sides[kind]);
	}
	decide(finding, sides);
}
#endif
