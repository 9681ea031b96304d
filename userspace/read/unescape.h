/* SPDX-License-Identifier: GPL-2.0 */
/* Names as the module writes them -> names that may be shown. Pure. */
#ifndef SHARESTAT_TEXT_H
#define SHARESTAT_TEXT_H

#include <stddef.h>

/**
 * text_unescape() - undo the module's backslash and three octal digits
 * @text: changed in place; it only gets shorter
 *
 * Return: 0, or -1 for a byte that the module would have escaped, a malformed
 * escape, or an escaped NUL.
 */
int text_unescape(char *text);

/**
 * text_make_utf8() - copy @text, with U+FFFD for each byte that is not UTF-8
 * @out: buffer
 * @size: of the buffer; 3 times the bytes of @text and 1 always fits
 * @text: any bytes
 *
 * Return: 0, or -1 when the buffer is too small.
 */
int text_make_utf8(char *out, size_t size, const char *text);

#endif
