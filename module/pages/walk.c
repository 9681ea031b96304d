// SPDX-License-Identifier: GPL-2.0
/*
 * The page-table walk: a chunk of an address space in, runs of mappings out.
 *
 * walk_page_range() is not exported, so this walks by hand, and only inside of VMAs that
 * it found under mmap_lock: tables of a mapped range are freed by nobody but khugepaged
 * (and, in later kernels, MADV_DONTNEED), which takes the page-table lock and frees by
 * RCU. Hence each PMD is read once under RCU, and checked again under its lock.
 *
 * Accepted race: frames are looked at under the page-table lock of one mapping and not
 * pinned. Another address space may map or unmap the same frame meanwhile, so refs and
 * maps of one run may be of slightly different moments.
 */
#include <linux/hugetlb.h>
#include <linux/ktime.h>
#include <linux/mm.h>

#include "compat/hugetlb.h"
#include "compat/leafops.h"
#include "compat/mm.h"
#include "compat/page-flags.h"
#include "compat/pgtable.h"
#include "pages/pages.h"

static void flush_run(struct walk *walk)
{
	if (!walk->run.pages)
		return;
	if (!walk->ops->run(walk, &walk->run))
		walk->stop = true;
	walk->run.pages = 0;
}

static bool same_attributes(const struct mapping_run *a, const struct mapping_run *b)
{
	return a->refs == b->refs && a->maps == b->maps && a->flags == b->flags &&
	       a->pte == b->pte && a->kind == b->kind;
}

/* Mappings without a frame have no neighbours: their pfn says nothing. */
static bool continues(const struct mapping_run *run, const struct mapping_run *next)
{
	return run->pages && next->va == run->va + (run->pages << PAGE_SHIFT) &&
	       (next->pfn == run->pfn + run->pages ||
		((next->kind & FRAME_ZERO) && !(next->kind & FRAME_LARGE) &&
		 next->pfn == run->pfn)) &&
	       same_attributes(run, next);
}

static __always_inline void add_run(struct walk *walk, const struct mapping_run *next)
{
	if (continues(&walk->run, next)) {
		walk->run.pages += next->pages;
		return;
	}
	flush_run(walk);
	walk->run = *next;
}

static unsigned int large_kind(struct folio *folio)
{
	if (folio_test_hugetlb(folio))
		return FRAME_LARGE | FRAME_HUGETLB;
	return folio_is_thp(folio) ? FRAME_LARGE : 0;
}

static __always_inline void read_frame(struct mapping_run *next, struct page *page)
{
	struct folio *folio = page_folio(page);

	next->flags = shown_flags(page_flags_word(&folio->page));
	next->refs = folio_ref_count(folio);
	next->maps = frame_maps(folio, page);
	if (folio_test_anon(folio))
		next->kind |= folio_test_ksm(folio) ? FRAME_ANON | FRAME_KSM : FRAME_ANON;
	if (unlikely(folio_test_large(folio)))
		next->kind |= large_kind(folio);
}

/*
 * PROT_NONE has no bit against execution. pte_protnone() knows it, and the hints of
 * NUMA balancing, but only in kernels with NUMA balancing, so not with PREEMPT_RT.
 */
static __always_inline bool executable(const struct vm_area_struct *vma, pte_t pte)
{
	return pte_exec(pte) && !pte_protnone(pte) &&
	       (vma->vm_flags & VM_ACCESS_FLAGS);
}

static __always_inline u8 pte_bits(const struct vm_area_struct *vma, pte_t pte)
{
	return (pte_write(pte) ? SHARESTAT_PTE_WRITE : 0) |
	       (executable(vma, pte) ? SHARESTAT_PTE_EXEC : 0) |
	       (pte_dirty(pte) ? SHARESTAT_PTE_DIRTY : 0) |
	       (pte_young(pte) ? SHARESTAT_PTE_YOUNG : 0);
}

/*
 * As vm_normal_page() decides, by the entry alone: a page that was copied on write is
 * a normal one in a VMA of frame numbers, too.
 */
