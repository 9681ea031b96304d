// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/maps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "witness/live-thread.h"
#include "witness/maps.h"

static int parse(const char *line, struct proc_map *map)
{
	unsigned long long start, end, offset, inode;
	unsigned int major, minor;
	int at = 0;

	if (sscanf(line, "%llx-%llx %4s %llx %x:%x %llu %n", &start, &end, map->perms, &offset,
		   &major, &minor, &inode, &at) != 7 || !at)
		return -1;
	map->start = start;
	map->end = end;
	map->offset = offset;
	map->device = (uint64_t)major << 32 | minor;
	map->inode = inode;
	snprintf(map->name, sizeof(map->name), "%.*s", (int)strcspn(line + at, "\n"), line + at);
	return 0;
}

struct proc_map *proc_maps(pid_t pid, size_t *count)
{
	struct proc_map *maps = NULL, *more;
	size_t size = 0;
	char path[32], *line = NULL;
	FILE *in;

	*count = 0;
	snprintf(path, sizeof(path), "/proc/%d/maps", live_thread(pid));
	in = fopen(path, "re");
	while (in && getline(&line, &size, in) > 0) {
		more = reallocarray(maps, *count + 1, sizeof(*maps));
		if (!more)
			break;
		maps = more;
		*count += !parse(line, &maps[*count]);
	}
	free(line);
	if (in)
		fclose(in);
	return maps;
}
