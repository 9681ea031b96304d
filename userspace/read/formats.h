/* SPDX-License-Identifier: GPL-2.0 */
/* Which files the module has: their columns. */
#ifndef SHARESTAT_READ_FORMATS_H
#define SHARESTAT_READ_FORMATS_H

#include <stddef.h>

/* One per file; `size` is that of the record. */
struct format {
	const char *file;
	size_t size;
	const struct field *fields;
	size_t nfields;
};

extern const struct format format_tasks, format_mms, format_vmas,
	format_frames, format_switches, format_latency, format_tlb,
	format_births, format_switches_mms, format_tlb_mms, format_births_mms,
	format_version, format_enable;

/** format_field() - the column of a file by its name, or NULL */
const struct field *format_field(const struct format *format, const char *name);

#endif
