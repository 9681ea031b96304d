/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_PGTABLE_H
#define SHARESTAT_COMPAT_PGTABLE_H

#include <linux/pgtable.h>
#include <xen/xen.h>

#include "compat/version.h"

/* pmd_read_atomic() up to 6.1. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
static inline pmd_t pmdp_get_lockless(pmd_t *pmdp)
{
	return pmd_read_atomic(pmdp);
}
#endif

/* Up to 6.12; in 7.3 device pages are ordinary ones. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
static inline bool pte_devmap(pte_t pte)
{
	return false;
}
#endif

/**
 * pte_word() - a page-table entry as it lies in memory
 * @ptep: the entry
 *
 * pte_val() is a call on kernels with paravirtualization, even where there is none.
 */
static __always_inline pteval_t pte_word(const pte_t *ptep)
{
	return READ_ONCE(ptep->pte);
}

/**
 * pte_words_hold_pfns() - does pte_word() hold the frame number that pte_pfn() says?
 *
 * A paravirtualized Xen guest has the frame numbers of the machine in its tables.
 */
static inline bool pte_words_hold_pfns(void)
{
	return !xen_pv_domain();
}

/* arm64 says what the user and what the kernel may execute. */
#ifdef CONFIG_ARM64
static inline bool pte_exec(pte_t pte)
{
	return pte_user_exec(pte);
}
#endif

#endif /* SHARESTAT_COMPAT_PGTABLE_H */
