// SPDX-License-Identifier: GPL-2.0
/* The mapping that has an address. */
#include <stddef.h>

#include "model/find-vma.h"
#include "read/snapshot.h"

const struct vma_record *place_vma(const struct snapshot *vmas, pid_t tgid, uint64_t va)
{
	const struct vma_record *records = vmas->records;

	for (size_t i = 0; i < vmas->count; i++)
		if (records[i].tgid == tgid && va >= records[i].start && va < records[i].end)
			return &records[i];
	return NULL;
}