static __always_inline bool has_frame(pte_t pte)
{
	BUILD_BUG_ON(!IS_ENABLED(CONFIG_ARCH_HAS_PTE_SPECIAL));
	return !pte_special(pte) && !pte_devmap(pte);
}

static void add_nonpresent(struct walk *walk, softleaf_t entry, unsigned long pages)
{
	bool migration = softleaf_is_migration(entry);

	/* Markers, poisoned and device-private pages are neither. */
	if (walk->ops->nonpresent && (migration || softleaf_is_swap(entry)))
		walk->ops->nonpresent(walk, migration, pages);
}

/* Of one large entry. Return: where it ends. */
static unsigned long skip_nonpresent(struct walk *walk, softleaf_t entry, unsigned long va,
				     unsigned long end)
{
	add_nonpresent(walk, entry, (end - va) >> PAGE_SHIFT);
	return end;
}

static __always_inline void add_pte(struct walk *walk, const struct vm_area_struct *vma,
				    unsigned long va, pte_t pte)
{
	struct mapping_run next = {
		.va = va, .pfn = pte_pfn(pte), .pages = 1, .pte = pte_bits(vma, pte),
	};

	if (is_zero_pfn(next.pfn)) {
		next.kind = FRAME_ZERO;
		next.pte |= SHARESTAT_PTE_SPECIAL;
	} else if (!has_frame(pte)) {
		next.kind = FRAME_NONE;
		next.pte |= SHARESTAT_PTE_SPECIAL;
	} else {
		read_frame(&next, pfn_to_page(next.pfn));
	}
	add_run(walk, &next);
}

/* With PG_swapcache, whatever it means here: then it is in no run's flags, and nothing folds. */
#define SAME_FLAGS (SHOWN_FLAGS | BIT(PG_head))

/* A page-table entry and its page, as the words that lie in memory. */
struct page_words {
	pteval_t pte;
	unsigned long flags;
	const void *mapping;
	u64 counts;
};

/* Are those of the page @n further on the same, and its frame @n further on? */
static __always_inline bool same_words(const struct page_words *words, const pte_t *ptep,
				       const struct page *page, unsigned long n)
{
	return pte_word(ptep + n) == words->pte + n * PAGE_SIZE &&
	       (page_flags_word(page + n) & SAME_FLAGS) == words->flags &&
	       READ_ONCE(page[n].mapping) == words->mapping &&
	       page_counts(page + n) == words->counts;
}

/*
 * How many of the @most entries behind @ptep go on with the run that ends with
 * it; @pte is what was read there, since the processor may have set bits meanwhile.
 * This is where the time goes, so it compares words of memory with those of the
 * last page, without working out what they mean. Only for single pages: those of
 * a large folio have their facts elsewhere, and a tail page never is up to date.
 */
static unsigned long count_batch(const struct mapping_run *run, pte_t pte,
				 const pte_t *ptep, unsigned long most)
{
	const struct page *page = pfn_to_page(run->pfn + run->pages - 1);
	struct page_words words;
	unsigned long n = 1;

	/* Before any look at the page: that of a device's frame may not be there. */
	if (run->kind & ~(FRAME_ANON | FRAME_KSM))
		return 0;
	words = (struct page_words) {
		.pte = pte_val(pte),
		.flags = page_flags_word(page) & SAME_FLAGS,
		.mapping = READ_ONCE(page->mapping),
		.counts = page_counts_word(run->refs, run->maps),
	};
	if (!(words.flags & BIT(PG_uptodate)))
		return 0;
	/* The facts may have changed since they were noted; then do not fold. */
	if (words.flags != run->flags || page_counts(page) != words.counts)
		return 0;
	/* Some entries hold the frame number inverted (x86, PROT_NONE). */
	if (!pte_words_hold_pfns() ||
	    pte_pfn(__pte(words.pte + PAGE_SIZE)) != run->pfn + run->pages)
		return 0;
	/* Four at a time: for one at a time, a quarter would go into the loop. */
	while (n + 3 <= most && same_words(&words, ptep, page, n) &&
	       same_words(&words, ptep, page, n + 1) &&
	       same_words(&words, ptep, page, n + 2) &&
	       same_words(&words, ptep, page, n + 3))
		n += 4;
	while (n <= most && same_words(&words, ptep, page, n))
		n++;
	return n - 1;
}

