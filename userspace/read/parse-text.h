/* SPDX-License-Identifier: GPL-2.0 */
/* The module's text -> records. Pure: no file is opened, nothing is printed. */
#ifndef SHARESTAT_READ_PARSE_TEXT_H
#define SHARESTAT_READ_PARSE_TEXT_H

#include <stdio.h>
#include "read/formats.h"

/* Where and why a file could not be read; `line` counts from 1. */
struct parse_error {
	unsigned long line;
	char why[160];
};

/**
 * parse_file() - call back with each record of a stream
 * @in: the stream, at its first line
 * @format: which file this is; line 1 must name it and an ABI we know
 * @each: called with a record that lives until the next one; returns nonzero
 *	to stop. Strings owned by the record (vma name) are freed by the parser;
 *	who keeps a copy of the record calls record_own() on it.
 * @arg: handed on
 * @error: filled on failure
 *
 * Columns are found by the names in line 2, unknown ones are passed over, a
 * missing one is an error, as is every malformed or truncated line.
 *
 * Return: 0, what @each returned, or -1 with @error filled.
 */
int parse_file(FILE *in, const struct format *format,
	       int (*each)(const void *record, void *arg), void *arg,
	       struct parse_error *error);

#endif
