// SPDX-License-Identifier: GPL-2.0
/* Names as the module writes them -> names that may be shown. */
#include <string.h>

#include "read/unescape.h"

static int octal_byte(const char *digits)
{
	int value = 0;

	for (int i = 0; i < 3; i++) {
		if (digits[i] < '0' || digits[i] > '7')
			return -1;
		value = value * 8 + (digits[i] - '0');
	}
	return value > 0 && value <= 0xff ? value : -1;
}

int text_unescape(char *text)
{
	char *out = text;

	while (*text) {
		int byte = (unsigned char)*text;

		if (byte <= ' ' || byte >= 0x7f)
			return -1;
		if (byte == '\\') {
			byte = octal_byte(text + 1);
			if (byte < 0)
				return -1;
			text += 3;
		}
		*out++ = (char)byte;
		text++;
	}
	*out = '\0';
	return 0;
}
