/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_PGTABLE_H
#define SHARESTAT_COMPAT_PGTABLE_H

#include <linux/mm.h>
#ifdef HAVE_LINUX_PGTABLE
#include <linux/pgtable.h>
#else
#include <asm/pgtable.h>
#endif
#include <xen/xen.h>

/* Before 5.8. */
#ifndef HAVE_PTEP_GET
static inline pte_t ptep_get(pte_t *ptep)
{
	return READ_ONCE(*ptep);
}
#endif

/* Before 5.10. */
#ifndef pmd_offset_lockless
#define pmd_offset_lockless(pudp, pud, va) pmd_offset(&(pud), va)
#endif

/* pmd_read_atomic() up to 6.1. */
#ifndef HAVE_PMDP_GET_LOCKLESS
static inline pmd_t pmdp_get_lockless(pmd_t *pmdp)
{
	return pmd_read_atomic(pmdp);
}
#endif

/* Up to 6.16; since then device pages are ordinary ones. */
#ifndef HAVE_PTE_DEVMAP
static inline bool pte_devmap(pte_t pte)
{
	return false;
}

static inline bool pmd_devmap(pmd_t pmd)
{
	return false;
}

static inline bool pud_devmap(pud_t pud)
{
	return false;
}
#endif

/* Up to 6.11 a huge entry cannot say that it has no struct page. */
#ifndef HAVE_PMD_SPECIAL
static inline bool pmd_special(pmd_t pmd)
{
	return false;
}

static inline bool pud_special(pud_t pud)
{
	return false;
}
#endif

/**
 * dax_pmd_is_hole() - does an entry that is no device page map the page of zeros?
 * @pmd: of a DAX mapping, pmd_devmap() is false
 *
 * With pmd_devmap() it can map nothing else; since device pages are ordinary ones, the
 * entry of the huge zero page is special.
 */
static inline bool dax_pmd_is_hole(pmd_t pmd)
{
#ifdef HAVE_PTE_DEVMAP
	return true;
#else
	return pmd_special(pmd);
#endif
}

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
