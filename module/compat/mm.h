/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_MM_H
#define SHARESTAT_COMPAT_MM_H

#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "compat/page-flags.h"
#include "compat/version.h"

#ifdef CONFIG_NO_PAGE_MAPCOUNT
#error "CONFIG_NO_PAGE_MAPCOUNT: this kernel does not count the mappings that sharestat shows"
#endif

/*
 * page_mapcount() up to 6.1. In 6.12 it is fs/proc's own, under this name, and the
 * word of a mapped page may hold its type instead: that of hugetlb.
 */
static inline int folio_precise_page_mapcount(struct folio *folio, struct page *page)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	return page_mapcount(page);
#else
	int mapcount = atomic_read(&page->_mapcount) + 1;

	if (page_mapcount_is_type(mapcount))
		mapcount = 0;
	if (folio_test_large(folio))
		mapcount += folio_entire_mapcount(folio);
	return mapcount;
#endif
}

/*
 * True when all pages of a large folio have the mapcount of the whole, that
 * is when none of them is mapped by a PTE. Up to 6.1 a file THP counts each PMD
 * mapping in every page, so there the pages have to be asked one by one; in 6.12
 * a folio knows how many mappings it has of both kinds.
 */
static inline bool folio_mapped_whole(struct folio *folio)
{
	if (folio_test_hugetlb(folio))
		return true;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	return folio_test_anon(folio) && !PageDoubleMap(&folio->page);
#else
	return folio_test_large(folio) &&
	       folio_large_mapcount(folio) == folio_entire_mapcount(folio);
#endif
}

/*
 * Reference count and mapcount of a single page as one word, to be compared
 * with page_counts_word(). They are neighbours in every kernel that we know.
 */
static inline u64 page_counts(const struct page *page)
{
	BUILD_BUG_ON(offsetof(struct page, _refcount) !=
		     offsetof(struct page, _mapcount) + sizeof(page->_mapcount));
	BUILD_BUG_ON(offsetof(struct page, _mapcount) % sizeof(u64));
	return READ_ONCE(*(const u64 *)&page->_mapcount);
}

static inline u64 page_counts_word(u32 refs, u32 maps)
{
	/* The kernel counts mappings from -1 on. */
	const u32 words[2] = { maps - 1, refs };
	u64 word;

	memcpy(&word, words, sizeof(word));
	return word;
}

/*
 * In 6.12 these are counted per CPU, so that get_mm_counter() is off by some dozen
 * pages and /proc takes the sums: 6.12 has one of the names, 7.3 has both.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
static inline unsigned long get_mm_counter_sum(struct mm_struct *mm, int member)
{
	return get_mm_counter(mm, member);
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 3, 0)
static inline unsigned long get_mm_rss_sum(struct mm_struct *mm)
{
	return get_mm_counter_sum(mm, MM_FILEPAGES) +
	       get_mm_counter_sum(mm, MM_ANONPAGES) +
	       get_mm_counter_sum(mm, MM_SHMEMPAGES);
}
#endif

/*
 * Tells the address space of a task from the others that its thread group has
 * had, and from those of an earlier group of the same number. x86 numbers all
 * address spaces and never uses a number twice. arm64 does not, so there it is
 * made of when the group began and how many programs it has executed: 42 bits
 * of a hash that has no collisions within one group. What is counted in an exec,
 * between the new address space and the new number, is the old one's; accepted.
 */
static inline u64 task_mm_generation(const struct task_struct *task)
{
#ifdef CONFIG_X86_64
	return task->mm->context.ctx_id;
#else
	u64 life = task->group_leader->start_boottime + task->self_exec_id;

	return life * GOLDEN_RATIO_64 >> 22;
#endif
}

/*
 * Why an address space does not say which CPUs have it loaded, or which
 * generation its page tables are of: NULL, or a word. arm64 broadcasts its
 * flushes, so it keeps neither.
 */
#ifdef CONFIG_X86_64
#define WHY_NO_MM_CPUMASK NULL
#define WHY_NO_TLB_GEN NULL
static inline u64 mm_tlb_gen(struct mm_struct *mm)
{
	return atomic64_read(&mm->context.tlb_gen);
}
#else
#define WHY_NO_MM_CPUMASK "flushes_are_broadcast"
#define WHY_NO_TLB_GEN "flushes_are_broadcast"
static inline u64 mm_tlb_gen(struct mm_struct *mm)
{
	return 0;
}
#endif

#endif /* SHARESTAT_COMPAT_MM_H */
