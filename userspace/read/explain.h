/* SPDX-License-Identifier: GPL-2.0 */
/* Why a file could be opened and not be read, in the same words for all of them. */
#ifndef SHARESTAT_READ_EXPLAIN_H
#define SHARESTAT_READ_EXPLAIN_H

#include "read/parse-text.h"

/**
 * parse_explain() - says "FILE: line N: why"
 * @path: the file, as source_path() has it
 * @part: what its parts are called, which the error counts: "line", "record"
 * @error: of the parser
 * @result: what it gave: -1, or the errno of whoever took the records
 */
void parse_explain(const char *path, const char *part, const struct parse_error *error,
		   int result);

#endif
