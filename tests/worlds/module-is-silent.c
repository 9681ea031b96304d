// SPDX-License-Identifier: GPL-2.0
/* The module's files of tasks and pages cannot be read. */
#include "read/formats.h"
#include "read/page-lookup.h"
#include "read/snapshot.h"
#include "world.h"

int __wrap_snapshot_read(struct snapshot *snapshot, const struct format *format,
			 const pid_t *tgids, size_t count)
{
	if (format == &format_tasks || format == &format_frames || format == &format_vmas)
		return -1;
	return __real_snapshot_read(snapshot, format, tgids, count);
}

int __wrap_page_lookup(pid_t tgid, const void *address, struct page_facts *facts)
{
	(void)tgid;
	(void)address;
	(void)facts;
	return -1;
}
