// SPDX-License-Identifier: GPL-2.0
/*
 * Where a local variable of the actor lies: for a thread in another mapping of
 * the same address space, for a process on another frame of its own.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "measure/sight.h"
#include "read/formats.h"
#include "read/snapshot.h"

#define MARK 0x57ac0000		/* so that no copy of a tid is taken for the local */

struct report {
	volatile int *local;	/* of the actor */
};

struct mapping {
	uint64_t start, end;
	char name[32];
};

struct stacks {
	struct task_pair pair;
	uint64_t locals[2];			/* the measurer's, the actor's */
	struct mapping mapping[2];		/* that they lie in */
	struct mapping witness[2];
	struct page_view at_local[2];		/* the page of the actor's local, as each has it */
	bool readable;				/* the measurer reads the actor's local */
};

static int have_local(void *arg)
{
	struct report *report = arg;
	volatile int local = gettid() ^ MARK;

	report->local = &local;
	actor_ready();
	return 0;
}

static int find_mapping(pid_t tgid, uint64_t address, struct mapping *mapping)
{
	struct snapshot vmas;
	int error = -1;

	if (sight_read(&vmas, &format_vmas, &tgid, 1))
		return -1;
	for (size_t i = 0; i < vmas.count; i++) {
		const struct vma_record *vma = (struct vma_record *)vmas.records + i;

		if (vma->tgid != tgid || address < vma->start || address >= vma->end)
			continue;
		mapping->start = vma->start;
		mapping->end = vma->end;
		snprintf(mapping->name, sizeof(mapping->name), "%s", vma->name ? vma->name : "");
		error = 0;
	}
	snapshot_free(&vmas);
	return error;
}

/* The same from /proc/PID/maps. */
static void find_in_maps(pid_t pid, uint64_t address, struct mapping *mapping)
{
	unsigned long long start, end;
	char path[48], line[512];
	FILE *in;

	memset(mapping, 0, sizeof(*mapping));
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	in = fopen(path, "re");
	if (!in)
		return;
	while (fgets(line, sizeof(line), in)) {
		if (sscanf(line, "%llx-%llx", &start, &end) != 2 ||
		    address < start || address >= end)
			continue;
		mapping->start = start;
		mapping->end = end;
	}
	fclose(in);
}

static int look(struct actor *actor, struct report *report, struct stacks *stacks,
		struct tally *tally)
{
	const pid_t tgids[2] = { getpid(), actor_tgid(actor) };
	const pid_t tids[2] = { getpid(), actor_tid(actor) };
	volatile int here = gettid();

	actor_await(actor);
	stacks->locals[0] = (uintptr_t)&here;
	stacks->locals[1] = (uintptr_t)report->local;
	if (task_pair(&stacks->pair, actor_tid(actor)))
		return -1;
	for (int i = 0; i < 2; i++) {
		if (find_mapping(tgids[i], stacks->locals[i], &stacks->mapping[i]) ||
		    view_pages(tgids[i], tids[i], (const void *)report->local, 1,
			       &stacks->at_local[i], tally) < 0)
			return -1;
		find_in_maps(tgids[i], stacks->locals[i], &stacks->witness[i]);
	}
	/* Without a page there, or with another, it is not the actor's local. */
	stacks->readable = stacks->at_local[0].present && (*report->local ^ MARK) == tids[1];
	return stacks->at_local[1].present ? 0 : -1;
}

static int observe(struct finding *finding, enum actor_kind kind,
		   struct stacks *stacks, struct tally *tally)
{
	struct report *report = shared_block(sizeof(*report));
	struct actor *actor;
	int error = -1;

	actor = report ? actor_start(kind, have_local, report) : NULL;
	if (actor) {
		error = look(actor, report, stacks, tally);
		error |= actor_join(actor);
	}
	if (report)
		munmap(report, sizeof(*report));
	if (error)
		finding_impossible(finding, "a %s could not be started, or its stack is not seen",
				   side_name[kind]);
	return error;
}

