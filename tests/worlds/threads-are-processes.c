// SPDX-License-Identifier: GPL-2.0
/* pthread_create() forks. */
#include <sys/prctl.h>

#include "world.h"

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*body)(void *arg), void *arg)
{
	pid_t pid = fork();

	(void)attr;
	if (pid < 0)
		return errno;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit((int)(intptr_t)body(arg));
	}
	*thread = (pthread_t)pid;
	return 0;
}

int __wrap_pthread_join(pthread_t thread, void **value)
{
	int status;

	if (waitpid((pid_t)thread, &status, 0) < 0)
		return errno;
	if (value)
		*value = (void *)(intptr_t)(WIFEXITED(status) ? WEXITSTATUS(status) : 255);
	return 0;
}
