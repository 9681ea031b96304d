/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers that people write: the whole text is one, in bounds, or it is none. */
#ifndef SHARESTAT_LIB_PARSE_NUMBER_H
#define SHARESTAT_LIB_PARSE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/**
 * parse_whole() - digits alone, no sign and no blank
 * @value: filled when it is one
 * @text: as it was written
 * @least: that it may be
 * @most: that it may be
 */
bool parse_whole(uint64_t *value, const char *text, uint64_t least, uint64_t most);
/** parse_real() - the same with a fraction */
bool parse_real(double *value, const char *text, double least, double most);
/** parse_hex() - hexadecimal digits alone, behind 0x or not */
bool parse_hex(uint64_t *value, const char *text);
/**
 * parse_prefix() - digits that something else may follow
 * @value: filled when there are any
 * @text: as it was written
 * @most: that it may be
 *
 * Return: what follows them, or NULL when there are none or too many.
 */
const char *parse_prefix(uint64_t *value, const char *text, uint64_t most);

#endif
