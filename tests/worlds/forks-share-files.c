// SPDX-License-Identifier: GPL-2.0
/* fork() leaves the table of open files in common: CLONE_FILES. */
#include "experiments/actor.h"
#include "world.h"

static int starting;		/* only actors: not the process of the experiment */
static int spare;		/* closes that are of a copy of the table, which is none */

struct actor *__wrap_actor_start(enum actor_kind kind, int (*body)(void *arg), void *arg)
{
	struct actor *actor;

	starting = kind == ACTOR_PROCESS;
	actor = __real_actor_start(kind, body, arg);
	starting = 0;
	return actor;
}

pid_t __wrap_fork(void)
{
	if (!starting)
		return __real_fork();
	/* Parent and child each close the end of the other next. */
	spare = 1;
	starting = 0;
	return fork_with(CLONE_FILES);
}

int __wrap_close(int fd)
{
	if (!spare)
		return __real_close(fd);
	spare = 0;
	return 0;
}
