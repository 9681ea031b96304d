/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_PAGE_FLAGS_H
#define SHARESTAT_COMPAT_PAGE_FLAGS_H

#include <linux/page-flags.h>

/* Since 6.12 there is no PG_error: no page has it. */
#ifdef HAVE_PG_ERROR
#define PAGE_FLAG_ERROR BIT(PG_error)
#else
#define PAGE_FLAG_ERROR 0UL
#endif

/* A number up to 6.17, and since then a struct that has nothing else. */
static inline unsigned long page_flags_word(const struct page *page)
{
	BUILD_BUG_ON(sizeof(page->flags) != sizeof(unsigned long));
	return READ_ONCE(*(const unsigned long *)&page->flags);
}

/* Before 5.16 there are no folios: a page that is not the tail of another. */
#ifndef page_folio
struct folio {
	struct page page;
};

static inline struct folio *page_folio(struct page *page)
{
	return (struct folio *)compound_head(page);
}

static inline bool folio_test_anon(struct folio *folio)
{
	return PageAnon(&folio->page);
}

static inline bool folio_test_ksm(struct folio *folio)
{
	return PageKsm(&folio->page);
}

static inline bool folio_test_large(struct folio *folio)
{
	return PageHead(&folio->page);
}

static inline bool folio_test_hugetlb(struct folio *folio)
{
	return PageHuge(&folio->page);
}

static inline int folio_ref_count(struct folio *folio)
{
	return atomic_read(&folio->page._refcount);
}
#endif

/**
 * folio_is_thp() - does /proc/kpageflags call this large folio a THP?
 * @folio: large, and not of hugetlb
 *
 * A driver's compound page is none: it is on no LRU, up to 6.5 the only sign of it.
 */
static inline bool folio_is_thp(struct folio *folio)
{
#ifdef HAVE_FOLIO_LARGE_RMAPPABLE
	return folio_test_large_rmappable(folio);
#else
	return PageLRU(&folio->page) || folio_test_anon(folio);
#endif
}

#endif /* SHARESTAT_COMPAT_PAGE_FLAGS_H */
