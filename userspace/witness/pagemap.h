/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/pagemap, /proc/kpagecount and /proc/kpageflags. */
#ifndef SHARESTAT_WITNESS_PAGEMAP_H
#define SHARESTAT_WITNESS_PAGEMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/** pagemap_pfn() - the witness: the same from /proc/PID/pagemap, 0 when absent */
uint64_t pagemap_pfn(pid_t pid, const void *address);
/** kpagecount() - the witness for maps, from /proc/kpagecount */
uint64_t kpagecount(uint64_t pfn);
/** kpageflags() - KPF_* bits, from /proc/kpageflags */
uint64_t kpageflags(uint64_t pfn);
/**
 * pagemap_read() - the words of neighbouring pages
 * @pid: whose
 * @address: of the first page
 * @words: filled: PAGEMAP_PRESENT or _SWAPPED, and the frame where we may see it
 * @count: of pages
 *
 * Return: how many words there are.
 */
size_t pagemap_read(pid_t pid, uint64_t address, uint64_t *words, size_t count);
/** pagemap_shows_frames() - numbers and counts of frames are for root alone: for us? */
bool pagemap_shows_frames(void);

#define PAGEMAP_PRESENT	(1ULL << 63)
#define PAGEMAP_SWAPPED	(1ULL << 62)
#define PAGEMAP_PFN	((1ULL << 55) - 1)

#endif
