/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/maps. */
#ifndef SHARESTAT_WITNESS_MAPS_H
#define SHARESTAT_WITNESS_MAPS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct proc_map {
	uint64_t start, end;
	char perms[5];
	uint64_t offset;		/* in the file, bytes */
	uint64_t device, inode;		/* of the file; 0 for none */
	char name[256];			/* "" for none */
};

/**
 * proc_maps() - the mappings of a process
 * @pid: the process
 * @count: set to how many
 *
 * Return: an array to be freed, or NULL: no such process, or not for us to see.
 */
struct proc_map *proc_maps(pid_t pid, size_t *count);

#endif