static bool own_mapping(const struct stacks *stacks)
{
	return same_object(&stacks->pair, OBJECT_MM) &&
	       stacks->mapping[0].start != stacks->mapping[1].start;
}

static bool own_frame(const struct stacks *stacks)
{
	return !same_object(&stacks->pair, OBJECT_MM) &&
	       !same_frame(&stacks->at_local[0], &stacks->at_local[1]);
}

static bool sp_inside(const struct stacks *stacks)
{
	return stacks->pair.actor.sp >= stacks->mapping[1].start &&
	       stacks->pair.actor.sp < stacks->mapping[1].end;
}

static void show(struct finding *finding, enum actor_kind kind, const struct stacks *stacks)
{
	const char *const names[2] = { measurer_name[kind], actor_name[kind] };
	bool agrees = true;

	for (int i = 0; i < 2; i++) {
		const struct mapping *mapping = &stacks->mapping[i];

		agrees = agrees && mapping->start == stacks->witness[i].start &&
			 mapping->end == stacks->witness[i].end;
		finding_evidence(finding, "debugfs:vmas", "%s: a local of the %s at %llx, in %llx-%llx %s",
				 side_name[kind], names[i], (unsigned long long)stacks->locals[i],
				 (unsigned long long)mapping->start,
				 (unsigned long long)mapping->end, mapping->name);
	}
	finding_witness(finding, "/proc/PID/maps", agrees, "%s: %s", side_name[kind],
			agrees ? "the same two ranges" : "other ranges");
	if (stacks->pair.actor.sp != ABSENT)
		finding_evidence(finding, "debugfs:tasks",
				 "%s: sp of the %s is %llx, %s that range", side_name[kind],
				 actor_name[kind], (unsigned long long)stacks->pair.actor.sp,
				 sp_inside(stacks) ? "inside" : "outside");
	finding_evidence(finding, "memory", "%s: the %s %s read the local of the %s",
			 side_name[kind], measurer_name[kind],
			 stacks->readable ? "can" : "cannot", actor_name[kind]);
}

static const char *places(const struct stacks *stacks)
{
	return stacks->mapping[0].end == stacks->mapping[1].end ? "same" : "other";
}

static const char *whose_frames(const struct stacks *stacks)
{
	return sight_lacks(SEE_FRAMES) ? "frames not seen" :
	       own_frame(stacks) ? "own frames" : "the parent's frames";
}

/* The claim is about threads; processes stand beside them. */
static void decide(struct finding *finding, const struct stacks *process,
		   const struct stacks *thread)
{
	side_text(&finding->process, "%s addresses, %s", places(process), whose_frames(process));
	side_text(&finding->thread, "%s", own_mapping(thread) ?
		  "own mapping in one space" : "no mapping of its own");
	finding_require(finding, same_object(&thread->pair, OBJECT_MM),
			"threads have one address space");
	finding_require(finding, own_mapping(thread), "a thread's stack is a mapping of its own");
	if (thread->pair.actor.sp == ABSENT)
		finding_unwitnessed(finding, "/proc/PID/syscall",
				    "the stack pointer of a thread cannot be read");
	else
		finding_require(finding, sp_inside(thread),
				"a thread's stack pointer is in its stack");
	finding_decide(finding, "the stack of a thread %s a mapping of its own, which its fellows %s read; a child process has its stack at the %s addresses, %s",
		       own_mapping(thread) ? "is" : "is not", thread->readable ? "can" : "cannot",
		       places(process), whose_frames(process));
}

void measure_own_stack(struct finding *finding)
{
	struct tally tally = { 0, 0 };
	struct stacks process, thread;

	if (!finding_needs(finding, SEE_OBJECTS) ||
	    observe(finding, ACTOR_PROCESS, &process, &tally) ||
	    observe(finding, ACTOR_THREAD, &thread, &tally))
		return;
	show(finding, ACTOR_PROCESS, &process);
	show(finding, ACTOR_THREAD, &thread);
	tally_evidence(finding, &tally);
	decide(finding, &process, &thread);
}
