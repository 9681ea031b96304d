// SPDX-License-Identifier: GPL-2.0
/* What verify says of a difference, of mappings that are named to be misread. */
#include "commands/verify.c"
#include "lib/safe-text.h"
#include "tap.h"

static void say(void *name)
{
	struct session session = { .shown = 0 };
	struct look found = { .count = 1 };
	FILE *usual = stderr;

	found.list[0] = (struct difference) {
		.check = CHECK_RSS, .pid = 7, .where = 0x1000, .ours = 4, .theirs = 8,
	};
	snprintf(found.list[0].name, sizeof(found.list[0].name), "%s", (const char *)name);
	safe_errors();
	show_differences(&session, &found);
	if (stderr != usual)
		fclose(stderr);
	else
		fflush(stderr);
	stderr = usual;
}

void test_verify_command(void)
{
	static const struct {
		char *name, *shown;
	} names[] = {
		{ "heap", " heap: Rss" }, { "\033[31mred\a", " \\x1b[31mred\\x07: Rss" },
		{ "\342\200\256evil", " \\xe2\\x80\\xaeevil: Rss" }, { "\377", " \\xff: Rss" },
		{ "\302\233m", " \\xc2\\x9bm: Rss" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *said = capture(stderr, say, names[i].name);

		if (!CHECK(strstr(said, names[i].shown) &&
			   strchr(said, '\n') == strrchr(said, '\n'),
			   "verify: a difference in a mapping with the name %s", names[i].shown))
			printf("# %s\n", said);
		free(said);
	}
}
