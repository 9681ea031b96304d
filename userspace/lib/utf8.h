/* SPDX-License-Identifier: GPL-2.0 */
/* Bytes as characters. Pure. */
#ifndef SHARESTAT_LIB_UTF8_H
#define SHARESTAT_LIB_UTF8_H

#include <stddef.h>
#include <stdint.h>

/**
 * utf8_decode() - the character that a text begins with
 * @text: not empty
 * @code: set to its code point
 *
 * Return: its bytes, or 0 when they are not well-formed (Unicode, table 3-7).
 */
size_t utf8_decode(const char *text, uint32_t *code);

/**
 * utf8_repair() - copy @text, with U+FFFD for each byte that is not UTF-8
 * @out: buffer
 * @size: of the buffer; 3 times the bytes of @text and 1 always fits
 * @text: any bytes
 *
 * Return: 0, or -1 when the buffer is too small.
 */
int utf8_repair(char *out, size_t size, const char *text);

#endif
