// SPDX-License-Identifier: GPL-2.0
/* Files that are not as they should be: each is refused, with line and reason. */
#include <stdlib.h>
#include <string.h>

#include "read/formats.h"
#include "tap.h"

#define HEAD "# sharestat switches 1\n# cpu class count ns\n"

static void refuse_bytes(const char *text, size_t length, unsigned long line,
			 const char *reason)
{
	struct parsed parsed = parse_text(&format_switches, text, length);

	if (!CHECK(parsed.result == -1 && parsed.error.line == line &&
		   strstr(parsed.error.why, reason), "refused: %s", reason))
		printf("# result %d, line %lu: %s\n", parsed.result, parsed.error.line,
		       parsed.error.why);
	parsed_free(&parsed);
}

static void refuse(const char *text, unsigned long line, const char *reason)
{
	refuse_bytes(text, strlen(text), line, reason);
}

static void test_headings(void)
{
	refuse("", 0, "the file is empty");
	refuse("hello world\n", 1, "not a file of sharestat");
	refuse("\n", 1, "not a file of sharestat");
	refuse("# sharestat switches\n", 1, "not a file of sharestat");
	refuse("# sharestat tlb 1\n", 1, "this is the file 'tlb', not 'switches'");
	refuse("# sharestat switches 2\n", 1, "use module and tool of one version");
	refuse("# sharestat switches 0\n", 1, "the module writes ABI 0");
	refuse("# sharestat switches 99999999999999999999\n", 1, "ABI 9999999999");
	refuse("# sharestat switches 1x\n", 1, "the module writes ABI 1x");
	refuse("# sharestat switches 1\n", 1, "the line with the columns is missing");
	refuse("# sharestat switches 1\ncpu class count ns\n", 2, "should begin with '# '");
	refuse("# sharestat switches 1\n# cpu class count\n", 2, "column 'ns' is missing");
	refuse("# sharestat switches 1\n# cpu class count cpu ns\n", 2, "column 'cpu' comes twice");
}

static void test_lines(void)
{
	static const char nul[] = HEAD "0 thr\0ead 5 -\n";

	refuse(HEAD "0 thread 5\n", 3, "3 columns, should be 4");
	refuse(HEAD "0 thread 5 - 7\n", 3, "more than 4 columns");
	refuse(HEAD "0 thread 5 -\n\n", 4, "0 columns, should be 4");
	refuse(HEAD "0 thread 5 -", 3, "cut off");
	refuse(HEAD "0 thread 5 -\n1 thread 5 -\n2 thr", 5, "cut off");
	refuse_bytes(nul, sizeof(nul) - 1, 3, "a NUL byte");
	refuse(HEAD "0 fiber 5 -\n", 3, "class is 'fiber'");
	refuse(HEAD "0 - 5 -\n", 3, "class is '-'");
	refuse(HEAD "0\tthread 5 -\n", 3, "cpu is '0\tthread', not a number");
}

static void test_numbers(void)
{
	refuse(HEAD "0 thread - -\n", 3, "count has no value");
	refuse(HEAD "0 thread five -\n", 3, "count is 'five', not a number");
	refuse(HEAD "0 thread 5a -\n", 3, "count is '5a', not a number");
	refuse(HEAD "0 thread -5 -\n", 3, "count is '-5', not a number");
	refuse(HEAD "0 thread +5 -\n", 3, "count is '+5', not a number");
	refuse(HEAD "0 thread 0x5 -\n", 3, "count is '0x5', not a number");
	refuse(HEAD "0 thread 1.5 -\n", 3, "count is '1.5', not a number");
	refuse(HEAD "0 thread 18446744073709551615 -\n", 3, "count is too large");
	refuse(HEAD "0 thread 18446744073709551616 -\n", 3, "count is too large");
	refuse(HEAD "0 thread 99999999999999999999999999 -\n", 3, "count is too large");
	refuse(HEAD "2147483648 thread 1 -\n", 3, "cpu is too large");
}

static void test_other_fields(void)
{
	static const char frames[] = "# sharestat frames 1\n"
		"# tgid va pfn pages refs maps pte flags class\n"
		"1 7F00 1 1 1 1 w..... 0 private\n";
	static const char pte[] = "# sharestat frames 1\n"
		"# tgid va pfn pages refs maps pte flags class\n"
		"1 7f00 1 1 1 1 w........ 0 private\n";
	static const char mms[] = "# sharestat mms 1\n"
		"# mm tgid tasks groups mm_users mm_count lazy vmas rss_anon rss_file rss_shmem swap pgtables cpus tlb_gen comm\n"
		"123 1 1 1 1 1 0 9 0 0 0 0 0 0-1 5 init\n";
	struct parsed parsed = parse_text(&format_frames, frames, strlen(frames));

	CHECK(parsed.result == -1 && strstr(parsed.error.why, "va is '7F00'"),
	      "refused: upper case hexadecimal");
	parsed_free(&parsed);
	parsed = parse_text(&format_frames, pte, strlen(pte));
	CHECK(parsed.result == -1 && strstr(parsed.error.why, "pte is too long"),
	      "refused: a word that does not fit");
	parsed_free(&parsed);
	parsed = parse_text(&format_mms, mms, strlen(mms));
	CHECK(parsed.result == -1 && strstr(parsed.error.why, "not an id of 14 digits"),
	      "refused: an id of another length");
	parsed_free(&parsed);
}

static bool at_end_of_line(const char *text, size_t length)
{
	return length && text[length - 1] == '\n';
}

static size_t lines_of(const char *text, size_t length)
{
	size_t lines = 0;

	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	return lines;
}

/* Cut the file after each of its bytes: good exactly at the ends of records. */
static void test_every_cut(const struct format *format)
{
	size_t length, wrong = 0;
	char *text = read_recording(format->file, &length);

	for (size_t cut = 0; cut < length; cut++) {
		struct parsed parsed = parse_text(format, text, cut);
		size_t lines = lines_of(text, cut);
		bool good = at_end_of_line(text, cut) && lines >= 2;

		if (good)
			wrong += parsed.result != 0 || parsed.count != lines - 2;
		else
			wrong += parsed.result != -1 || !*parsed.error.why;
		parsed_free(&parsed);
	}
	CHECK(!wrong, "%s: cut after each of %zu bytes, %zu of them misread", format->file,
	      length, wrong);
	free(text);
}

/* Any byte replaced by any of some evil ones: an answer, and no crash (ASan). */
static void test_every_byte(const struct format *format)
{
	static const char evil[] = { '\0', '\n', ' ', '-', '9', '\\', '\377', '%', '#' };
	size_t length, odd = 0;
	char *text = read_recording(format->file, &length);

	for (size_t at = 0; at < length; at++) {
		for (size_t i = 0; i < sizeof(evil); i++) {
			char was = text[at];
			struct parsed parsed;

			text[at] = evil[i];
			parsed = parse_text(format, text, length);
			odd += parsed.result && (parsed.result != -1 || !*parsed.error.why);
			parsed_free(&parsed);
			text[at] = was;
		}
	}
	CHECK(!odd, "%s: each byte replaced by %zu others, %zu failures without a reason",
	      format->file, sizeof(evil), odd);
	free(text);
}

void test_parse_broken(void)
{
	test_headings();
	test_lines();
	test_numbers();
	test_other_fields();
	test_every_cut(&format_frames);
	test_every_cut(&format_mms);
	test_every_cut(&format_switches);
	test_every_byte(&format_frames);
	test_every_byte(&format_mms);
	test_every_byte(&format_switches);
}
