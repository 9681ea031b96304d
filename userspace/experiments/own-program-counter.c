// SPDX-License-Identifier: GPL-2.0
/*
 * Two actors of a kind, each asleep in a system call of its own: where is
 * each one's program counter at the same moment?
 */
#include <dlfcn.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "measure/clock.h"
#include "measure/sight.h"
#include "read/formats.h"
#include "read/snapshot.h"

#define PATIENCE_NS 2000000000ULL

enum { IN_RECV, IN_POLL, SLEEPERS };

/* Where a sleeping task is, from /proc/TID/syscall. */
struct place {
	long number;		/* of the system call */
	unsigned long long sp, pc;
};

struct moment {
	struct task_record task[SLEEPERS];
	struct place witness[SLEEPERS];
};

static int sleep_in_recv(void *arg)
{
	(void)arg;
	actor_ready();
	return 0;
}

static int sleep_in_poll(void *arg)
{
	struct pollfd end = { .fd = *(int *)arg, .events = POLLIN };

	actor_ready();
	return poll(&end, 1, -1) != 1;
}

/* Fails while the task runs, too. */
static int read_place(pid_t tid, struct place *place)
{
	char path[48];
	FILE *in;
	int found;

	snprintf(path, sizeof(path), "/proc/%d/syscall", tid);
	in = fopen(path, "re");
	if (!in)
		return -1;
	found = fscanf(in, "%ld %*s %*s %*s %*s %*s %*s %llx %llx",
		       &place->number, &place->sp, &place->pc);
	fclose(in);
	return found == 3 ? 0 : -1;
}

/* Waits until the task sleeps in another system call than @number. */
static int await_other_call(pid_t tid, long number)
{
	const uint64_t start = now_ns();
	struct place place;

	while (read_place(tid, &place) || place.number == number) {
		if (now_ns() - start > PATIENCE_NS)
			return -1;
		usleep(500);
	}
	return 0;
}

static int look(struct actor *const sleepers[SLEEPERS], struct moment *moment)
{
	struct snapshot tasks;
	int error = 0;

	if (sight_read(&tasks, &format_tasks, NULL, 0))
		return -1;
	for (int i = 0; i < SLEEPERS; i++) {
		const pid_t tid = actor_tid(sleepers[i]);
		const struct task_record *task = snapshot_task(&tasks, tid);

		if (task)
			moment->task[i] = *task;
		error |= !task || read_place(tid, &moment->witness[i]);
	}
	snapshot_free(&tasks);
	return error ? -1 : 0;
}

static int put_to_sleep(struct actor *const sleepers[SLEEPERS])
{
	struct place recv_place;

	actor_await(sleepers[IN_RECV]);
	actor_await(sleepers[IN_POLL]);
	actor_release(sleepers[IN_POLL]);
	if (await_other_call(actor_tid(sleepers[IN_RECV]), -1) ||
	    read_place(actor_tid(sleepers[IN_RECV]), &recv_place))
		return -1;
	return await_other_call(actor_tid(sleepers[IN_POLL]), recv_place.number);
}

static int observe(enum actor_kind kind, struct moment *moment)
{
	struct actor *sleepers[SLEEPERS];
	int ends[2], error;

	if (pipe(ends))
		return -1;
	sleepers[IN_RECV] = actor_start(kind, sleep_in_recv, NULL);
	sleepers[IN_POLL] = actor_start(kind, sleep_in_poll, &ends[0]);
	error = !sleepers[IN_RECV] || !sleepers[IN_POLL] ||
		put_to_sleep(sleepers) || look(sleepers, moment);
	error |= write(ends[1], "x", 1) != 1;
	for (int i = 0; i < SLEEPERS; i++) {
		if (sleepers[i])
			actor_join(sleepers[i]);
	}
	close(ends[0]);
	close(ends[1]);
	return error ? -1 : 0;
}

/* The function that an address is in, as the dynamic linker knows it. */
static void name_place(char *text, size_t size, uint64_t pc)
{
	Dl_info info;

	if (dladdr((void *)(uintptr_t)pc, &info) && info.dli_sname)
		snprintf(text, size, "%s+0x%llx", info.dli_sname,
			 (unsigned long long)(pc - (uintptr_t)info.dli_saddr));
	else
		snprintf(text, size, "0x%llx", (unsigned long long)pc);
}

static void show(struct finding *finding, struct side *side, enum actor_kind kind,
		 const struct moment *moment)
{
	char names[SLEEPERS][48];

	for (int i = 0; i < SLEEPERS; i++) {
		const struct task_record *task = &moment->task[i];
		const struct place *place = &moment->witness[i];

		name_place(names[i], sizeof(names[i]), task->pc);
		finding_evidence(finding, "debugfs:tasks", "%s %d: pc %llx (%s), sp %llx",
				 side_name[kind], task->tid, (unsigned long long)task->pc,
				 names[i], (unsigned long long)task->sp);
		finding_witness(finding, "/proc/PID/syscall",
				place->pc == task->pc && place->sp == task->sp,
				"%s %d: pc %llx, sp %llx, in system call %ld",
				side_name[kind], task->tid, place->pc, place->sp, place->number);
	}
	side_text(side, "at %.24s and %.24s", names[IN_RECV], names[IN_POLL]);
}

static bool own_counters(const struct moment *moment)
{
	return moment->task[IN_RECV].pc != moment->task[IN_POLL].pc;
}

/* The claim is about threads; processes stand beside them. */
static void decide(struct finding *finding, const struct moment *processes,
		   const struct moment *threads)
{
	finding_require(finding, own_counters(threads),
			"two threads are at different instructions");
	finding_decide(finding, "at one moment two threads are at %s, and so are two processes at %s",
		       own_counters(threads) ? "different instructions" : "the same instruction",
		       own_counters(processes) ? "different ones" : "the same one");
}

void measure_own_program_counter(struct finding *finding)
{
	struct moment sides[2];

	for (int kind = ACTOR_PROCESS; kind <= ACTOR_THREAD; kind++) {
		if (observe(kind, &sides[kind])) {
			finding_impossible(finding, "two %s%s could not be seen asleep in /proc/PID/syscall",
					   side_name[kind], kind == ACTOR_PROCESS ? "es" : "s");
			return;
		}
	}
	show(finding, &finding->process, ACTOR_PROCESS, &sides[ACTOR_PROCESS]);
	show(finding, &finding->thread, ACTOR_THREAD, &sides[ACTOR_THREAD]);
	decide(finding, &sides[ACTOR_PROCESS], &sides[ACTOR_THREAD]);
}
