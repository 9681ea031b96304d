/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/PID/pagemap and /proc/kpagecount. */
#ifndef SHARESTAT_WITNESS_PAGEMAP_H
#define SHARESTAT_WITNESS_PAGEMAP_H

#include <stdint.h>
#include <sys/types.h>

/** pagemap_pfn() - the witness: the same from /proc/PID/pagemap, 0 when absent */
uint64_t pagemap_pfn(pid_t pid, const void *address);
/** kpagecount() - the witness for maps, from /proc/kpagecount */
uint64_t kpagecount(uint64_t pfn);

#endif
