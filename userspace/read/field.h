/* SPDX-License-Identifier: GPL-2.0 */
/* How a column of a file is read into a record: between formats.c and parse-text.c. */
#ifndef SHARESTAT_READ_FIELD_H
#define SHARESTAT_READ_FIELD_H

#include <stdbool.h>
#include <stddef.h>

enum field_kind {
	FIELD_NUMBER,	/* decimal; pid_t, unsigned int or uint64_t */
	FIELD_HEX,	/* hexadecimal without 0x */
	FIELD_ID,	/* object_id; 0 when absent */
	FIELD_CHOICE,	/* a word of a list: its index, an enum */
	FIELD_WORD,	/* char array; "" for "-" */
	FIELD_LIST,	/* char *, owned; "" for "-" */
	FIELD_NAME,	/* char array, unescaped, made valid UTF-8; may be empty */
	FIELD_PATH,	/* char *, owned, unescaped, made valid UTF-8 */
	FIELD_REST,	/* char array: the rest of the line, with its spaces */
	FIELD_PROBE,	/* struct probe_record */
};

struct field {
	const char *name;
	enum field_kind kind;
	bool may_be_absent;		/* "-" is allowed */
	size_t offset, size;
	const char *const *choices;
	size_t nchoices;
};

#endif
