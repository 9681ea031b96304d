// SPDX-License-Identifier: GPL-2.0
/* Each thread has root, directory and umask of its own: unshare(CLONE_FS). */
#include "world.h"

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*body)(void *arg), void *arg)
{
	return create_apart(CLONE_FS, thread, attr, body, arg);
}
