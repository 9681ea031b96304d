// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/smaps, as a witness. */
#include <err.h>
#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "witness/live-thread.h"
#include "witness/smaps.h"

static bool parse_head(const char *line, struct smap *smap)
{
	unsigned long long start, end, inode;
	int at = 0;
	size_t length;

	if (sscanf(line, "%llx-%llx %*4s %*x %*x:%*x %llu %n", &start, &end, &inode, &at) != 3)
		return false;
	*smap = (struct smap) { .start = start, .end = end, .inode = inode };
	line += at;
	length = strcspn(line, "\n");
	if (length >= sizeof(smap->name)) {
		line += length - (sizeof(smap->name) - 1);
		length = sizeof(smap->name) - 1;
	}
	memcpy(smap->name, line, length);
	return true;
}

static void parse_value(const char *line, struct smap *smap)
{
	unsigned long long value;

	if (sscanf(line, "Rss: %llu kB", &value) == 1)
		smap->rss = value;
	else if (sscanf(line, "Pss: %llu kB", &value) == 1)
		smap->pss = value;
	else if (sscanf(line, "Swap: %llu kB", &value) == 1)
		smap->swap = value;
	else if (sscanf(line, "Private_Clean: %llu kB", &value) == 1 ||
		 sscanf(line, "Private_Dirty: %llu kB", &value) == 1)
		smap->private += value;
	else if (sscanf(line, "LazyFree: %llu kB", &value) == 1)
		smap->lazyfree = value;
	else if (sscanf(line, "Shared_Hugetlb: %llu kB", &value) == 1)
		smap->hugetlb_shared = value;
	else if (sscanf(line, "Private_Hugetlb: %llu kB", &value) == 1)
		smap->hugetlb_alone = value;
	else if (!strncmp(line, "VmFlags:", 8))
		smap->pfnmap = strstr(line, " pf");
}

static int add(struct smaps *smaps, const struct smap *smap)
{
	void *list = reallocarray(smaps->list, smaps->count + 1, sizeof(*smap));

	if (!list)
		return -1;
	smaps->list = list;
	smaps->list[smaps->count++] = *smap;
	return 0;
}

static int read_lines(struct smaps *smaps, FILE *file)
{
	size_t size = 0;
	char *line = NULL;
	struct smap smap;
	int result = 0;

	while (!result && getline(&line, &size, file) > 0) {
		if (parse_head(line, &smap))
			result = add(smaps, &smap);
		else if (smaps->count)
			parse_value(line, &smaps->list[smaps->count - 1]);
	}
	free(line);
	return result;
}

int smaps_read(struct smaps *smaps, pid_t pid)
{
	char path[48];
	FILE *file;
	int result;

	*smaps = (struct smaps) { 0 };
	snprintf(path, sizeof(path), "/proc/%d/smaps", live_thread(pid));
	file = fopen(path, "re");
	if (!file && (errno == ENOENT || errno == ESRCH))
		return 1;
	if (!file) {
		warn("%s", path);
		return -1;
	}
	result = read_lines(smaps, file);
	if (result)
		warn("%s", path);
	else if (ferror(file) || !smaps->count)
		result = 1;
	fclose(file);
	if (result)
		smaps_free(smaps);
	return result;
}

void smaps_free(struct smaps *smaps)
{
	free(smaps->list);
	*smaps = (struct smaps) { 0 };
}

bool smap_swaps_itself(const struct smap *smap, pid_t pid)
{
	struct statfs filesystem;
	char path[96];

	if (!smap->inode)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", live_thread(pid),
		 (unsigned long long)smap->start, (unsigned long long)smap->end);
	return !statfs(path, &filesystem) && filesystem.f_type == TMPFS_MAGIC;
}
