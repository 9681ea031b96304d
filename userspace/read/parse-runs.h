/* SPDX-License-Identifier: GPL-2.0 */
/* The module's frames.bin -> structs. Pure: no file is opened, nothing printed. */
#ifndef SHARESTAT_READ_PARSE_RUNS_H
#define SHARESTAT_READ_PARSE_RUNS_H

#include "read/parse-text.h"
#include "read/records.h"
#include "read/whole-file.h"

struct bin_totals {
	uint64_t page_size;		/* known before the first run */
	uint64_t records, pages;	/* so far */
};

/**
 * parse_bin() - call back with each run of a stream
 * @in: the stream, at its first byte
 * @each: called with a run that lives until the next one; returns nonzero to stop
 * @arg: handed on
 * @totals: filled
 * @error: filled on failure; its `line` is the number of the record, from 1
 *
 * What is no header of this ABI, has a field that cannot be, or ends without
 * the end record with the right totals, is an error.
 *
 * Return: 0, what @each returned, or -1 with @error filled.
 */
int parse_bin(FILE *in, int (*each)(const struct frame_run *run, void *arg),
	      void *arg, struct bin_totals *totals, struct parse_error *error);

#endif
