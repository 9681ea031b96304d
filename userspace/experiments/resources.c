// SPDX-License-Identifier: GPL-2.0
/*
 * resources: an actor closes a file, a pipe and a socket of the starter, and
 * opens one of its own. Which does the starter still have, which does it get?
 */
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "measure/sight.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "witness/kcmp.h"

enum { REGULAR, PIPE_READ, PIPE_WRITE, SOCKET, OTHER_SOCKET, DESCRIPTORS };

#define HIGHEST 900	/* far from all that is open */

struct descriptors {
	int fds[DESCRIPTORS];
	int fresh;			/* a number that nothing uses, for the actor to open */
	size_t left;			/* that the starter still has */
	bool gets_new;			/* it can use the one that the actor opened */
	bool same_table;		/* starter and actor have one table, by its id */
	int same_table_kcmp;
	unsigned long long users;	/* of the actor's table */
};

static int close_all(void *arg)
{
	const struct descriptors *descriptors = arg;

	for (size_t i = 0; i < DESCRIPTORS; i++)
		close(descriptors->fds[i]);
	if (dup2(STDERR_FILENO, descriptors->fresh) < 0)
		return 1;
	actor_ready();
	return 0;
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* As high as ulimit -n lets it be. */
static int choose_fresh(void)
{
	struct rlimit limit;
	int fresh;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return -1;
	fresh = limit.rlim_cur > HIGHEST ? HIGHEST : (int)limit.rlim_cur - 1;
	return is_open(fresh) ? -1 : fresh;
}

static bool open_all(struct descriptors *descriptors)
{
	int *fds = descriptors->fds;

	descriptors->fresh = choose_fresh();
	fds[REGULAR] = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	return descriptors->fresh >= 0 && fds[REGULAR] >= 0 && !pipe2(&fds[PIPE_READ], O_CLOEXEC) &&
	       !socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, &fds[SOCKET]);
}

static bool look(struct descriptors *descriptors, pid_t tid)
{
	const struct task_record *me, *actor;
	struct snapshot tasks;

	for (size_t i = 0; i < DESCRIPTORS; i++)
		descriptors->left += is_open(descriptors->fds[i]);
	descriptors->gets_new = is_open(descriptors->fresh);
	descriptors->same_table_kcmp = kcmp_same(getpid(), tid, KCMP_FILES);
	if (sight_read(&tasks, &format_tasks, NULL, 0))
		return false;
	me = snapshot_task(&tasks, getpid());
	actor = snapshot_task(&tasks, tid);
	if (me && actor) {
		descriptors->same_table = me->object[OBJECT_FILES] == actor->object[OBJECT_FILES];
		descriptors->users = actor->users[OBJECT_FILES];
	}
	snapshot_free(&tasks);
	return me && actor;
}

static bool run(struct descriptors *descriptors, enum actor_kind kind)
{
	struct actor *actor;
	bool seen;

	if (!open_all(descriptors))
		return false;
	actor = actor_start(kind, close_all, descriptors);
	if (!actor)
		return false;
	actor_await(actor);
	seen = look(descriptors, actor_tid(actor));
	seen = !actor_join(actor) && seen;
	for (size_t i = 0; i < DESCRIPTORS; i++) {
		if (is_open(descriptors->fds[i]))
			close(descriptors->fds[i]);
	}
	if (is_open(descriptors->fresh))
		close(descriptors->fresh);
	return seen;
}

static void tell(struct finding *finding, const char *who, const struct descriptors *descriptors)
{
	finding_evidence(finding, "debugfs:tasks",
			 "%s: files table is %s the starter, users %llu", who,
			 descriptors->same_table ? "that of" : "not that of", descriptors->users);
	kcmp_witness(finding, who, descriptors->same_table_kcmp, descriptors->same_table,
		     "files table");
	finding_evidence(finding, "fcntl(2)",
			 "%s closed a file, a pipe and a pair of sockets: starter has %zu of %d descriptors left, %s the one it opened",
			 who, descriptors->left, DESCRIPTORS,
			 descriptors->gets_new ? "and has" : "and has not");
}

static void fill_side(struct side *side, const char *what, const struct descriptors *descriptors)
{
	side_count(side, descriptors->left, "descriptors");
	side_label(side, "%s closes %d files, starter has %zu left", what, DESCRIPTORS,
		   descriptors->left);
}

static void decide(struct finding *finding, const struct descriptors *child,
		   const struct descriptors *thread)
{
	fill_side(&finding->process, "child", child);
	fill_side(&finding->thread, "thread", thread);
	finding_require(finding, child->left == DESCRIPTORS,
			"what a child closes stays open for its starter");
	finding_require(finding, !child->gets_new, "what a child opens is not open for its starter");
	finding_require(finding, !child->same_table, "a child has a files table of its own");
	finding_require(finding, thread->left == 0, "what a thread closes is closed for its starter");
	finding_require(finding, thread->gets_new, "what a thread opens is open for its starter");
	finding_require(finding, thread->same_table, "a thread has its starter's files table");
	finding_decide(finding, "of %d descriptors that it closed, %zu stay open behind a child and %zu behind a thread",
		       DESCRIPTORS, child->left, thread->left);
}

void measure_resources(struct finding *finding)
{
	struct descriptors child = { 0 }, thread = { 0 };

	if (!finding_needs(finding, SEE_OBJECTS))
		return;
	if (!run(&child, ACTOR_PROCESS) || !run(&thread, ACTOR_THREAD)) {
		finding_impossible(finding, "cannot open a file, a pipe, a pair of sockets and one more descriptor, or the actor is not listed");
		return;
	}
	tell(finding, "child", &child);
	tell(finding, "thread", &thread);
	decide(finding, &child, &thread);
}
