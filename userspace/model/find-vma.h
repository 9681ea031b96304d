/* SPDX-License-Identifier: GPL-2.0 */
/* The mapping that has an address. */
#ifndef SHARESTAT_MODEL_FIND_VMA_H
#define SHARESTAT_MODEL_FIND_VMA_H

#include "read/records.h"
#include "read/snapshot.h"

/** vmas_sort() - the records of a snapshot of `vmas` by process and address */
void vmas_sort(struct snapshot *vmas);

/**
 * place_vma() - the mapping that has an address
 * @vmas: a snapshot of `vmas`, sorted
 * @tgid: the process
 * @va: the address
 *
 * Return: the record, or NULL.
 */
const struct vma_record *place_vma(const struct snapshot *vmas, pid_t tgid, uint64_t va);

#endif
