/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Actors: the same code, run by a process or by a thread, so that what differs is
 * what they share.
 */
#ifndef SHARESTAT_EXPERIMENTS_ACTOR_H
#define SHARESTAT_EXPERIMENTS_ACTOR_H

#include <sys/types.h>

enum actor_kind { ACTOR_PROCESS, ACTOR_THREAD };

struct actor;

/**
 * actor_start() - run @body in a child process or in a thread of this one
 * @kind: which
 * @body: its return value is what actor_join() gives (0 to 255)
 * @arg: a thread sees the caller's memory at it, a process its copy
 *
 * Return: the actor, or NULL with errno set.
 */
struct actor *actor_start(enum actor_kind kind, int (*body)(void *), void *arg);
/** actor_tid() - its task id, as in the column tid */
pid_t actor_tid(const struct actor *actor);
/** actor_tgid() - the thread group that it says it is in, whatever was asked for */
pid_t actor_tgid(const struct actor *actor);
/** actor_join() - wait for its end. Return: body's value, or -SIGNAL when killed */
int actor_join(struct actor *actor);

/*
 * Two-way steps between the experiment and an actor: works between processes
 * and between threads (pipes below). The actor calls actor_ready() when it is
 * where it shall be looked at and sleeps in there until actor_release().
 */
void actor_ready(void);
void actor_await(struct actor *actor);		/* the experiment: until ready */
void actor_release(struct actor *actor);

/* A body that is only there to be looked at: ready, and ends on release. */
int actor_idle(void *arg);

#endif
