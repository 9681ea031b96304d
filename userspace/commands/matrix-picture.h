/* SPDX-License-Identifier: GPL-2.0 */
/* What `matrix` prints, and the picture of it that its page begins with. */
#ifndef SHARESTAT_COMMANDS_MATRIX_PICTURE_H
#define SHARESTAT_COMMANDS_MATRIX_PICTURE_H

#include <stdbool.h>
#include <stdio.h>

#include "model/address-spaces.h"
#include "model/frame-pairs.h"
#include "show/table.h"

struct matrix_machine {
	struct matrix *matrix;
	struct spaces spaces;
	uint64_t page_size;
	bool any;			/* is there a run at all? */
	enum matrix_result result;
};

/* A line: a pair, or one class of it. */
struct matrix_line {
	const struct matrix_pair *pair;
	const struct matrix_machine *machine;
	int class;			/* -1: all */
	uint64_t frames;
};

/** matrix_space() - the address space of one side of a pair, or of the other */
const struct space *matrix_space(const struct matrix_line *line, bool other);

/**
 * matrix_picture() - who shares how much with whom, and the table
 * @out: the page
 * @lines: most first
 * @count: of them
 * @table: of the lines
 *
 * Edges of a few can be followed; of more, nobody can tell whose they are.
 *
 * Return: 0, or -1 explained.
 */
int matrix_picture(FILE *out, const struct matrix_line *lines, size_t count,
		   struct table *table);

#endif
