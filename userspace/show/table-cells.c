// SPDX-License-Identifier: GPL-2.0
/* Cells that several tables have. */
#include <stdio.h>

#include "read/records.h"
#include "show/table-cells.h"

void cell_id(struct cell *cell, object_id id, unsigned int digits)
{
	char text[ID_DIGITS + 3];

	if (!id)
		return;
	snprintf(text, sizeof(text), "%0*llx", ID_DIGITS, (unsigned long long)id);
	cell_text(cell, "%.*s", digits < ID_DIGITS ? (int)digits : ID_DIGITS, text);
}

void space_name(struct cell *cell, const struct space *space)
{
	if (space->groups > 1)
		cell_text(cell, "%s +%u", space->comm, space->groups - 1);
	else
		cell_text(cell, "%s", space->comm);
}
