/* SPDX-License-Identifier: GPL-2.0 */
/* What machine this is, as far as it changes what figures mean. */
#ifndef SHARESTAT_MACHINE_H
#define SHARESTAT_MACHINE_H

#include <linux/types.h>

/**
 * machine_kind() - "emulated", "virtual" or "metal"
 */
const char *machine_kind(void);
bool machine_has_pcid(void);
bool machine_has_pti(void);

/**
 * machine_pgtable_levels() - levels of the page tables of processes, without folded ones
 *
 * Context: a process with an address space, such as a reader. Locks: none.
 */
unsigned int machine_pgtable_levels(void);

#endif /* SHARESTAT_MACHINE_H */
