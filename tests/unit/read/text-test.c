// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "lib/utf8.h"
#include "read/unescape.h"
#include "tap.h"

static void check_unescape(const char *text, const char *expected, const char *why)
{
	char buffer[64];
	int result;

	strcpy(buffer, text);
	result = text_unescape(buffer);
	if (expected)
		CHECK(!result && !strcmp(buffer, expected), "unescape: %s", why);
	else
		CHECK(result == -1, "unescape refuses %s", why);
}

static void check_utf8(const char *text, const char *expected, const char *why)
{
	char buffer[64];

	CHECK(!utf8_repair(buffer, sizeof(buffer), text) && !strcmp(buffer, expected),
	      "UTF-8: %s", why);
}

void test_text(void)
{
	char small[4];

	check_unescape("plain", "plain", "a plain name stays");
	check_unescape("", "", "an empty name stays");
	check_unescape("a\\040b\\134c\\012", "a b\\c\n", "space, backslash, newline");
	check_unescape("\\377\\001", "\xff\x01", "the highest and the lowest byte");
	check_unescape("a\\04", NULL, "an escape cut short");
	check_unescape("a\\", NULL, "a backslash at the end");
	check_unescape("a\\08x", NULL, "a digit that is not octal");
	check_unescape("a\\400", NULL, "more than a byte");
	check_unescape("a\\000b", NULL, "a NUL");
	check_unescape("a b", NULL, "a bare space");
	check_unescape("caf\xc3\xa9", NULL, "a bare byte that is not ASCII");
	check_unescape("a\x7f", NULL, "a bare DEL");

	check_utf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
		   "well-formed text of 1 to 4 bytes stays");
	check_utf8("\xff", "\xef\xbf\xbd", "a byte that is never valid");
	check_utf8("\x80z", "\xef\xbf\xbdz", "a lone continuation");
	check_utf8("\xc3", "\xef\xbf\xbd", "a sequence cut short at the end");
	check_utf8("\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd", "each byte of one cut after two");
	check_utf8("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", "overlong, 2 bytes");
	check_utf8("\xe0\x80\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "overlong, 3 bytes");
	check_utf8("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "a surrogate");
	check_utf8("\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
		   "past U+10FFFF");
	CHECK(!utf8_repair(small, sizeof(small), "abc"), "UTF-8: what just fits, fits");
	CHECK(utf8_repair(small, sizeof(small), "abcd") == -1, "UTF-8: too small by one");
	CHECK(utf8_repair(small, sizeof(small), "a\xff") == -1,
	      "UTF-8: too small for a replacement");
}
