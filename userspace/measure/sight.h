/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What experiments see tasks and pages with: the module, or without it the witnesses,
 * /proc and kcmp(2). The records are the same; which it is, is decided here alone.
 */
#ifndef SHARESTAT_MEASURE_SIGHT_H
#define SHARESTAT_MEASURE_SIGHT_H

#include "read/page-lookup.h"
#include "read/snapshot.h"

/* What may be out of sight. */
enum sight {
	SEE_OBJECTS,	/* which tasks have one mm, one table of files ...: ids */
	SEE_FRAMES,	/* on which frame a page is, and how often that is mapped */
	SEE_MODULE,	/* what nobody else knows: sharing classes, writable entries */
};

/**
 * sight_lacks() - can this be seen here
 * @what: of the things above
 *
 * Return: NULL when it can, and always with the module; else why not.
 */
const char *sight_lacks(enum sight what);

/**
 * sight_read() - tasks, vmas or frames, as snapshot_read() gives them
 * @snapshot: filled; free it with snapshot_free()
 * @format: which
 * @tgids: for vmas and frames: the thread groups wanted
 * @count: how many
 *
 * Without the module tasks are those of the calling process and of its descendants, and
 * whatever /proc does not know is 0, "" or ABSENT.
 *
 * Return: 0, or -1 when it cannot be read.
 */
int sight_read(struct snapshot *snapshot, const struct format *format, const pid_t *tgids,
	       size_t count);

/** sight_page() - the page of @tgid at @address. Return: 0, or -1 when absent */
int sight_page(pid_t tgid, const void *address, struct page_facts *facts);

#endif
