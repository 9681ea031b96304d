/* SPDX-License-Identifier: GPL-2.0 */
/* The size of a page of the guest, known when a test is compiled. */
#ifndef WORKLOAD_PAGE_H
#define WORKLOAD_PAGE_H

/* tests/lab/make says another size for a kernel that has one. */
#ifndef PAGE_BYTES
#define PAGE_BYTES 4096
#endif
#define PAGE ((unsigned long)PAGE_BYTES)
#define HUGE_PAGES (PAGE_BYTES / 8)	/* what one table of entries of 8 bytes maps */
#define HUGE_SIZE (HUGE_PAGES * PAGE)

#endif
