/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ids as people read them: as many of their 14 digits as tell all those of one
 * output apart, like git does it. Programs (JSON, raw) get the whole ids.
 */
#ifndef SHARESTAT_IDS_H
#define SHARESTAT_IDS_H

#include "read/records.h"
#include "show/table.h"

/**
 * ids_digits() - how many leading digits tell ids apart
 * @ids: sorted in place; 0 is none and equal ones are one
 * @count: how many ids
 *
 * Return: 4 to ID_DIGITS.
 */
unsigned int ids_digits(object_id ids[], size_t count);

/** cell_id() - fill a cell with the first @digits of an id; 0 leaves it unset */
void cell_id(struct cell *cell, object_id id, unsigned int digits);

#endif
