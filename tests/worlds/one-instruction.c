// SPDX-License-Identifier: GPL-2.0
/* Whatever a task waits for, it waits at the same instruction, in syscall(2). */

#include "world.h"

ssize_t __wrap_recv(int fd, void *buffer, size_t size, int flags)
{
	return syscall(SYS_recvfrom, fd, buffer, size, flags, NULL, NULL);
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	return (int)syscall(SYS_poll, fds, count, timeout);
}
