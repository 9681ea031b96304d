/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/smaps, as a witness. */
#ifndef SHARESTAT_WITNESS_SMAPS_H
#define SHARESTAT_WITNESS_SMAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct smap {
	uint64_t start, end;
	uint64_t rss, pss, swap;	/* kB, as it gives them */
	uint64_t private, lazyfree;
	uint64_t hugetlb_shared, hugetlb_alone;
	uint64_t inode;
	bool pfnmap;				/* mapped by frame numbers */
	char name[32];				/* the end of it */
};

struct smaps {
	struct smap *list;
	size_t count;
};

/**
 * smaps_read() - all mappings of a process
 * @smaps: filled; free it with smaps_free()
 * @pid: the process
 *
 * Return: 0; 1 when the process is gone or has no memory; -1 after an explanation.
 */
int smaps_read(struct smaps *smaps, pid_t pid);
void smaps_free(struct smaps *smaps);

/**
 * smap_swaps_itself() - is it a file of tmpfs
 * @smap: a mapping
 * @pid: of this process
 *
 * Return: true when its pages are swapped out without an entry in a page table.
 */
bool smap_swaps_itself(const struct smap *smap, pid_t pid);

#endif
