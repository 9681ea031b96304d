// SPDX-License-Identifier: GPL-2.0
/* Text in lines, broken at words. */
#include <stdio.h>
#include <string.h>

#include "lib/wrap.h"

/* Where a line of at most @width can end: at a blank, or behind a hyphen. */
static size_t line_length(const char *text, size_t width)
{
	size_t best = 0;

	for (size_t i = 0; text[i] && text[i] != '\n'; i++) {
		if (i < width && text[i] == '-' && i > 0 && text[i - 1] != ' ')
			best = i + 1;
		if (i <= width && text[i] == ' ')
			best = i;
		if (i >= width)
			return best ? best : width;
	}
	return strcspn(text, "\n");
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
