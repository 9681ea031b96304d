/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ids as people read them: as many of their 14 digits as tell all those of one
 * output apart, like git does it. Programs (JSON, raw) get the whole ids.
 */
#ifndef SHARESTAT_MODEL_ID_PREFIX_H
#define SHARESTAT_MODEL_ID_PREFIX_H

#include "read/records.h"

/** ids_sort() - what ids_have() needs */
void ids_sort(object_id ids[], size_t count);
/** ids_have() - is an id among sorted ones? */
bool ids_have(const object_id ids[], size_t count, object_id id);

/**
 * ids_digits() - how many leading digits tell ids apart
 * @ids: sorted in place; 0 is none and equal ones are one
 * @count: how many ids
 *
 * Return: 4 to ID_DIGITS.
 */
unsigned int ids_digits(object_id ids[], size_t count);

#endif
