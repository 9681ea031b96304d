/* SPDX-License-Identifier: GPL-2.0 */
/* Names as the module writes them -> names that may be shown. Pure. */
#ifndef SHARESTAT_READ_UNESCAPE_H
#define SHARESTAT_READ_UNESCAPE_H

/**
 * text_unescape() - undo the module's backslash and three octal digits
 * @text: changed in place; it only gets shorter
 *
 * Return: 0, or -1 for a byte that the module would have escaped, a malformed
 * escape, or an escaped NUL.
 */
int text_unescape(char *text);

#endif
