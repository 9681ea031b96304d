// SPDX-License-Identifier: GPL-2.0
/* Actors: the same code run by a child process or by a thread, in steps. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/actor.h"

enum { END_EXPERIMENT, END_ACTOR, ENDS };

struct actor {
	enum actor_kind kind;
	int (*body)(void *arg);
	void *arg;
	pid_t tid, tgid;
	pid_t pid;			/* of a process: whom to wait for */
	pthread_t thread;
	/*
	 * A pair of connected sockets carries the steps: unlike a pipe, one
	 * descriptor a side does for both directions, and writing to an actor
	 * that has died raises no SIGPIPE.
	 */
	int ends[ENDS];
};

/* The actor that the calling task is. */
static _Thread_local struct actor *self;

static bool step_send(int end, pid_t word)
{
	return send(end, &word, sizeof(word), MSG_NOSIGNAL) == sizeof(word);
}

/* Gives the word, or 0 once the other side is gone. */
static pid_t step_receive(int end)
{
	pid_t word;
	ssize_t got;

	do {
		got = recv(end, &word, sizeof(word), 0);
	} while (got < 0 && errno == EINTR);
	return got == sizeof(word) ? word : 0;
}

/* Shut down, not only closed: processes forked since then hold copies. */
static void close_end(struct actor *actor, int end)
{
	if (actor->ends[end] < 0)
		return;
	shutdown(actor->ends[end], SHUT_RDWR);
	close(actor->ends[end]);
	actor->ends[end] = -1;
}

/* The end of the socket is closed last: the experiment then stops awaiting. */
static int actor_run(struct actor *actor)
{
	int value;

	self = actor;
	actor->tid = gettid();
	step_send(actor->ends[END_ACTOR], actor->tid);
	step_send(actor->ends[END_ACTOR], getpid());
	value = actor->body(actor->arg);
	close_end(actor, END_ACTOR);
	return value & 0xff;
}

static void *actor_thread(void *arg)
{
	return (void *)(intptr_t)actor_run(arg);
}

/* The child must not put back probes that the parent still needs. */
static void __attribute__((noreturn)) actor_process(struct actor *actor)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);	/* whoever started it may be killed */
	close(actor->ends[END_EXPERIMENT]);
	_exit(actor_run(actor));
}

static int actor_launch(struct actor *actor)
{
	pid_t pid;

	if (actor->kind == ACTOR_THREAD) {
		errno = pthread_create(&actor->thread, NULL, actor_thread, actor);
		return errno ? -1 : 0;
	}
	pid = fork();
	if (!pid)
		actor_process(actor);
	if (pid < 0)
		return -1;
	actor->pid = pid;
	close(actor->ends[END_ACTOR]);
	actor->ends[END_ACTOR] = -1;
	return 0;
}

struct actor *actor_start(enum actor_kind kind, int (*body)(void *), void *arg)
{
	struct actor *actor = calloc(1, sizeof(*actor));
	int error;

	if (!actor)
		return NULL;
	actor->kind = kind;
	actor->body = body;
	actor->arg = arg;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, actor->ends))
		goto free_actor;
	if (actor_launch(actor))
		goto close_ends;
	/* The actor tells who it is, so it runs when this returns. */
	actor->tid = step_receive(actor->ends[END_EXPERIMENT]);
	actor->tgid = step_receive(actor->ends[END_EXPERIMENT]);
	if (actor->tid && actor->tgid)
		return actor;
	actor_join(actor);
	errno = ECHILD;		/* killed before it could speak */
	return NULL;

close_ends:
	error = errno;
	close_end(actor, END_EXPERIMENT);
	close_end(actor, END_ACTOR);
	errno = error;
free_actor:
	free(actor);
	return NULL;
}

pid_t actor_tid(const struct actor *actor)
{
	return actor->tid;
}

pid_t actor_tgid(const struct actor *actor)
{
	return actor->tgid;
}

static int wait_process(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -SIGKILL;	/* somebody else reaped it */
	}
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

int actor_join(struct actor *actor)
{
	void *result;
	int value;

	/* Lets go an actor that still sleeps in actor_ready(). */
	close_end(actor, END_EXPERIMENT);
	if (actor->kind == ACTOR_THREAD) {
		pthread_join(actor->thread, &result);
		value = (int)(intptr_t)result;
	} else {
		value = wait_process(actor->pid);
	}
	close_end(actor, END_ACTOR);
	free(actor);
	return value;
}

void actor_ready(void)
{
	step_send(self->ends[END_ACTOR], self->tid);
	step_receive(self->ends[END_ACTOR]);
}

void actor_await(struct actor *actor)
{
	step_receive(actor->ends[END_EXPERIMENT]);
}

void actor_release(struct actor *actor)
{
	step_send(actor->ends[END_EXPERIMENT], actor->tid);
}

int actor_idle(void *arg)
{
	(void)arg;
	actor_ready();
	return 0;
}
