/* SPDX-License-Identifier: GPL-2.0 */
/* Cells that several tables have. */
#ifndef SHARESTAT_SHOW_TABLE_CELLS_H
#define SHARESTAT_SHOW_TABLE_CELLS_H

#include "model/address-spaces.h"
#include "show/table.h"

/** cell_id() - fill a cell with the first @digits of an id; 0 leaves it unset */
void cell_id(struct cell *cell, object_id id, unsigned int digits);

/* What a line begins with that has ids, or sizes in pages. */
struct line_head {
	const void *record;		/* where the members of a column's field are */
	unsigned int id_digits;		/* of each id */
	uint64_t page_size;
};

/** line_id() - to convert a member of the record with: an id, by the line's digits */
void line_id(struct cell *cell, const void *line, uint64_t id);

/** line_bytes() - the same of pages: the module counts these, people think in bytes */
void line_bytes(struct cell *cell, const void *line, uint64_t pages);

/**
 * table_id_digits() - how many digits tell the ids of a table apart
 * @output: programs get them whole
 * @count: how many ids there are at most
 * @id_of: one of them, or 0
 * @context: for @id_of
 */
unsigned int table_id_digits(const struct output *output, size_t count,
			     uint64_t (*id_of)(const void *context, size_t index),
			     const void *context);

/** space_name() - fill a cell with the name: "bash", or "bash +1" of two groups */
void space_name(struct cell *cell, const struct space *space);

#endif
