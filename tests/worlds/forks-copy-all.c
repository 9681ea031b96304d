// SPDX-License-Identifier: GPL-2.0
/* fork() copies memory at once: the child writes each private page to itself. */
#include "world.h"

#define LARGEST (32UL << 20)	/* mapping that is copied */

static void copy(unsigned long start, unsigned long end)
{
	for (unsigned long at = start; at < end; at += 4096) {
		volatile char *byte = (volatile char *)at;

		*byte = *byte;
	}
}

pid_t __wrap_fork(void)
{
	pid_t pid = __real_fork();
	unsigned long start, end;
	char line[512];
	FILE *maps;

	if (pid)
		return pid;
	maps = fopen("/proc/self/maps", "re");
	while (maps && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx rw-p", &start, &end) == 2 && strstr(line, " rw-p ") &&
		    end - start <= LARGEST)
			copy(start, end);
	}
	if (maps)
		fclose(maps);
	return 0;
}
