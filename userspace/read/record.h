/* SPDX-License-Identifier: GPL-2.0 */
/* A record of any file: what it owns, and whose it is. */
#ifndef SHARESTAT_READ_RECORD_H
#define SHARESTAT_READ_RECORD_H

#include <sys/types.h>
#include "read/formats.h"

/**
 * record_own() - make a copy of a record independent of the parser
 * @format: what the record is
 * @record: a plain copy; its strings are duplicated in place
 *
 * Return: 0, or -1 when memory ran out. Undo it with record_free().
 */
int record_own(const struct format *format, void *record);
/** record_free() - free the strings that a record owns */
void record_free(const struct format *format, void *record);
/** record_tgid() - the thread group of a record, or -1 if the format has none */
pid_t record_tgid(const struct format *format, const void *record);

#endif
