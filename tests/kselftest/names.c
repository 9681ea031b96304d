// SPDX-License-Identifier: GPL-2.0
/*
 * Names of tasks that would break a line or a terminal: whatever bytes prctl(2)
 * takes, a record stays one line and the name its last column.
 */
#include "sleepers.h"

#include "patient-harness.h"

#define NAME_COLUMN 25		/* of tasks: so many columns come before it */

FIXTURE(name) {
	struct sleeper *sleeper;
};

FIXTURE_VARIANT(name) {
	const char *comm, *shown;
};

FIXTURE_VARIANT_ADD(name, plain) { "plain", "plain" };
FIXTURE_VARIANT_ADD(name, longest) { "fifteen-bytes-x", "fifteen-bytes-x" };
FIXTURE_VARIANT_ADD(name, blanks) { " a  b ", "\\040a\\040\\040b\\040" };
FIXTURE_VARIANT_ADD(name, tab) { "a\tb", "a\\011b" };
FIXTURE_VARIANT_ADD(name, newline) { "a\n1 1 0 L", "a\\0121\\0401\\0400\\040L" };
FIXTURE_VARIANT_ADD(name, carriage_return) { "a\rb", "a\\015b" };
FIXTURE_VARIANT_ADD(name, backslash) { "a\\040b\\", "a\\134040b\\134" };
FIXTURE_VARIANT_ADD(name, escape) { "\33[31mred", "\\033[31mred" };
FIXTURE_VARIANT_ADD(name, delete) { "a\177b", "a\\177b" };
FIXTURE_VARIANT_ADD(name, utf8) { "\303\244\342\202\254", "\\303\\244\\342\\202\\254" };
FIXTURE_VARIANT_ADD(name, no_utf8) { "\377\376\200", "\\377\\376\\200" };
FIXTURE_VARIANT_ADD(name, hash) { "# sharestat", "#\\040sharestat" };
FIXTURE_VARIANT_ADD(name, dash) { "-", "-" };

FIXTURE_SETUP(name)
{
	self->sleeper = sleepers_alloc(1);
	self->sleeper->comm = variant->comm;
	sleeper_start(self->sleeper);
	sleeper_wait(self->sleeper);
}

FIXTURE_TEARDOWN(name)
{
	sleeper_end(self->sleeper);
}

/* table_read() fails already when a name adds a line or a column. */
TEST_F(name, tasks)
{
	struct table table = table_read("tasks");
	size_t row = table_row(&table, "tid", self->sleeper->tid);
	char comm[32];

	ASSERT_TRUE(proc_read(self->sleeper->tid, "comm", comm, sizeof(comm)));
	comm[strlen(comm) - 1] = '\0';
	ASSERT_STREQ(variant->comm, comm);
	EXPECT_STREQ(variant->shown, table_text(&table, row, "comm"));
	EXPECT_STREQ("comm", table.names[table.columns - 1]);
}

TEST_F(name, mms)
{
	struct table table = table_read("mms");
	size_t row = table_row(&table, "tgid", self->sleeper->tid);

	EXPECT_STREQ(variant->shown, table_text(&table, row, "comm"));
	EXPECT_STREQ("comm", table.names[table.columns - 1]);
}

/* An empty name is allowed as well: the line ends after the blank before it. */
TEST(empty_name)
{
	struct sleeper *sleeper = sleepers_alloc(1);
	char *line, *text, *at, start[32], *words[NAME_COLUMN + 1];
	int fd;

	sleeper->comm = "";
	sleeper_start(sleeper);
	sleeper_wait(sleeper);
	fd = open(SHARESTAT_DIR "tasks", O_RDONLY);
	ASSERT_LE(0, fd);
	text = read_whole(fd, "tasks");
	snprintf(start, sizeof(start), "%d %d %d L ", sleeper->tid, sleeper->tid, getpid());
	for (at = text; (line = next_line(&at));)
		if (!strncmp(line, start, strlen(start)))
			break;
	ASSERT_NE(NULL, line);
	EXPECT_EQ(' ', line[strlen(line) - 1]);
	EXPECT_NE(' ', line[strlen(line) - 2]);
	EXPECT_EQ(NAME_COLUMN, split_line(line, words, NAME_COLUMN + 1));
	sleeper_end(sleeper);
}

TEST_HARNESS_MAIN
