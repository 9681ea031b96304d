// SPDX-License-Identifier: GPL-2.0
/*
 * definition: a child process is a thread group of its own with an address
 * space of its own; a thread is one more task in the group and address space
 * that are there already. Both are tasks that the kernel schedules.
 */
#include <linux/kcmp.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "measure/read-counters.h"
#include "measure/sight.h"
#include "model/counters.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "witness/kcmp.h"

/* Births of the kind that starting one such actor makes. */
static long long births_of(enum actor_kind kind, struct actor **actor)
{
	enum birth_kind birth = kind == ACTOR_PROCESS ? BIRTH_FORK : BIRTH_THREAD;
	struct counters before, now;
	bool counted = !counters_read(&before);

	*actor = actor_start(kind, actor_idle, NULL);
	if (!*actor || counters_read(&now) || !counted)
		return -1;
	actor_await(*actor);
	counters_since(&now, &before);
	return now.births[birth];
}

static void tell(struct finding *finding, const char *who, const struct task_record *task)
{
	finding_evidence(finding, "debugfs:tasks",
			 "%s: tid %d, tgid %d, mm %014llx, users %llu", who, task->tid,
			 task->tgid, (unsigned long long)task->object[OBJECT_MM],
			 (unsigned long long)task->users[OBJECT_MM]);
}

/* Where a task is, beside its starter. */
static void place(struct side *side, const struct task_record *me,
		  const struct task_record *task)
{
	const bool same = me->object[OBJECT_MM] == task->object[OBJECT_MM];

	if (task->tgid == task->tid)
		side_text(side, "leads a group of its own, in %s",
			  same ? "its starter's mm" : "an mm of its own");
	else
		side_text(side, "in the starter's group, %s",
			  same ? "in its mm" : "in an mm of its own");
}

static const char *mm_of(const struct task_record *me, const struct task_record *task)
{
	return me->object[OBJECT_MM] == task->object[OBJECT_MM] ? "the same" : "another";
}

static void decide(struct finding *finding, const struct task_record *me,
		   const struct task_record *child, const struct task_record *thread)
{
	place(&finding->process, me, child);
	place(&finding->thread, me, thread);
	finding_require(finding, child->tgid == child->tid,
			"the child leads a thread group of its own");
	finding_require(finding, child->object[OBJECT_MM] != me->object[OBJECT_MM],
			"the child has an mm of its own");
	finding_require(finding, thread->tid != me->tid, "the thread is another task");
	finding_require(finding, thread->tgid == me->tgid,
			"the thread is in its starter's thread group");
	finding_require(finding, thread->object[OBJECT_MM] == me->object[OBJECT_MM],
			"the thread has its starter's mm");
	finding_decide(finding, "the child has tgid %d and %s mm, the thread tgid %d and %s mm; the starter has tgid %d",
		       child->tgid, mm_of(me, child), thread->tgid, mm_of(me, thread), me->tgid);
}

static void compare(struct finding *finding, const struct snapshot *tasks,
		    pid_t child_tid, pid_t thread_tid)
{
	const struct task_record *me = snapshot_task(tasks, getpid());
	const struct task_record *child = snapshot_task(tasks, child_tid);
	const struct task_record *thread = snapshot_task(tasks, thread_tid);

	if (!me || !child || !thread) {
		finding_impossible(finding, "the module, or /proc without it, does not list all three tasks");
		return;
	}
	tell(finding, "starter", me);
	tell(finding, "child", child);
	tell(finding, "thread", thread);
	kcmp_witness(finding, "starter and child", kcmp_same(me->tid, child_tid, KCMP_VM),
		     me->object[OBJECT_MM] == child->object[OBJECT_MM], "address space");
	kcmp_witness(finding, "starter and thread", kcmp_same(me->tid, thread_tid, KCMP_VM),
		     me->object[OBJECT_MM] == thread->object[OBJECT_MM], "address space");
	decide(finding, me, child, thread);
}

void measure_definition(struct finding *finding)
{
	struct actor *child = NULL, *thread = NULL;
	struct snapshot tasks;
	long long forks, threads;

	if (!finding_needs(finding, SEE_OBJECTS))
		return;
	forks = births_of(ACTOR_PROCESS, &child);
	threads = births_of(ACTOR_THREAD, &thread);
	if (!child || !thread) {
		finding_impossible(finding, "cannot start a child and a thread");
	} else if (!sight_read(&tasks, &format_tasks, NULL, 0)) {
		compare(finding, &tasks, actor_tid(child), actor_tid(thread));
		snapshot_free(&tasks);
	}
	if (forks >= 0 && threads >= 0 && finding_counts(finding, "births"))
		finding_evidence(finding, "debugfs:births",
				 "starting the child: fork +%lld; starting the thread: thread +%lld",
				 forks, threads);
	if (child)
		actor_join(child);
	if (thread)
		actor_join(thread);
}
