// SPDX-License-Identifier: GPL-2.0
/* Bytes as characters. */
#include <stdbool.h>
#include <string.h>

#include "lib/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"	/* U+FFFD */

static bool continues(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

static size_t well_formed(const unsigned char *text)
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

size_t utf8_decode(const char *text, uint32_t *code)
{
	static const unsigned char payload[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	size_t length = well_formed((const unsigned char *)text);

	*code = (unsigned char)*text & payload[length];
	for (size_t i = 1; i < length; i++)
		*code = *code << 6 | ((unsigned char)text[i] & 0x3f);
	return length;
}

int utf8_repair(char *out, size_t size, const char *text)
{
	while (*text) {
		size_t length = well_formed((const unsigned char *)text);
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
