/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_PAGE_FLAGS_H
#define SHARESTAT_COMPAT_PAGE_FLAGS_H

#include <linux/page-flags.h>

#include "compat/version.h"

/* 6.12 has no PG_error: no page has it there. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define PAGE_FLAG_ERROR BIT(PG_error)
#else
#define PAGE_FLAG_ERROR 0UL
#endif

/* page->flags is a number up to 6.12 and a memdesc_flags_t in 7.3. */
static inline unsigned long page_flags_word(const struct page *page)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 3, 0)
	return READ_ONCE(page->flags);
#else
	return READ_ONCE(page->flags.f);
#endif
}

/* 5.10 has no folios: a page that is not the tail of another. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
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

#endif /* SHARESTAT_COMPAT_PAGE_FLAGS_H */