/* Return: where it stopped. */
static unsigned long walk_ptes(struct walk *walk, struct vm_area_struct *vma,
			       pte_t *ptep, unsigned long va, unsigned long end)
{
	bool empty = end - va == PMD_SIZE;	/* the whole table, and nothing in it */

	walk->budget -= (end - va) >> PAGE_SHIFT;
	for (; va < end && !walk->stop; va += PAGE_SIZE, ptep++) {
		pte_t pte = ptep_get(ptep);
		unsigned long more;

		if (pte_none(pte))
			continue;
		empty = false;
		if (!pte_present(pte)) {
			add_nonpresent(walk, softleaf_from_pte(pte), 1);
			continue;
		}
		add_pte(walk, vma, va, pte);
		more = count_batch(&walk->run, pte, ptep, ((end - va) >> PAGE_SHIFT) - 1);
		walk->run.pages += more;
		va += more << PAGE_SHIFT;
		ptep += more;
	}
	if (empty && va == end && walk->ops->empty_table)
		walk->ops->empty_table(walk);
	return va;
}

/*
 * A huge mapping, of a THP or of hugetlb: one run when the folio is mapped only
 * as a whole, else page by page, since each may have mappings of its own. @sharers
 * others map it by the same entry.
 */
static unsigned long walk_leaf(struct walk *walk, struct mapping_run leaf,
			       unsigned int sharers, unsigned long end)
{
	struct page *page = pfn_to_page(leaf.pfn);

	if (!(leaf.kind & (FRAME_NONE | FRAME_ZERO)) && !folio_mapped_whole(page_folio(page))) {
		leaf.pages = 1;
		walk->budget -= (end - leaf.va) >> PAGE_SHIFT;
		for (; leaf.va < end && !walk->stop; leaf.va += PAGE_SIZE, leaf.pfn++, page++) {
			leaf.kind = 0;
			read_frame(&leaf, page);
			add_run(walk, &leaf);
		}
		return leaf.va;
	}
	leaf.pages = (end - leaf.va) >> PAGE_SHIFT;
	if (!(leaf.kind & (FRAME_NONE | FRAME_ZERO)))
		read_frame(&leaf, page);
	leaf.maps += sharers;
	add_run(walk, &leaf);
	return end;
}

/* A huge entry that drivers make: has it no frame that we may look at? */
static bool is_frameless(const struct vm_area_struct *vma, bool special, unsigned long pfn)
{
	return special || (vma->vm_flags & VM_PFNMAP) ||
	       ((vma->vm_flags & VM_MIXEDMAP) && !pfn_valid(pfn));
}

/*
 * As vm_normal_page_pmd() decides. The huge zero page is no folio of anybody's, and its
 * symbol is not exported: it lies in anonymous memory and in the holes of DAX files.
 */
static unsigned int pmd_kind(struct vm_area_struct *vma, pmd_t pmd)
{
	bool zero;

	if (is_vm_hugetlb_page(vma))
		return 0;
	if (pmd_devmap(pmd))
		return FRAME_NONE;
	if (vma_is_anonymous(vma))
		zero = !PageAnon(pfn_to_page(pmd_pfn(pmd)));
	else
		zero = vma_is_dax(vma) && dax_pmd_is_hole(pmd);
	if (zero)
		return FRAME_ZERO | FRAME_LARGE;
	return is_frameless(vma, pmd_special(pmd), pmd_pfn(pmd)) ? FRAME_NONE : 0;
}

static unsigned int pud_kind(struct vm_area_struct *vma, pud_t pud)
{
	if (is_vm_hugetlb_page(vma))
		return 0;
	return is_frameless(vma, pud_special(pud) || pud_devmap(pud), pud_pfn(pud)) ?
	       FRAME_NONE : 0;
}

