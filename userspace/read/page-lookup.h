/* SPDX-License-Identifier: GPL-2.0 */
/* One page of a process, as the module sees it. */
#ifndef SHARESTAT_READ_PAGE_LOOKUP_H
#define SHARESTAT_READ_PAGE_LOOKUP_H

#include <stdint.h>
#include <sys/types.h>

#include "read/snapshot.h"
#include "uapi/sharestat.h"

/* One page of a process as the module sees it. */
struct page_facts {
	uint64_t pfn, refs, maps;
	enum sharing_class sharing;
	char pte[8];
};

/** page_lookup() - the page of @tgid at @address. Return: 0, or -1 when absent */
int page_lookup(pid_t tgid, const void *address, struct page_facts *facts);
/** page_in() - the same in a snapshot of `frames` that was already taken */
int page_in(const struct snapshot *frames, pid_t tgid, const void *address,
	    struct page_facts *facts);

#endif
