// SPDX-License-Identifier: GPL-2.0
/* Memory of our own to look at. */
#include <sys/mman.h>
#include <unistd.h>

#include "measure/pages.h"
#include "read/whole-file.h"

char *pages_map(size_t count)
{
	size_t page_size = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, count * page_size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return NULL;
	madvise(pages, count * page_size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < count; i++)
		pages[i * page_size] = 1;
	return pages;
}

void pages_unmap(char *pages, size_t count)
{
	munmap(pages, count * sysconf(_SC_PAGESIZE));
}
