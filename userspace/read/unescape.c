// SPDX-License-Identifier: GPL-2.0
/* Names as the module writes them -> names that may be shown. */
#include <stdbool.h>
#include <string.h>

#include "read/unescape.h"

#define REPLACEMENT "\xef\xbf\xbd"	/* U+FFFD */

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

static bool continues(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* Length of the well-formed sequence at @text (Unicode, table 3-7), or 0. */
static size_t utf8_length(const unsigned char *text)
{
	unsigned char lowest = 0x80, highest = 0xbf;

	if (text[0] < 0x80)
		return 1;
	if (text[0] >= 0xc2 && text[0] <= 0xdf)
		return continues(text[1]) ? 2 : 0;
	if (text[0] == 0xe0)
		lowest = 0xa0;		/* below: overlong */
	else if (text[0] == 0xed)
		highest = 0x9f;		/* above: surrogates */
	else if (text[0] == 0xf0)
		lowest = 0x90;		/* below: overlong */
	else if (text[0] == 0xf4)
		highest = 0x8f;		/* above: past U+10FFFF */
	if (text[0] < 0xe0 || text[0] > 0xf4)
		return 0;
	if (text[1] < lowest || text[1] > highest || !continues(text[2]))
		return 0;
	if (text[0] < 0xf0)
		return 3;
	return continues(text[3]) ? 4 : 0;
}

int text_make_utf8(char *out, size_t size, const char *text)
{
	while (*text) {
		size_t length = utf8_length((const unsigned char *)text);
		size_t room = length ? length : strlen(REPLACEMENT);

		if (room + 1 > size)
			return -1;
		memcpy(out, length ? text : REPLACEMENT, room);
		out += room;
		size -= room;
		text += length ? length : 1;
	}
	if (!size)
		return -1;
	*out = '\0';
	return 0;
}
