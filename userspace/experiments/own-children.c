// SPDX-License-Identifier: GPL-2.0
/*
 * Whose child is the child of an actor: only its parent process may wait for
 * it, but any thread of that process.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"

#define GRANDCHILD_STATUS 23

/* What an actor reports, in memory that it shares with us. */
struct report {
	pid_t child;
	int collected;		/* by the actor: its child's status, or -errno */
};

struct offspring {
	pid_t child, child_ppid, actor_tgid;
	pid_t witness_ppid;	/* the same from /proc/PID/status */
	int collected;		/* by the measuring task */
	int collected_by_actor;
};

/* Lives until the last writer of the pipe is gone, so it never outlives us. */
static void __attribute__((noreturn)) be_child(const int pipe_ends[2])
{
	char byte;

	close(pipe_ends[1]);
	if (read(pipe_ends[0], &byte, 1))
		_exit(1);
	_exit(GRANDCHILD_STATUS);
}

static int collect(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

static int have_child(void *arg)
{
	struct report *report = arg;
	int pipe_ends[2];
	pid_t child;

	if (pipe(pipe_ends))
		return 1;
	child = fork();
	if (!child)
		be_child(pipe_ends);
	report->child = child;
	actor_ready();		/* while the child lives */
	close(pipe_ends[1]);
	close(pipe_ends[0]);
	actor_ready();		/* the measuring task may collect it first */
	report->collected = collect(report->child);
	return 0;
}

static pid_t ppid_in_status(pid_t pid)
{
	char path[48], line[128];
	pid_t ppid = 0;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	in = fopen(path, "re");
	if (!in)
		return 0;
	while (fgets(line, sizeof(line), in) && sscanf(line, "PPid: %d", &ppid) != 1)
		;
	fclose(in);
	return ppid;
}

static int observe(enum actor_kind kind, struct report *report, struct offspring *family)
{
	struct actor *actor = actor_start(kind, have_child, report);
	struct task_pair pair;
	int error;

	if (!actor)
		return -1;
	actor_await(actor);
	family->actor_tgid = actor_tgid(actor);
	family->child = report->child;
	error = report->child <= 0 || task_pair(&pair, report->child);
	if (!error) {
		family->child_ppid = pair.actor.ppid;
		family->witness_ppid = ppid_in_status(report->child);
	}
	actor_release(actor);
	actor_await(actor);
	family->collected = report->child > 0 ? collect(report->child) : -ECHILD;
	actor_release(actor);
	error |= actor_join(actor);
	family->collected_by_actor = report->collected;
	return error ? -1 : 0;
}

static int raise_family(struct finding *finding, enum actor_kind kind, struct offspring *family)
{
	struct report *report = shared_block(sizeof(*report));
	int error = report ? observe(kind, report, family) : -1;

	if (report)
		munmap(report, sizeof(*report));
	if (error)
		finding_impossible(finding, "the %s could not have a child, or it is not listed",
				   side_name[kind]);
	return error;
}

static void show(struct finding *finding, enum actor_kind kind, const struct offspring *family)
{
	const bool by_measurer = family->collected == GRANDCHILD_STATUS;

	finding_evidence(finding, "debugfs:tasks", "%s: the child %d has ppid %d, the tgid of %s",
			 side_name[kind], family->child, family->child_ppid,
			 family->child_ppid == getpid() ? "both" : "the process that forked it");
	finding_witness(finding, "/proc/PID/status", family->witness_ppid == family->child_ppid,
			"%s: PPid %d", side_name[kind], family->witness_ppid);
	finding_evidence(finding, "waitpid(2)", "%s: the %s %s%s; the %s that forked it %s",
			 side_name[kind], measurer_name[kind],
			 by_measurer ? "collects the child" : "gets the error: ",
			 by_measurer ? "" : strerror(-family->collected),
			 actor_name[kind],
			 family->collected_by_actor == GRANDCHILD_STATUS ? "collects it" :
			 "finds it gone");
}

static void describe(struct side *side, const struct offspring *family)
{
	side_text(side, "%s", family->collected == GRANDCHILD_STATUS ?
		  "any thread may wait for it" :
		  "nobody else may: ECHILD");
}

/* The claim is about processes; what a thread's child is stands beside it. */
static void decide(struct finding *finding, const struct offspring *process,
		   const struct offspring *thread)
{
	describe(&finding->process, process);
	describe(&finding->thread, thread);
	finding_require(finding, process->child_ppid == process->actor_tgid,
			"the parent of a process's child is that process");
	finding_require(finding, process->collected == -ECHILD,
			"nobody else may wait for a process's child");
	finding_require(finding, process->collected_by_actor == GRANDCHILD_STATUS,
			"a process may wait for its child");
	finding_decide(finding, "the parent of a process's child is %s, and nobody else %s wait for it; the parent of a thread's child is %s, and %s thread may wait for it",
		       process->child_ppid == process->actor_tgid ? "that process" : "another",
		       process->collected == -ECHILD ? "may" : "but we may",
		       thread->child_ppid == getpid() ? "the whole process" : "another",
		       thread->collected == GRANDCHILD_STATUS ? "any" : "no other");
}

void measure_own_children(struct finding *finding)
{
	struct offspring process = { 0 }, thread = { 0 };

	if (raise_family(finding, ACTOR_PROCESS, &process) ||
	    raise_family(finding, ACTOR_THREAD, &thread))
		return;
	show(finding, ACTOR_PROCESS, &process);
	show(finding, ACTOR_THREAD, &thread);
	decide(finding, &process, &thread);
}
