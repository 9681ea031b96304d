// SPDX-License-Identifier: GPL-2.0
/*
 * definition: a child process is a thread group of its own with an address
 * space of its own; a thread is one more task in the group and address space
 * that are there already. Both are tasks that the kernel schedules.
 */
#include <linux/kcmp.h>
#include <unistd.h>

#include "environment.h"
#include "experiment-claims.h"

/* Births of the kind that starting one such actor makes. */
static long long births_of(enum actor_kind kind, struct actor **actor)
{
	enum birth_kind birth = kind == ACTOR_PROCESS ? BIRTH_FORK : BIRTH_THREAD;
	struct counters before, now;

	if (counters_read(&before))
		return -1;
	*actor = actor_start(kind, actor_idle, NULL);
	if (!*actor || counters_read(&now))
		return -1;
	actor_await(*actor);
	counters_since(&now, &before);
	return now.births[birth];
}

/* Is the witness of the module's mind about "same address space"? */
static void ask_kcmp(struct finding *finding, const char *who,
		     const struct task_record *me, const struct task_record *task)
{
	bool same = me->object[OBJECT_MM] == task->object[OBJECT_MM];
	int kcmp = kcmp_same(me->tid, task->tid, KCMP_VM);

	finding_witness(finding, "kcmp(2)", kcmp == same,
			"%s %d and task %d: %s address space", who, task->tid, me->tid,
			kcmp < 0 ? "cannot tell of their" : kcmp ? "the same" : "not the same");
}

static void tell(struct finding *finding, const char *who, const struct task_record *task)
{
	finding_evidence(finding, "debugfs:tasks",
			 "%s: tid %d, tgid %d, mm %014llx, users %llu", who, task->tid,
			 task->tgid, (unsigned long long)task->object[OBJECT_MM],
			 (unsigned long long)task->users[OBJECT_MM]);
}

static void compare(struct finding *finding, const struct snapshot *tasks,
		    pid_t child_tid, pid_t thread_tid)
{
	const struct task_record *me = snapshot_task(tasks, getpid());
	const struct task_record *child = snapshot_task(tasks, child_tid);
	const struct task_record *thread = snapshot_task(tasks, thread_tid);

	if (!me || !child || !thread) {
		finding_impossible(finding, "debugfs:tasks does not list all three tasks");
		return;
	}
	tell(finding, "starter", me);
	tell(finding, "child", child);
	tell(finding, "thread", thread);
	ask_kcmp(finding, "child", me, child);
	ask_kcmp(finding, "thread", me, thread);
	side_text(&finding->process, "task %d leads a group of its own, in an mm of its own",
		  child->tid);
	side_text(&finding->thread, "task %d is one more in group %d and its mm", thread->tid,
		  thread->tgid);
	finding_decide(finding,
		       child->tgid == child->tid && thread->tgid == me->tgid &&
		       thread->tid != me->tid &&
		       child->object[OBJECT_MM] != me->object[OBJECT_MM] &&
		       thread->object[OBJECT_MM] == me->object[OBJECT_MM],
		       "the child has tgid %d and %s mm, the thread tgid %d and %s mm; the starter has tgid %d",
		       child->tgid,
		       child->object[OBJECT_MM] == me->object[OBJECT_MM] ? "the same" : "another",
		       thread->tgid,
		       thread->object[OBJECT_MM] == me->object[OBJECT_MM] ? "the same" : "another",
		       me->tgid);
}

void measure_definition(struct finding *finding)
{
	struct actor *child = NULL, *thread = NULL;
	struct snapshot tasks;
	long long forks, threads;

	forks = births_of(ACTOR_PROCESS, &child);
	threads = births_of(ACTOR_THREAD, &thread);
	if (!child || !thread) {
		finding_impossible(finding, "cannot start a child and a thread");
	} else if (!snapshot_read(&tasks, &format_tasks, NULL, 0)) {
		compare(finding, &tasks, actor_tid(child), actor_tid(thread));
		snapshot_free(&tasks);
	}
	if (forks >= 0 && threads >= 0)
		finding_evidence(finding, "debugfs:births",
				 "starting the child: fork +%lld; starting the thread: thread +%lld",
				 forks, threads);
	if (child)
		actor_join(child);
	if (thread)
		actor_join(thread);
}
