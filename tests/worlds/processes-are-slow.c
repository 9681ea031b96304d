// SPDX-License-Identifier: GPL-2.0
/* A process does all that costs a page or a descriptor three times, a thread once. */
#include <stdarg.h>

#include "world.h"

#define MORE 2	/* times besides */

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
	const bool thread = gettid() != getpid();

	for (int i = 0; i < MORE && !thread && fd < 0 && flags & MAP_PRIVATE; i++) {
		char *area = __real_mmap(NULL, size, protection, flags, fd, offset);

		if (area == MAP_FAILED)
			return area;
		madvise(area, size, MADV_NOHUGEPAGE);
		for (size_t at = 0; at < size; at += 4096)
			((volatile char *)area)[at] = 1;
		munmap(area, size);
	}
	return __real_mmap(address, size, protection, flags, fd, offset);
}

int __wrap_open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	for (int i = 0; i < MORE && gettid() == getpid(); i++)
		close(__real_open(path, flags, mode));
	return __real_open(path, flags, mode);
}
