// SPDX-License-Identifier: GPL-2.0
#include <locale.h>
#include <string.h>

#include "lib/safe-text.h"
#include "lib/utf8.h"
#include "tap.h"

static void check(enum medium medium, const char *text, const char *expected, const char *why)
{
	char out[128];
	size_t length = safe_text(out, sizeof(out), medium, text);

	CHECK(!strcmp(out, expected) && length == strlen(out), "safe: %s: %s", why, out);
}

/* What stands in a medium must be that of its rule for every character that there is. */
static void check_all_characters(void)
{
	unsigned int wrong = 0;

	for (uint32_t code = 1; code < 0x110000; code++) {
		char text[8], out[64], back[8] = "";
		uint32_t seen;
		int length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

		for (int i = length - 1; i > 0; i--)
			text[i] = (char)(0x80 | (code >> 6 * (length - 1 - i) & 0x3f));
		text[0] = (char)(length == 1 ? code : (0xf00u >> length & 0xff) |
				 code >> 6 * (length - 1));
		text[length] = '\0';
		safe_text(out, sizeof(out), TO_HTML, text);
		if (!strncmp(out, "\\x", 2)) {
			for (int i = 0; i < length; i++) {
				unsigned int byte;

				if (sscanf(out + 4 * i, "\\x%2x", &byte) == 1)
					back[i] = (char)byte;
			}
			wrong += !!strcmp(back, text);
		} else if (*out != '&') {
			wrong += !!strcmp(out, text) || !utf8_decode(out, &seen) || seen != code ||
				 code < ' ' || (code > 0x7e && code < 0xa0);
		}
	}
	CHECK(!wrong, "safe: each character is itself or its bytes: %u are not", wrong);
}

void test_safe_text(void)
{
	char small[6];

	check(TO_TERMINAL, "\xc3\xa9", "\\xc3\\xa9", "a terminal without UTF-8");
	setlocale(LC_ALL, "C.UTF-8");
	check(TO_TERMINAL, "\033[31m\a", "\\x1b[31m\\x07", "what a terminal obeys");
	check(TO_TERMINAL, "a\nb\tc\r", "a\\x0ab\\x09c\\x0d", "ends of lines and tabs");
	check(TO_TERMINAL, "\\x1b \\n", "\\x5cx1b \\n", "what looks as if it were escaped");
	check(TO_TERMINAL, "\xc3\xa9\xff\xc2\x9b", "\xc3\xa9\\xff\\xc2\\x9b", "bytes");
	check(TO_TERMINAL, "\xe2\x80\xaetxt", "\\xe2\\x80\\xaetxt", "a mark of direction");
	check(TO_HTML, "<b>\"&\033", "&lt;b&gt;&quot;&amp;\\x1b", "markup");
	check(TO_LABEL, "\"\\\n\033", "\\\"\\\\\\\\x0a\\\\x1b", "a label");
	check(TO_JSON, "{\n\"\\u001b\xc2\x9b\xf3\xa0\x81\x81\x7f", "{\n\"\\u001b\\u009b\\udb40\\udc41\\u007f",
	      "what is left in JSON");
	CHECK(safe_text(small, sizeof(small), TO_TERMINAL, "a\033\033") == 5 &&
	      !strcmp(small, "a\\x1b"), "safe: what does not fit is left out whole");
	check_all_characters();
	setlocale(LC_ALL, "C");
}
