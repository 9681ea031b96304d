// SPDX-License-Identifier: GPL-2.0
/* Text in lines, broken at words. */
#include <stdio.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/wrap.h"

/* Bytes of the character that @text begins with; what is none counts as one. */
static size_t character(const char *text)
{
	uint32_t code;
	size_t length = utf8_decode(text, &code);

	return length ? length : 1;
}

/*
 * Where a line of at most @width characters can end: at a blank, or behind a hyphen.
 * Return: bytes.
 */
static size_t line_length(const char *text, size_t width)
{
	size_t best = 0, at = 0;

	for (size_t i = 0; text[at] && text[at] != '\n'; i++, at += character(text + at)) {
		if (i < width && text[at] == '-' && at > 0 && text[at - 1] != ' ')
			best = at + 1;
		if (i <= width && text[at] == ' ')
			best = at;
		if (i >= width)
			return best ? best : at;
	}
	return at;
}

void wrap_text(char *to, size_t size, const char *text, size_t width, int indent)
{
	size_t used = 0, length;

	*to = '\0';
	for (; *text; text += length + strspn(text + length, "\n ")) {
		length = line_length(text, width);
		if (used + 1 + indent + length >= size)
			return;
		used += sprintf(to + used, "%s%*s%.*s", used ? "\n" : "", used ? indent : 0, "",
				(int)length, text);
	}
}