/*
 * Address spaces that map whole PUDs of a hugetlb file may have the table below in
 * common. Each entry of it is one mapping to the frame, and as many as have the table
 * to us.
 */
static unsigned int table_sharers(struct vm_area_struct *vma, pmd_t *pmdp)
{
	return is_vm_hugetlb_page(vma) ? pmd_table_sharers(pmdp) : 0;
}

static unsigned long walk_pmd_leaf(struct walk *walk, struct vm_area_struct *vma, pmd_t *pmdp,
				   pmd_t pmd, unsigned long va, unsigned long end)
{
	unsigned int sharers = table_sharers(vma, pmdp);
	struct mapping_run leaf = {
		.va = va,
		.pfn = pmd_pfn(pmd) + ((va & ~PMD_MASK) >> PAGE_SHIFT),
		.pte = pte_bits(vma, __pte(pmd_val(pmd))) | SHARESTAT_PTE_PMD |
		       (sharers ? SHARESTAT_PTE_TABLE : 0),
		.kind = pmd_kind(vma, pmd),
	};

	return walk_leaf(walk, leaf, sharers, end);
}

static unsigned long walk_pud_leaf(struct walk *walk, struct vm_area_struct *vma,
				   pud_t pud, unsigned long va, unsigned long end)
{
	struct mapping_run leaf = {
		.va = va,
		.pfn = pud_pfn(pud) + ((va & ~PUD_MASK) >> PAGE_SHIFT),
		.pte = pte_bits(vma, __pte(pud_val(pud))) | SHARESTAT_PTE_PUD,
		.kind = pud_kind(vma, pud),
	};

	return walk_leaf(walk, leaf, 0, end);
}

/*
 * The lock of a table, or of the entry that is a leaf. Of hugetlb that of the folio's
 * size: up to 6.1 one that an arm64 entry of several PTEs or PMDs has is the mm's.
 */
static spinlock_t *lock_of(struct vm_area_struct *vma, pmd_t *pmdp, pmd_t *pmd,
			   unsigned long va)
{
	bool leaf = pmd_leaf(*pmd);

	if (is_vm_hugetlb_page(vma))
		return huge_pte_lockptr(hstate_vma(vma), vma->vm_mm,
					leaf ? (pte_t *)pmdp : pte_offset_kernel(pmd, va));
	return leaf ? pmd_lockptr(vma->vm_mm, pmdp) : pte_lockptr(vma->vm_mm, pmd);
}

/* Inside one PMD entry, under RCU. Return: where it stopped. */
static unsigned long walk_pmd(struct walk *walk, struct vm_area_struct *vma,
			      pmd_t *pmdp, unsigned long va, unsigned long end)
{
	spinlock_t *ptl;	/* of the table, or of the entry that is a leaf */
	pmd_t pmd;

again:
	pmd = pmdp_get_lockless(pmdp);
	if (pmd_none(pmd))
		return end;
	if (!pmd_present(pmd))
		return skip_nonpresent(walk, softleaf_from_pmd(pmd), va, end);
	if (!pmd_leaf(pmd) && pmd_bad(pmd))
		return end;
	/* Of the local copy: *pmdp may point elsewhere by now. */
	ptl = lock_of(vma, pmdp, &pmd, va);
	spin_lock(ptl);
	if (unlikely(!pmd_same(pmd, pmdp_get_lockless(pmdp)))) {
		spin_unlock(ptl);
		goto again;
	}
	if (pmd_leaf(pmd))
		va = walk_pmd_leaf(walk, vma, pmdp, pmd, va, end);
	else
		va = walk_ptes(walk, vma, pte_offset_kernel(&pmd, va), va, end);
	spin_unlock(ptl);
	return va;
}

static unsigned long walk_pud(struct walk *walk, struct vm_area_struct *vma,
			      pud_t *pudp, unsigned long va, unsigned long end)
{
	spinlock_t *ptl = pud_lock(vma->vm_mm, pudp);
	pud_t pud = READ_ONCE(*pudp);

	/* When it was split meanwhile, nothing moves and the caller comes again. */
	if (pud_present(pud) && pud_leaf(pud))
		va = walk_pud_leaf(walk, vma, pud, va, end);
	spin_unlock(ptl);
	return va;
}

