/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_HUGETLB_H
#define SHARESTAT_COMPAT_HUGETLB_H

#include <linux/hugetlb.h>
#include <linux/mm.h>

#if defined(CONFIG_HUGETLB_PMD_PAGE_TABLE_SHARING) || \
	(defined(CONFIG_ARCH_WANT_HUGE_PMD_SHARE) && defined(CONFIG_HUGETLB_PAGE))
#define PMD_TABLES_ARE_SHARED
#endif

/**
 * pmd_table_sharers() - how many address spaces have a table of PMDs beside the first
 * @pmdp: an entry of it, in a hugetlb mapping
 *
 * The count lies in the table's ptdesc, before there was one in its struct page, and before
 * stable releases of 2025 a sharer is a reference to that page.
 *
 * Context: i_mmap_rwsem of the file, which huge_pmd_unshare() takes for writing; who
 * comes to share a table takes it for reading, so that the number may grow meanwhile.
 */
static inline unsigned int pmd_table_sharers(pmd_t *pmdp)
{
#if !defined(PMD_TABLES_ARE_SHARED)
	return 0;
#elif defined(HAVE_PTDESC_PMD_PTS_COUNT)
	return ptdesc_pmd_pts_count(virt_to_ptdesc(pmdp));
#elif defined(HAVE_PT_SHARE_COUNT)
	return atomic_read(&virt_to_page(pmdp)->pt_share_count);
#else
	return page_count(virt_to_page(pmdp)) - 1;
#endif
}

#endif /* SHARESTAT_COMPAT_HUGETLB_H */
