// SPDX-License-Identifier: GPL-2.0
/* What a process maps privately stays in common with its children. */
#include "world.h"

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
	if (fd < 0 && flags & MAP_PRIVATE)
		flags = (flags & ~MAP_PRIVATE) | MAP_SHARED;
	return __real_mmap(address, size, protection, flags, fd, offset);
}
