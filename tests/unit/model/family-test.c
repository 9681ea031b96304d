// SPDX-License-Identifier: GPL-2.0
/* Families: births out of tracefs's text, and who belongs to whom. */
#include <stdlib.h>
#include <string.h>

#include "measure/birth-trace.h"
#include "model/descendants.h"
#include "tap.h"

#define EVENT "birth: kind=fork pid=13 tgid=13 mm=00112233445566 pgtables=1 vmas=2 pages=3"

static void check_line(const char *line, bool is_birth, pid_t parent, const char *what)
{
	struct birth birth = { 0 };
	unsigned long lost = 0;
	bool got = birth_parse(line, &birth, &lost);

	CHECK(got == is_birth && !lost && (!got || (birth.parent == parent && birth.pid == 13 &&
						    birth.tgid == 13)),
	      "birth: %s", what);
}

static void test_lines(void)
{
	struct birth birth;
	unsigned long lost = 0;

	check_line("              sh-12      [000] .....     5.123456: " EVENT, true, 12,
		   "the usual line");
	check_line("          a b-c-4194303 [127] d..1. 12345.000001: " EVENT, true, 4194303,
		   "a name with spaces and dashes");
	check_line("x-7 [000] ..... 1.0: birth: kind=-12      [000] .....     5.1: " EVENT,
		   true, 12,
		   "a name that looks like an event");
	check_line("  sh-12 [000] ..... 5.1: switch: class=thread", false, 0, "another event");
	check_line("5.1: " EVENT, false, 0, "no task");
	check_line("  sh-12 [000] ..... 5.1: birth: kind=fork pid=x tgid=13", false, 0,
		   "no number");
	check_line("", false, 0, "an empty line");
	CHECK(!birth_parse("CPU:1 [LOST 1009 EVENTS]", &birth, &lost) && lost == 1009,
	      "birth: records that were lost are counted");
}

static void take(struct family *family, pid_t parent, pid_t pid, pid_t tgid)
{
	struct birth birth = { .parent = parent, .pid = pid, .tgid = tgid };

	family_take(family, &birth);
}

static void test_descent(void)
{
	struct family family = {
		.trace = -1,
		.tasks.words = calloc(1 << 16, sizeof(uint64_t)),
		.groups.words = calloc(1 << 16, sizeof(uint64_t)),
	};

	family_add(&family, 1 << 21);		/* no such process: only itself */
	take(&family, 1 << 21, 101, 1 << 21);	/* a thread of it */
	take(&family, 101, 102, 102);		/* and that one's child */
	take(&family, 99, 103, 103);		/* a stranger's */
	CHECK(family_has(&family, 1 << 21) && family_has(&family, 102),
	      "family: the child of a thread is one");
	CHECK(!family_has(&family, 103) && !family_has(&family, 101) && !family_has(&family, 0),
	      "family: a stranger, a thread and no one are not");
	take(&family, 99, 102, 102);		/* born again elsewhere */
	take(&family, 102, 104, 104);
	CHECK(!family_has(&family, 104), "family: a number that was born again elsewhere");
	CHECK(family_size(&family) == 2, "family: its size");
	family_end(&family);
}

void test_family(void)
{
	test_lines();
	test_descent();
}
