// SPDX-License-Identifier: GPL-2.0
/* A thread is born with 32 MiB of touched memory. */
#include "world.h"

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
			  void *(*body)(void *arg), void *arg)
{
	const size_t size = 32 << 20;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return ENOMEM;
	madvise(memory, size, MADV_NOHUGEPAGE);
	for (size_t at = 0; at < size; at += 4096)
		((volatile char *)memory)[at] = 1;
	munmap(memory, size);
	return __real_pthread_create(thread, attr, body, arg);
}
