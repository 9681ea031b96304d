// SPDX-License-Identifier: GPL-2.0
/*
 * fork-of-threads: some tasks hold a lock each while their starter forks. How many of
 * these locks can the child never have, as the one who would release it is not there?
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "measure/sight.h"
#include "read/formats.h"
#include "read/snapshot.h"

#define HOLDERS 7
#define NO_LOCK 100	/* how one ends that could not take its lock */

static pthread_mutex_t locks[HOLDERS] = {
	[0 ... HOLDERS - 1] = PTHREAD_MUTEX_INITIALIZER,
};

/* What was seen of one kind. */
struct inheritance {
	int lost;		/* locks that the forked child finds taken */
	size_t tasks;		/* of the forked child; 0: not seen */
};

static int hold_lock(void *arg)
{
	pthread_mutex_t *lock = arg;

	if (pthread_mutex_lock(lock))
		return NO_LOCK;
	actor_ready();
	pthread_mutex_unlock(lock);
	return 0;
}

/* In the forked child: how many are taken? */
static int try_locks(void *arg)
{
	int taken = 0;

	(void)arg;
	for (size_t i = 0; i < HOLDERS; i++)
		taken += pthread_mutex_trylock(&locks[i]) == EBUSY;
	actor_ready();
	return taken;
}

static size_t count_tasks(pid_t tgid)
{
	struct snapshot tasks;
	size_t count = 0;

	if (sight_read(&tasks, &format_tasks, NULL, 0))
		return 0;
	for (size_t i = 0; i < tasks.count; i++)
		count += ((const struct task_record *)snapshot_record(&tasks, i))->tgid == tgid;
	snapshot_free(&tasks);
	return count;
}

static bool fork_beside(struct inheritance *found)
{
	struct actor *child = actor_start(ACTOR_PROCESS, try_locks, NULL);

	if (!child)
		return false;
	actor_await(child);
	found->tasks = count_tasks(actor_tgid(child));
	found->lost = actor_join(child);
	return found->lost >= 0;
}

static bool run(struct inheritance *found, enum actor_kind kind)
{
	struct actor *holders[HOLDERS] = { NULL };
	bool fine = true;

	for (size_t i = 0; fine && i < HOLDERS; i++) {
		holders[i] = actor_start(kind, hold_lock, &locks[i]);
		fine = holders[i];
		if (fine)
			actor_await(holders[i]);
	}
	fine = fine && fork_beside(found);
	for (size_t i = 0; i < HOLDERS && holders[i]; i++)
		fine = !actor_join(holders[i]) && fine;
	return fine;
}

static void tell(struct finding *finding, const char *who, const struct inheritance *found)
{
	finding_evidence(finding, "pthread_mutex_lock(3)",
			 "%d %s hold a lock each; a child forked meanwhile finds %d of them taken",
			 HOLDERS, who, found->lost);
	finding_evidence(finding, "debugfs:tasks", "%s: the forked child has %zu task%s", who,
			 found->tasks, found->tasks == 1 ? "" : "s");
}

static void fill_side(struct side *side, const struct inheritance *found)
{
	side_count(side, found->lost, "locks");
	side_label(side, "%d of %d locks stay locked in a forked child", found->lost, HOLDERS);
}

static void decide(struct finding *finding, const struct inheritance *process,
		   const struct inheritance *thread)
{
	if (!process->tasks || !thread->tasks) {
		finding_impossible(finding, "the forked child is not listed");
		return;
	}
	tell(finding, "processes", process);
	tell(finding, "threads", thread);
	fill_side(&finding->process, process);
	fill_side(&finding->thread, thread);
	finding_require(finding, thread->lost == HOLDERS,
			"locks that threads hold are locked in the child of a fork");
	finding_require(finding, thread->tasks == 1, "none of the threads is in the child");
	finding_require(finding, process->lost == 0,
			"locks that other processes hold are not locked in the child");
	finding_decide(finding, "of %d locks that others hold %d stay locked in a child forked beside processes and %d in one forked beside threads",
		       HOLDERS, process->lost, thread->lost);
}

void measure_fork_of_threads(struct finding *finding)
{
	struct inheritance process = { 0 }, thread = { 0 };

	if (run(&process, ACTOR_PROCESS) && run(&thread, ACTOR_THREAD))
		decide(finding, &process, &thread);
	else
		finding_impossible(finding, "cannot start %d tasks that hold a lock, and fork beside them",
				   HOLDERS);
}
