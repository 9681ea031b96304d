// SPDX-License-Identifier: GPL-2.0
/* The mapping that has an address. */
#include <stdlib.h>

#include "model/find-vma.h"
#include "read/snapshot.h"

static int compare_starts(const void *left, const void *right)
{
	const struct vma_record *a = left, *b = right;

	if (a->tgid != b->tgid)
		return a->tgid < b->tgid ? -1 : 1;
	return (a->start > b->start) - (a->start < b->start);
}

void vmas_sort(struct snapshot *vmas)
{
	if (vmas->count)
		qsort(vmas->records, vmas->count, sizeof(struct vma_record), compare_starts);
}

struct wanted {
	pid_t tgid;
	uint64_t va;
};

static int compare_place(const void *key, const void *record)
{
	const struct wanted *wanted = key;
	const struct vma_record *vma = record;

	if (wanted->tgid != vma->tgid)
		return wanted->tgid < vma->tgid ? -1 : 1;
	return (wanted->va >= vma->end) - (wanted->va < vma->start);
}

const struct vma_record *place_vma(const struct snapshot *vmas, pid_t tgid, uint64_t va)
{
	const struct wanted wanted = { tgid, va };

	return vmas->count ? bsearch(&wanted, vmas->records, vmas->count,
				     sizeof(struct vma_record), compare_place) : NULL;
}
