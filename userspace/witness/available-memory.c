// SPDX-License-Identifier: GPL-2.0
/* MemAvailable, and the limits of the memory controller; see available-memory.h. */
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "witness/available-memory.h"

/* What the two versions call the same. */
static const struct names {
	const char *limit, *used, *inactive;
} names[] = {
	{ "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file" },
	{ "memory.max", "memory.current", "inactive_file" },
};

/* The number behind @key at the begin of a line; NAN when there is none. */
static double number_of(const char *path, const char *key)
{
	FILE *in = fopen(path, "re");
	double number = NAN;
	char line[256];

	while (in && isnan(number) && fgets(line, sizeof(line), in))
		if (!strncmp(line, key, strlen(key)))
			sscanf(line + strlen(key), " %lf", &number);
	if (in)
		fclose(in);
	return number;
}

/* "max" is no number, and no limit. */
static double left_in(const char *folder, const struct names *group)
{
	double limit, used, inactive;
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/%s", folder, group->limit);
	limit = number_of(path, "");
	snprintf(path, sizeof(path), "%s/%s", folder, group->used);
	used = number_of(path, "");
	snprintf(path, sizeof(path), "%s/memory.stat", folder);
	inactive = number_of(path, group->inactive);
	return limit - used + (isnan(inactive) ? 0 : inactive);
}

/* A group's limit is one of those in it, too. */
static double left_up_to_root(const char *root, char *group, const struct names *of)
{
	double least = INFINITY;
	char *end = group + strlen(group), folder[PATH_MAX];

	for (; end; end = strrchr(group, '/')) {
		*end = '\0';
		snprintf(folder, sizeof(folder), "%s%s", root, group);
		least = fmin(least, left_in(folder, of));
	}
	return least;
}

/* A line of /proc/self/cgroup: "NUMBER:CONTROLLERS:GROUP", without controllers version 2. */
static double left_by(const char *cgroups, char *line)
{
	char *controllers = strchr(line, ':'), *group, root[PATH_MAX];
	bool unified;

	group = controllers ? strchr(++controllers, ':') : NULL;
	if (!group)
		return INFINITY;
	*group++ = '\0';
	group[strcspn(group, "\n")] = '\0';
	unified = !*controllers;
	if (!unified && strcmp(controllers, "memory"))
		return INFINITY;
	snprintf(root, sizeof(root), "%s%s", cgroups, unified ? "" : "/memory");
	return left_up_to_root(root, group, &names[unified]);
}

double available_memory(const char *proc, const char *cgroups)
{
	char path[PATH_MAX], *line = NULL;
	double least;
	size_t size = 0;
	FILE *in;

	snprintf(path, sizeof(path), "%s/meminfo", proc);
	least = number_of(path, "MemAvailable:") * 1024;
	snprintf(path, sizeof(path), "%s/self/cgroup", proc);
	in = fopen(path, "re");
	while (in && getline(&line, &size, in) > 0)
		least = fmin(least, left_by(cgroups, line));
	if (in)
		fclose(in);
	free(line);
	return isfinite(least) ? fmax(least, 0) : 0;
}
