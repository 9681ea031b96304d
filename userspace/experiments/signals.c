// SPDX-License-Identifier: GPL-2.0
/*
 * signals: signals are sent to the starter, which blocks them, while another task does
 * not. Who takes them? Then one of three tasks is sent a signal that ends it: who is left?
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"

#define SENT	17		/* of a kind that queues: each is taken once */
#define TASKS	3		/* besides the one that started them */
#define FAILED	99		/* how a group ends that could not have its tasks */

/* What was seen of one kind. */
struct delivery {
	int taken;		/* by the task that does not block them */
	int left;		/* for the starter to take, once that one has */
	bool pending;		/* says /proc, before the starter took what was left */
	bool unseen;		/* /proc does not say */
	int living;		/* of the others, when one was sent what ends it */
	int ended_by;		/* the signal that ended all of them, or 0 */
};

static _Thread_local volatile sig_atomic_t taken;

static void take(int number)
{
	(void)number;
	taken++;
}

static int take_them(void *arg)
{
	const sigset_t *signals = arg;

	taken = 0;
	pthread_sigmask(SIG_UNBLOCK, signals, NULL);
	actor_ready();
	return taken;
}

/* Shared by all its threads, or the starter's own, as the kernel shows them. */
static bool read_pending(bool *pending)
{
	const uint64_t bit = 1ULL << (SIGRTMIN - 1);
	uint64_t mask, all = 0;
	char path[32], line[128];
	int found = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", getpid());
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "SigPnd: %" SCNx64, &mask) == 1 ||
		    sscanf(line, "ShdPnd: %" SCNx64, &mask) == 1) {
			all |= mask;
			found++;
		}
	}
	if (file)
		fclose(file);
	*pending = all & bit;
	return found == 2;
}

static bool send_all(struct delivery *delivery, enum actor_kind kind, sigset_t *signals)
{
	static const struct timespec at_once;
	struct actor *actor = actor_start(kind, take_them, signals);
	bool fine = actor;

	if (!actor)
		return false;
	actor_await(actor);
	for (int i = 0; fine && i < SENT; i++)
		fine = !kill(getpid(), SIGRTMIN);
	actor_release(actor);
	delivery->taken = actor_join(actor);
	delivery->unseen = !read_pending(&delivery->pending);
	while (sigtimedwait(signals, NULL, &at_once) > 0)
		delivery->left++;
	return fine && delivery->taken >= 0;
}

/* The starter, and so whoever it starts, blocks them meanwhile. */
static bool measure_taking(struct delivery *delivery, enum actor_kind kind)
{
	const struct sigaction action = { .sa_handler = take };
	struct sigaction before;
	sigset_t signals, mask;
	bool fine;

	sigemptyset(&signals);
	sigaddset(&signals, SIGRTMIN);
	if (sigaction(SIGRTMIN, &action, &before) ||
	    pthread_sigmask(SIG_BLOCK, &signals, &mask))
		return false;
	fine = send_all(delivery, kind, &signals);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGRTMIN, &before, NULL);
	return fine;
}

/* One of them is sent a signal. Return: how many of the others still answer. */
static int end_one(enum actor_kind kind)
{
	struct actor *actors[TASKS];
	int living = 0;

	for (size_t i = 0; i < TASKS; i++) {
		actors[i] = actor_start(kind, actor_idle, NULL);
		if (!actors[i])
			return FAILED;
		actor_await(actors[i]);
	}
	if (syscall(SYS_tgkill, actor_tgid(actors[0]), actor_tid(actors[0]), SIGTERM))
		return FAILED;
	for (size_t i = 0; i < TASKS; i++) {
		actor_release(actors[i]);
		living += !actor_join(actors[i]);
	}
	return living;
}

/* In a process of its own, which may end by it. */
static bool measure_ending(struct delivery *delivery, enum actor_kind kind)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGTERM, SIG_DFL);
		_exit(end_one(kind));
	}
	if (pid < 0)
		return false;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	delivery->ended_by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	delivery->living = WIFSIGNALED(status) ? 0 : WEXITSTATUS(status);
	return delivery->living != FAILED;
}

static bool measure(struct delivery *delivery, enum actor_kind kind)
{
	return measure_taking(delivery, kind) && measure_ending(delivery, kind);
}

static void tell(struct finding *finding, const char *who, const struct delivery *delivery)
{
	finding_evidence(finding, "kill(2)",
			 "%d signals to the starter, which blocks them: its %s takes %d, it finds %d",
			 SENT, who, delivery->taken, delivery->left);
	if (delivery->unseen)
		finding_unwitnessed(finding, "/proc/PID/status", "what is pending cannot be read");
	else
		finding_witness(finding, "/proc/PID/status",
				delivery->pending == (delivery->left > 0),
				"%s: %s signal is pending for the starter then", who,
				delivery->pending ? "a" : "no");
	if (delivery->ended_by)
		finding_evidence(finding, "wait(2)",
				 "SIGTERM to one %s of %d ends all by signal %d (SIGTERM is %d)",
				 who, TASKS, delivery->ended_by, SIGTERM);
	else
		finding_evidence(finding, "wait(2)", "SIGTERM to one %s of %d: %d of the others answer",
				 who, TASKS, delivery->living);
}

static void fill_side(struct side *side, const struct delivery *delivery)
{
	side_count(side, delivery->taken, "signals");
	side_label(side, "takes %d of %d signals, %d of %d survive",
		   delivery->taken, SENT, delivery->living, TASKS - 1);
}

static void decide(struct finding *finding, const struct delivery *process,
		   const struct delivery *thread)
{
	tell(finding, "process", process);
	tell(finding, "thread", thread);
	fill_side(&finding->process, process);
	fill_side(&finding->thread, thread);
	finding_require(finding, thread->taken == SENT && !thread->left,
			"a thread takes signals to the process that its starter blocks");
	finding_require(finding, !process->taken && process->left == SENT,
			"signals to a process wait for it, whatever its child does");
	finding_require(finding, !thread->living && thread->ended_by == SIGTERM,
			"a signal that ends a thread ends all");
	finding_require(finding, process->living == TASKS - 1,
			"a signal that ends a process ends no other");
	finding_decide(finding, "of %d signals to the starter a process takes %d and a thread %d; when one is ended %d of %d other processes and %d of %d other threads live",
		       SENT, process->taken, thread->taken, process->living, TASKS - 1,
		       thread->living, TASKS - 1);
}

void measure_signals(struct finding *finding)
{
	struct delivery process = { 0 }, thread = { 0 };

	if (measure(&process, ACTOR_PROCESS) && measure(&thread, ACTOR_THREAD))
		decide(finding, &process, &thread);
	else
		finding_impossible(finding, "cannot start %d tasks and send them signals", TASKS);
}
