// SPDX-License-Identifier: GPL-2.0
/* Each thread has a table of open files of its own: unshare(CLONE_FILES). */
#include "world.h"

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*body)(void *arg), void *arg)
{
	return create_apart(CLONE_FILES, thread, attr, body, arg);
}
