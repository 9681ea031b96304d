/* SPDX-License-Identifier: GPL-2.0 */
/* Text in lines, broken at words. */
#ifndef SHARESTAT_LIB_WRAP_H
#define SHARESTAT_LIB_WRAP_H

#include <stddef.h>

/**
 * wrap_text() - break a text at blanks, behind hyphens, and where it has newlines
 * @to: the lines
 * @size: of @to; what does not fit is left out, by whole lines
 * @text: the text
 * @width: of a line, without its indent; characters, not bytes
 * @indent: blanks that each line but the first begins with
 */
void wrap_text(char *to, size_t size, const char *text, size_t width, int indent);

#endif
