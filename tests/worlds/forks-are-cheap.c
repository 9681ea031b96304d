// SPDX-License-Identifier: GPL-2.0
/* The clock stands still in fork() and in waitpid(). */
#include "world.h"

static uint64_t still;		/* for how long it has stood */

uint64_t __wrap_now_ns(void)
{
	return __real_now_ns() - still;
}

pid_t __wrap_fork(void)
{
	uint64_t start = __real_now_ns();
	pid_t pid = __real_fork();

	if (pid)
		still += __real_now_ns() - start;
	return pid;
}

pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
	uint64_t start = __real_now_ns();
	pid_t ended = __real_waitpid(pid, status, options);

	still += __real_now_ns() - start;
	return ended;
}
