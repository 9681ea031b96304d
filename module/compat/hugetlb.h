/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_HUGETLB_H
#define SHARESTAT_COMPAT_HUGETLB_H

#include <linux/hugetlb.h>
#include <linux/mm.h>

#include "compat/version.h"

/**
 * pmd_table_sharers() - how many address spaces have a table of PMDs beside the first
 * @pmdp: an entry of it, in a hugetlb mapping
 *
 * The count lies in the table's struct page up to 6.1, in its ptdesc in 6.12.
 *
 * Context: i_mmap_rwsem of the file, which huge_pmd_unshare() takes for writing; who
 * comes to share a table takes it for reading, so that the number may grow meanwhile.
 */
static inline unsigned int pmd_table_sharers(pmd_t *pmdp)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#ifdef CONFIG_ARCH_WANT_HUGE_PMD_SHARE
	return atomic_read(&virt_to_page(pmdp)->pt_share_count);
#endif
#else
#ifdef CONFIG_HUGETLB_PMD_PAGE_TABLE_SHARING
	return ptdesc_pmd_pts_count(virt_to_ptdesc(pmdp));
#endif
#endif
	return 0;
}

#endif /* SHARESTAT_COMPAT_HUGETLB_H */
