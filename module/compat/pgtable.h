/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_PGTABLE_H
#define SHARESTAT_COMPAT_PGTABLE_H

#include <linux/pgtable.h>

#include "compat/version.h"

/* Renamed in 6.5; pmd_read_atomic() before. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
static inline pmd_t pmdp_get_lockless(pmd_t *pmdp)
{
	return pmd_read_atomic(pmdp);
}
#endif

/* Device pages became ordinary ones: 6.12 has the test, 7.3 does not. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
static inline bool pte_devmap(pte_t pte)
{
	return false;
}
#endif

#endif /* SHARESTAT_COMPAT_PGTABLE_H */