/*
 * An entry of hugetlb on this level, which is a leaf or says what will be there.
 * Judged as hugetlb does, as a PTE: on x86 pud_present() knows no PROT_NONE.
 */
static unsigned long walk_gigantic(struct walk *walk, struct vm_area_struct *vma,
				   pud_t *pudp, unsigned long va, unsigned long end)
{
	spinlock_t *ptl = pud_lock(vma->vm_mm, pudp);
	pud_t pud = READ_ONCE(*pudp);
	pte_t pte = __pte(pud_val(pud));

	if (pte_none(pte))
		va = end;
	else if (pte_present(pte))
		va = walk_pud_leaf(walk, vma, pud, va, end);
	else
		va = skip_nonpresent(walk, softleaf_from_pte(pte), va, end);
	spin_unlock(ptl);
	return va;
}

static bool is_gigantic(struct vm_area_struct *vma)
{
	return is_vm_hugetlb_page(vma) && huge_page_size(hstate_vma(vma)) >= PUD_SIZE;
}

/*
 * The rest of one PMD entry, or of a larger hole or leaf. Return: where it
 * stopped. Upper levels are freed only with all VMAs below them gone, which
 * takes mmap_lock for writing or detaches those VMAs before.
 */
static unsigned long walk_step(struct walk *walk, struct vm_area_struct *vma,
			       unsigned long va, unsigned long end)
{
	pgd_t *pgd = pgd_offset(vma->vm_mm, va);
	unsigned long next = pgd_addr_end(va, end);
	p4d_t *p4d;
	pud_t *pudp, pud;

	if (pgd_none(*pgd) || pgd_bad(*pgd))
		return next;
	p4d = p4d_offset(pgd, va);
	next = p4d_addr_end(va, next);
	if (p4d_none(*p4d) || p4d_bad(*p4d))
		return next;
	pudp = pud_offset(p4d, va);
	next = pud_addr_end(va, next);
	if (is_gigantic(vma))
		return walk_gigantic(walk, vma, pudp, va, next);
	pud = READ_ONCE(*pudp);
	if (pud_none(pud) || !pud_present(pud))
		return next;
	if (pud_leaf(pud))
		return walk_pud(walk, vma, pudp, va, next);
	if (pud_bad(pud))
		return next;
	return walk_pmd(walk, vma, pmd_offset_lockless(pudp, pud, va), va, pmd_addr_end(va, next));
}

/* The rest of a VMA, from walk->next on. */
static void walk_vma(struct walk *walk, struct vm_area_struct *vma)
{
	/* Keeps huge_pmd_unshare() away from tables that hugetlb shares. */
	bool hugetlb = is_vm_hugetlb_page(vma);

	if (hugetlb)
		i_mmap_lock_read(vma->vm_file->f_mapping);
	while (walk->next < vma->vm_end && !walk->stop) {
		rcu_read_lock();
		walk->next = walk_step(walk, vma, walk->next, vma->vm_end);
		rcu_read_unlock();
		if (--walk->budget <= 0 || mmap_lock_is_contended(walk->mm))
			walk->stop = true;
		cond_resched();
	}
	flush_run(walk);
	if (hugetlb)
		i_mmap_unlock_read(vma->vm_file->f_mapping);
}

int walk_chunk(struct walk *walk)
{
	struct vm_area_struct *vma;
	u64 since;
	int ret;

	ret = mmap_read_lock_killable(walk->mm);
	if (ret)
		return ret;
	since = ktime_get_ns();
	walk->budget = WALK_BUDGET;
	walk->stop = false;
	while ((vma = find_vma(walk->mm, walk->next))) {
		walk->next = max(walk->next, vma->vm_start);
		if (!walk->ops->vma(walk, vma))
			break;
		walk_vma(walk, vma);
		if (walk->stop)
			break;
	}
	walk->held = ktime_get_ns() - since;
	mmap_read_unlock(walk->mm);
	return vma ? 1 : 0;
}
