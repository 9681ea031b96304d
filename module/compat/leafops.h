/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_LEAFOPS_H
#define SHARESTAT_COMPAT_LEAFOPS_H

/*
 * 6.19 has names of their own for what stands in an entry that is not present, and
 * stable releases before it one of them, as a macro.
 */
#ifdef HAVE_LEAFOPS
#include <linux/leafops.h>
#else
#include <linux/swap.h>
#include <linux/swapops.h>

#undef softleaf_from_pte
#define softleaf_t swp_entry_t

static inline softleaf_t softleaf_from_pte(pte_t pte)
{
	return pte_to_swp_entry(pte);
}

static inline softleaf_t softleaf_from_pmd(pmd_t pmd)
{
	return pmd_to_swp_entry(pmd);
}

static inline bool softleaf_is_migration(softleaf_t entry)
{
	return is_migration_entry(entry);
}

static inline bool softleaf_is_swap(softleaf_t entry)
{
	return !non_swap_entry(entry);
}
#endif

#endif /* SHARESTAT_COMPAT_LEAFOPS_H */
