// SPDX-License-Identifier: GPL-2.0
/* Cells that several tables have. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/xalloc.h"
#include "model/id-prefix.h"
#include "read/records.h"
#include "show/table-cells.h"

void cell_number(struct cell *cell, uint64_t value)
{
	cell->set = value != ABSENT;
	cell->is_real = false;
	cell->number = value;
}

void cell_real(struct cell *cell, double value)
{
	cell->set = isfinite(value);
	cell->is_real = true;
	cell->real = value;
}

void cell_bool(struct cell *cell, bool value)
{
	cell->set = true;
	cell->is_real = false;
	cell->number = value;
}

void cell_text(struct cell *cell, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(cell->text, sizeof(cell->text), format, args);
	va_end(args);
	cell->set = true;
}

void cell_color(struct cell *cell, const char *color)
{
	cell->color = color;
}

void cell_id(struct cell *cell, object_id id, unsigned int digits)
{
	char text[ID_DIGITS + 3];

	if (!id)
		return;
	snprintf(text, sizeof(text), "%0*llx", ID_DIGITS, (unsigned long long)id);
	cell_text(cell, "%.*s", digits < ID_DIGITS ? (int)digits : ID_DIGITS, text);
}

void line_id(struct cell *cell, const void *line, uint64_t id)
{
	cell_id(cell, id, ((const struct line_head *)line)->id_digits);
}

void line_bytes(struct cell *cell, const void *line, uint64_t pages)
{
	cell_number(cell, pages * ((const struct line_head *)line)->page_size);
}

unsigned int table_id_digits(const struct output *output, size_t count,
			     uint64_t (*id_of)(const void *context, size_t index),
			     const void *context)
{
	unsigned int digits;
	object_id *ids;

	if (output->json || output->raw)
		return ID_DIGITS;
	ids = xcalloc(count, sizeof(*ids));
	for (size_t i = 0; i < count; i++)
		ids[i] = id_of(context, i);
	digits = ids_digits(ids, count);
	free(ids);
	return digits;
}

void space_name(struct cell *cell, const struct space *space)
{
	if (space->groups > 1)
		cell_text(cell, "%s +%u", space->comm, space->groups - 1);
	else
		cell_text(cell, "%s", space->comm);
}
