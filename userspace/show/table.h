/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One table of columns a command drives its text, raw and JSON output, -o and
 * --help. A thin layer over libsmartcols, which does the formatting.
 */
#ifndef SHARESTAT_SHOW_TABLE_H
#define SHARESTAT_SHOW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum column_type {
	COLUMN_STRING,
	COLUMN_NUMBER,		/* decimal integer */
	COLUMN_BYTES,		/* 4.2M, or the integer with -b and in JSON */
	COLUMN_HEX,		/* text in JSON */
	COLUMN_FLOAT,
	COLUMN_BOOL,
	COLUMN_NUMBERS,		/* "1,2,3"; an array of numbers in JSON */
};

/* What a getter fills. Left alone it is unset: blank in text, null in JSON. */
struct cell {
	bool set;
	bool is_real;		/* of a number: look at real, not at number */
	uint64_t number;
	double real;
	const char *color;	/* name or escape sequence, or NULL */
	char text[4352];	/* a path, escaped */
};

void cell_number(struct cell *cell, uint64_t value);	/* ABSENT leaves it unset */
void cell_real(struct cell *cell, double value);	/* so does what is not finite */
void cell_bool(struct cell *cell, bool value);
void cell_color(struct cell *cell, const char *color);
void cell_text(struct cell *cell, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A member of a struct: where it is, and of which type. */
struct field {
	enum field_type {
		FIELD_NONE, FIELD_INT, FIELD_UNSIGNED, FIELD_WIDE, FIELD_REAL, FIELD_TEXT,
	} type;
	size_t offset;
};

/* Text is an array of char in the struct itself, not a pointer. */
#define FIELD(of, member) {						\
	.type = _Generic(((of *)NULL)->member, int : FIELD_INT,		\
			 unsigned int : FIELD_UNSIGNED, uint64_t : FIELD_WIDE, \
			 double : FIELD_REAL, char * : FIELD_TEXT),	\
	.offset = offsetof(of, member) }

/* One of the two, get or field, fills the cell. */
struct column {
	const char *name;	/* upper case, as shown */
	const char *help;
	enum column_type type;
	double width;		/* hint, as for scols_table_new_column() */
	bool standard;		/* shown without -o */
	bool truncate;		/* may be cut on a terminal */
	bool tree;		/* draws the tree, when one is asked for */
	void (*get)(struct cell *cell, const void *record);
	struct field field;	/* of the struct that the record's first member points at */
	/* Of a whole number: what to make of it; NULL: the cell has the number itself. */
	void (*convert)(struct cell *cell, const void *record, uint64_t value);
};

/* How a command's output shall look; filled by commands/options.c. */
struct output {
	bool json, raw, no_headings, bytes, all;
	bool color;		/* wanted and possible */
	bool tree;		/* set by the command: table_add() gets parents */
	bool lines;		/* set by the command: one table comes after the other */
	const char *columns;	/* of -o, or NULL */
};

struct table;

#define TABLE_BATCH 1000	/* lines: a stream of many is as fast as one print */

/**
 * table_new() - a table with the columns chosen by @output
 * @name: the JSON key of the array
 * @columns: ends with an entry without a name
 * @output: how it shall look
 *
 * Return: the table, or NULL after an explanation (unknown column: lists them).
 */
struct table *table_new(const char *name, const struct column *columns,
			const struct output *output);
/** table_check() - is there each column that @output names? Return: 0, or -1 as table_new() */
int table_check(const struct column *columns, const struct output *output);
/** table_add() - a line for @record; @parent as returned before, or NULL */
void *table_add(struct table *table, const void *record, void *parent);
/**
 * table_stream() - print raw and JSON while lines are added, and forget them
 * @table: without a tree; nothing else may be printed until table_print()
 * @batch: after so many lines each time
 */
void table_stream(struct table *table, size_t batch);
/** table_print() - to standard output, whose errors main.c looks for. Return: 0 or -1 */
int table_print(struct table *table);
/** table_html() - the same as a table of a page, with a caption */
void table_html(struct table *table, FILE *out, const char *caption);
/** table_free() - NULL is nothing, as for free(3) */
void table_free(struct table *table);
/** table_list_columns() - the "Available output columns" part of --help */
void table_list_columns(FILE *out, const struct column *columns);

#endif
