// SPDX-License-Identifier: GPL-2.0
/* Ids: a thread's own in the process's common one. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"

struct ids {
	pid_t tid, pid;			/* what gettid() and getpid() say in the actor */
};

struct identity {
	struct ids ids;
	struct task_pair pair;
	bool among_ours;		/* in our /proc/PID/task */
};

static int report_ids(void *arg)
{
	struct ids *ids = arg;

	ids->tid = gettid();
	ids->pid = getpid();
	actor_ready();
	return 0;
}

static bool is_among_tasks(pid_t pid, pid_t tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d", pid, tid);
	return !access(path, F_OK);
}

static int observe(struct finding *finding, enum actor_kind kind, struct identity *identity)
{
	struct ids *ids = shared_block(sizeof(*ids));
	struct actor *actor = ids ? actor_start(kind, report_ids, ids) : NULL;
	int error = -1;

	if (actor) {
		actor_await(actor);
		identity->ids = *ids;
		error = task_pair(&identity->pair, ids->tid);
		identity->among_ours = is_among_tasks(getpid(), ids->tid);
		error |= actor_join(actor);
	}
	if (ids)
		munmap(ids, sizeof(*ids));
	if (error)
		finding_impossible(finding, "a %s could not be started, or it is not listed",
				   side_name[kind]);
	return error;
}

static void show(struct finding *finding, struct side *side, enum actor_kind kind,
		 const struct identity *identity)
{
	const struct task_record *actor = &identity->pair.actor;
	const bool ours = identity->ids.pid == getpid();

	side_text(side, "own tid, %s pid", ours ? "same" : "own");
	finding_evidence(finding, "debugfs:tasks", "%s: tid %d, tgid %d; ours: tid %d, tgid %d",
			 side_name[kind], actor->tid, actor->tgid,
			 identity->pair.measurer.tid, identity->pair.measurer.tgid);
	finding_witness(finding, "gettid(2), getpid(2)",
			identity->ids.tid == actor->tid && identity->ids.pid == actor->tgid,
			"%s: %d and %d, called by itself", side_name[kind],
			identity->ids.tid, identity->ids.pid);
	finding_witness(finding, "/proc/PID/task", identity->among_ours == ours,
			"%s: it %s among our tasks", side_name[kind],
			identity->among_ours ? "is" : "is not");
}

/* The claim is about threads; the child stands beside them. */
static void decide(struct finding *finding, const struct identity *process,
		   const struct identity *thread, pid_t me)
{
	finding_require(finding, thread->ids.tid != me, "a thread has another id than its starter");
	finding_require(finding, thread->ids.pid == me, "a thread has its starter's process id");
	finding_decide(finding, "the thread's id is %d in process %d, the main thread's %d; the child's is %d in process %d",
		       thread->ids.tid, thread->ids.pid, me, process->ids.tid,
		       process->ids.pid);
}

void measure_own_thread_id(struct finding *finding)
{
	struct identity process, thread;

	if (observe(finding, ACTOR_PROCESS, &process) ||
	    observe(finding, ACTOR_THREAD, &thread))
		return;
	show(finding, &finding->process, ACTOR_PROCESS, &process);
	show(finding, &finding->thread, ACTOR_THREAD, &thread);
	decide(finding, &process, &thread, getpid());
}
