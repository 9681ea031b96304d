// SPDX-License-Identifier: GPL-2.0
/* Memory that is asked for as shared is private: of mmap() and of shmat(). */
#include <sys/shm.h>

#include "world.h"

#define PAGES 13	/* as experiment-shared-memory.c has them */

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
	const size_t page = sysconf(_SC_PAGESIZE);

	/* Not the blocks in which actors report. */
	if ((flags & MAP_SHARED) && (size == PAGES * page || (size == page && fd >= 0)))
		flags = (flags & ~MAP_SHARED) | MAP_PRIVATE;
	return __real_mmap(address, size, protection, flags, fd, offset);
}

void *__wrap_shmat(int id, const void *address, int flags)
{
	const size_t size = PAGES * sysconf(_SC_PAGESIZE);
	void *shared = __real_shmat(id, address, flags), *own;

	if (shared == (void *)-1)
		return shared;
	own = __real_mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (own != MAP_FAILED)
		memcpy(own, shared, size);
	return own;	/* the segment stays attached, or it would end */
}

int __wrap_shmdt(const void *address)
{
	return munmap((void *)address, PAGES * sysconf(_SC_PAGESIZE));
}
