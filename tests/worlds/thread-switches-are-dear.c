// SPDX-License-Identifier: GPL-2.0
/* A thread that gets the processor from another has much to do first. */
#include "world.h"

#define CALLS 2000

ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
	ssize_t got = __real_read(fd, buffer, size);

	for (int i = 0; i < CALLS && gettid() != getpid(); i++)
		getppid();
	return got;
}
