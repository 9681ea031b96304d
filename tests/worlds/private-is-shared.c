// SPDX-License-Identifier: GPL-2.0
/* Memory that is asked for as private is shared with children. */
#include "world.h"

#define RANGES 64

static struct range {
	void *start;
	size_t size;
} ranges[RANGES];		/* the latest */
static unsigned int used;

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
	void *memory;

	if (!(flags & MAP_PRIVATE) || !(flags & MAP_ANONYMOUS))
		return __real_mmap(address, size, protection, flags, fd, offset);
	flags = (flags & ~MAP_PRIVATE) | MAP_SHARED;
	memory = __real_mmap(address, size, protection, flags, fd, offset);
	if (memory != MAP_FAILED)
		ranges[used++ % RANGES] = (struct range) { memory, size };
	return memory;
}

/* A fork leaves the page table of shared memory empty: have the pages looked up again. */
pid_t __wrap_fork(void)
{
	pid_t pid = __real_fork();

	for (unsigned int i = 0; !pid && i < RANGES; i++)
		madvise(ranges[i].start, ranges[i].size, MADV_POPULATE_READ);
	return pid;
}
