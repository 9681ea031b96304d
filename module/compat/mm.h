/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_MM_H
#define SHARESTAT_COMPAT_MM_H

#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/percpu_counter.h>
#include <linux/sched.h>

#include "compat/page-flags.h"

#ifdef CONFIG_NO_PAGE_MAPCOUNT
#define REASON_NO_PAGE_MAPCOUNT "average_of_a_large_folio"
#else
#define REASON_NO_PAGE_MAPCOUNT NULL
#endif

/* The word of a mapped page may hold its type instead: since 6.11 that of hugetlb. */
#if defined(HAVE_PAGE_MAPCOUNT_IS_TYPE)
#define MAPCOUNT_IS_TYPE(mapcount) page_mapcount_is_type(mapcount)
#elif defined(HAVE_PAGE_MAPCOUNT_RESERVE)
#define MAPCOUNT_IS_TYPE(mapcount) ((mapcount) < PAGE_MAPCOUNT_RESERVE + 1)
#elif !defined(HAVE_PAGE_MAPCOUNT)
#error "This kernel counts the mappings of a page in a way that sharestat does not know"
#endif

/**
 * frame_maps() - how many mappings a page has
 * @folio: the one of @page
 * @page: the page
 *
 * page_mapcount() up to 6.10, and since then fs/proc's folio_precise_page_mapcount(), or
 * with CONFIG_NO_PAGE_MAPCOUNT its folio_average_page_mapcount().
 */
static inline int frame_maps(struct folio *folio, struct page *page)
{
#if defined(CONFIG_NO_PAGE_MAPCOUNT)
	int mapcount, entire;

	if (!folio_test_large(folio))
		return atomic_read(&folio->_mapcount) + 1;
	mapcount = folio_large_mapcount(folio);
	entire = folio_entire_mapcount(folio);
	if (mapcount <= 0 || mapcount <= entire)
		return mapcount <= 0 ? 0 : entire;
	mapcount = (mapcount - entire + folio_nr_pages(folio) / 2) >> folio_order(folio);
	return max(mapcount + entire, 1);
#elif defined(HAVE_PAGE_MAPCOUNT)
	return page_mapcount(page);
#else
	int mapcount = atomic_read(&page->_mapcount) + 1;

	if (MAPCOUNT_IS_TYPE(mapcount))
		mapcount = 0;
	if (folio_test_large(folio))
		mapcount += folio_entire_mapcount(folio);
	return mapcount;
#endif
}

/*
 * True when all pages of a large folio have the mapcount of the whole, that
 * is when none of them is mapped by a PTE. Up to 6.1 a file THP counts each PMD
 * mapping in every page, so there the pages have to be asked one by one; since 6.10
 * a folio knows how many mappings it has of both kinds, and between them nobody does.
 */
static inline bool folio_mapped_whole(struct folio *folio)
{
	if (folio_test_hugetlb(folio))
		return true;
#if defined(CONFIG_NO_PAGE_MAPCOUNT)
	return folio_test_large(folio);
#elif defined(HAVE_FOLIO_LARGE_MAPCOUNT)
	return folio_test_large(folio) &&
	       folio_large_mapcount(folio) == folio_entire_mapcount(folio);
#elif defined(HAVE_PAGE_DOUBLE_MAP)
	return folio_test_anon(folio) && !PageDoubleMap(&folio->page);
#else
	return false;
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

/* Up to 6.5 what only touches the heap has its name, too. */
#ifndef HAVE_VMA_IS_INITIAL_HEAP
static inline bool vma_is_initial_heap(const struct vm_area_struct *vma)
{
	return vma->vm_start <= vma->vm_mm->brk && vma->vm_end >= vma->vm_mm->start_brk;
}
#endif

/*
 * Since 6.2 these are counted per CPU, so that get_mm_counter() is off by some dozen
 * pages a CPU; the sums have a name since 6.16, with which /proc takes them, too. Of
 * another type this is an error.
 */
#ifndef HAVE_GET_MM_COUNTER_SUM
static inline unsigned long get_mm_counter_sum(struct mm_struct *mm, int member)
{
	struct percpu_counter *first = (void *)&mm->rss_stat;

	return _Generic(&mm->rss_stat,
			struct mm_rss_stat *: get_mm_counter(mm, member),
			struct percpu_counter (*)[NR_MM_COUNTERS]:
				percpu_counter_sum_positive(first + member));
}
#endif

/*
 * Of the calling task's own address space, exactly when it has no other thread: up to 6.1
 * each thread keeps what it has counted lately.
 */
static inline long own_mm_counter(int member)
{
#ifdef SPLIT_RSS_COUNTING
	return atomic_long_read(&current->mm->rss_stat.count[member]) +
	       current->rss_stat.count[member];
#else
	return get_mm_counter_sum(current->mm, member);
#endif
}

#ifndef HAVE_GET_MM_RSS_SUM
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
#define REASON_NO_MM_CPUMASK NULL
#define REASON_NO_TLB_GEN NULL
static inline u64 mm_tlb_gen(struct mm_struct *mm)
{
	return atomic64_read(&mm->context.tlb_gen);
}
#else
#define REASON_NO_MM_CPUMASK "flushes_are_broadcast"
#define REASON_NO_TLB_GEN "flushes_are_broadcast"
static inline u64 mm_tlb_gen(struct mm_struct *mm)
{
	return 0;
}
#endif

#endif /* SHARESTAT_COMPAT_MM_H */
