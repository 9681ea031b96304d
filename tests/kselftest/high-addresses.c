// SPDX-License-Identifier: GPL-2.0
/*
 * A mapping as high up as this kernel and processor let a process have one: 47 bits
 * on x86_64 with four levels of page tables, 48 or 52 on arm64. Its pages are found
 * there, and `version` names as many levels as such an address takes.
 */
#include "frames-test.h"
#include "patient-harness.h"

#define PAGES 13

/*
 * A hint above the usual 47 or 48 bits asks for more, and is not binding. Just below
 * a power of two, so that it is the highest address of its kind.
 */
static char *map_highest(void)
{
	char *highest = NULL;
	int bits;

	for (bits = 47; bits < 57; bits++) {
		void *hint = (void *)((1UL << bits) - 64 * PAGE);
		char *start = map_or_fail(hint, PAGES * PAGE, PROT_READ | PROT_WRITE,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (start > highest)
			highest = start;
	}
	madvise(highest, PAGES * PAGE, MADV_NOHUGEPAGE);
	return highest;
}

static void make_highest(struct subject *subject)
{
	subject->start = map_highest();
	write_pages(subject->start, PAGES);
}

static int bits_of(unsigned long number)
{
	return number ? 64 - __builtin_clzl(number) : 0;
}

/* Each level of tables tells as many bits apart as a page has room for entries. */
static int levels_for(const char *address)
{
	int page = bits_of(PAGE) - 1, table = bits_of(HUGE_PAGES) - 1;

	return (bits_of((unsigned long)address) - page + table - 1) / table;
}

TEST(pages_are_found)
{
	static const struct expect expect[] = { { 0, PAGES, "private", 1, "w.d?..", 1 }, {} };
	struct subject *subject = subject_start(make_highest, NULL);

	ksft_print_msg("at %p\n", subject->start);
	ASSERT_LE(47, bits_of((unsigned long)subject->start));
	EXPECT_EQ(0, compare_area(subject->pid, subject->start, expect));
	EXPECT_EQ(0, compare_process(subject->pid));
	subject_end(subject);
}

TEST(version_has_the_levels_that_it_takes)
{
	char line[32];

	snprintf(line, sizeof(line), "pgtable_levels %d", levels_for(map_highest()));
	EXPECT_TRUE(version_says(line)) TH_LOG("not '%s'", line);
}

TEST_HARNESS_MAIN
