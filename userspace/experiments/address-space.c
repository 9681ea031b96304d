// SPDX-License-Identifier: GPL-2.0
/*
 * address-space: start some children and some threads, then count how many
 * address spaces (mm_struct) the starter and they have between them.
 */
#include <linux/kcmp.h>
#include <stdlib.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "measure/sight.h"
#include "read/formats.h"
#include "read/records.h"
#include "read/snapshot.h"
#include "witness/kcmp.h"

#define STARTED 3

/* The starter first, then those it started. */
struct crowd {
	struct actor *actors[STARTED];
	pid_t tids[STARTED + 1];
	size_t count;
	size_t seen;			/* of these, in the list of tasks */
	size_t spaces;			/* different address spaces, by their ids */
	size_t spaces_kcmp;		/* the same by kcmp(2) */
	bool kcmp_tells;
};

static void crowd_start(struct crowd *crowd, enum actor_kind kind)
{
	crowd->tids[0] = getpid();
	crowd->count = 1;
	for (size_t i = 0; i < STARTED; i++) {
		crowd->actors[i] = actor_start(kind, actor_idle, NULL);
		if (!crowd->actors[i])
			return;
		actor_await(crowd->actors[i]);
		crowd->tids[crowd->count++] = actor_tid(crowd->actors[i]);
	}
}

static void crowd_end(struct crowd *crowd)
{
	for (size_t i = 0; i < STARTED; i++) {
		if (crowd->actors[i])
			actor_join(crowd->actors[i]);
	}
}

/* Each address space is counted at the first of its tasks. */
static void count_spaces(struct crowd *crowd, const struct snapshot *tasks)
{
	crowd->kcmp_tells = true;
	for (size_t i = 0; i < crowd->count; i++) {
		const struct task_record *task = snapshot_task(tasks, crowd->tids[i]);
		bool first = task, first_kcmp = true;

		for (size_t j = 0; j < i && task; j++) {
			const struct task_record *other = snapshot_task(tasks, crowd->tids[j]);
			int same = kcmp_same(crowd->tids[i], crowd->tids[j], KCMP_VM);

			if (other && other->object[OBJECT_MM] == task->object[OBJECT_MM])
				first = false;
			first_kcmp = first_kcmp && !same;
			crowd->kcmp_tells &= same >= 0;
		}
		crowd->seen += !!task;
		crowd->spaces += first;
		crowd->spaces_kcmp += first_kcmp;
	}
}

/* How the module's file of address spaces sees the one of @tid. */
static void tell_mm(struct finding *finding, const char *whose, const struct snapshot *tasks,
		    const struct snapshot *mms, pid_t tid)
{
	const struct task_record *task = snapshot_task(tasks, tid);
	const struct mm_record *mm = mms->records;

	for (size_t i = 0; task && i < mms->count; i++) {
		if (mm[i].mm != task->object[OBJECT_MM])
			continue;
		finding_evidence(finding, "debugfs:mms",
				 "%s: tasks %llu, thread groups %llu, page tables %llu KiB",
				 whose, (unsigned long long)mm[i].tasks,
				 (unsigned long long)mm[i].groups,
				 (unsigned long long)mm[i].pgtables / 1024);
	}
}

static void tell_crowd(struct finding *finding, const char *what, const struct crowd *crowd)
{
	finding_evidence(finding, "debugfs:tasks", "starter and %zu %s: mm ids %zu",
			 crowd->count - 1, what, crowd->spaces);
	if (!crowd->kcmp_tells)
		finding_unwitnessed(finding, "kcmp(2)", "cannot tell on this kernel");
	else
		finding_witness(finding, "kcmp(2)", crowd->spaces == crowd->spaces_kcmp,
				"starter and %zu %s: address spaces %zu", crowd->count - 1, what,
				crowd->spaces_kcmp);
}

static void decide(struct finding *finding, const struct crowd *children,
		   const struct crowd *threads)
{
	if (children->seen < children->count || threads->seen < threads->count) {
		finding_impossible(finding, "the module, or /proc without it, does not list all of them");
		return;
	}
	side_count(&finding->process, children->spaces, "address spaces");
	side_label(&finding->process, "%zu processes: %zu address space%s", children->count,
		   children->spaces, children->spaces == 1 ? "" : "s");
	side_count(&finding->thread, threads->spaces, "address spaces");
	side_label(&finding->thread, "%zu threads: %zu address space%s", threads->count,
		   threads->spaces, threads->spaces == 1 ? "" : "s");
	finding_require(finding, children->spaces == children->count,
			"each process has an address space of its own");
	finding_require(finding, threads->spaces == 1, "all threads have one address space");
	finding_decide(finding, "%zu processes have %zu address spaces, %zu threads have %zu",
		       children->count, children->spaces, threads->count, threads->spaces);
}

static void compare(struct finding *finding, struct crowd *children, struct crowd *threads)
{
	struct snapshot tasks, mms;

	if (sight_read(&tasks, &format_tasks, NULL, 0))
		return;
	count_spaces(children, &tasks);
	count_spaces(threads, &tasks);
	tell_crowd(finding, "children", children);
	tell_crowd(finding, "threads", threads);
	if (!sight_read(&mms, &format_mms, NULL, 0)) {
		tell_mm(finding, "a child's", &tasks, &mms, children->tids[1]);
		tell_mm(finding, "the threads'", &tasks, &mms, threads->tids[1]);
		snapshot_free(&mms);
	}
	snapshot_free(&tasks);
	decide(finding, children, threads);
}

void measure_address_space(struct finding *finding)
{
	struct crowd children = { 0 }, threads = { 0 };

	if (!finding_needs(finding, SEE_OBJECTS))
		return;
	crowd_start(&children, ACTOR_PROCESS);
	crowd_start(&threads, ACTOR_THREAD);
	if (children.count > STARTED && threads.count > STARTED)
		compare(finding, &children, &threads);
	else
		finding_impossible(finding, "cannot start %d children and %d threads",
				   STARTED, STARTED);
	crowd_end(&children);
	crowd_end(&threads);
}
