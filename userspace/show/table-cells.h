/* SPDX-License-Identifier: GPL-2.0 */
/* Cells that several tables have. */
#ifndef SHARESTAT_SHOW_TABLE_CELLS_H
#define SHARESTAT_SHOW_TABLE_CELLS_H

#include "model/address-spaces.h"
#include "show/table.h"

/** cell_id() - fill a cell with the first @digits of an id; 0 leaves it unset */
void cell_id(struct cell *cell, object_id id, unsigned int digits);

/** space_name() - fill a cell with the name: "bash", or "bash +1" of two groups */
void space_name(struct cell *cell, const struct space *space);

#endif
