// SPDX-License-Identifier: GPL-2.0
/* The filter of set_pid and those of single openings leave each other alone. */
#include "control-test.h"
#include "files-test.h"
#include "sleepers.h"

#include "patient-harness.h"

FIXTURE(openings) {
	struct sleeper *first, *second;
};

FIXTURE_VARIANT(openings) {
	const char *file;
};

FIXTURE_VARIANT_ADD(openings, vmas) { "vmas" };
FIXTURE_VARIANT_ADD(openings, frames) { "frames" };
FIXTURE_VARIANT_ADD(openings, frames_bin) { "frames.bin" };

FIXTURE_SETUP(openings)
{
	struct sleeper *sleepers = sleepers_alloc(2);
	int i;

	self->first = &sleepers[0];
	self->second = &sleepers[1];
	for (i = 0; i < 2; i++) {
		sleeper_start(&sleepers[i]);
		sleeper_wait(&sleepers[i]);
	}
}

FIXTURE_TEARDOWN(openings)
{
	sleeper_end(self->first);
	sleeper_end(self->second);
	write_file(SHARESTAT_DIR "set_pid", "\n");
}

/* Return: the rows of a table, all of which must be of one thread group. */
static size_t rows_of(struct table table, pid_t pid)
{
	size_t row, rows = table.rows;

	for (row = 0; row < rows; row++)
		if (table_number(&table, row, "tgid") != (uint64_t)pid)
			fail("%s: row %zu is of %s, not of %d", table.file, row,
			     table_text(&table, row, "tgid"), pid);
	table_free(&table);
	return rows;
}

TEST_F(openings, own_filter_leaves_set_pid_alone)
{
	struct table table;
	int fd;

	set_pid(self->first->tid);
	fd = open_file(variant->file, O_RDWR);
	write_pids(fd, self->second->tid, 0);
	EXPECT_LT(0, rows_of(table_read_fd(fd, variant->file), self->second->tid));
	table = table_read("set_pid");
	ASSERT_EQ(1, table.rows);
	EXPECT_EQ(self->first->tid, table_number(&table, 0, "tgid"));
	close(fd);
	fd = open_file(variant->file, O_RDONLY);
	EXPECT_LT(0, rows_of(table_read_fd(fd, variant->file), self->first->tid));
	close(fd);
}

TEST_F(openings, set_pid_leaves_openings_alone)
{
	int own = open_file(variant->file, O_RDWR), other;

	write_pids(own, self->second->tid, 0);
	set_pid(self->second->tid);
	other = open_file(variant->file, O_RDONLY);
	/* Neither the one with a filter nor the one that is open already. */
	set_pid(self->first->tid);
	EXPECT_LT(0, rows_of(table_read_fd(own, variant->file), self->second->tid));
	EXPECT_LT(0, rows_of(table_read_fd(other, variant->file), self->second->tid));
	close(own);
	close(other);
}

/* Two readers in turns, a few bytes at a time. */
TEST_F(openings, two_filters_at_one_time)
{
	const pid_t pids[2] = { self->first->tid, self->second->tid };
	const size_t chunk = 100, room = 1 << 20;
	size_t size[2] = { 0 }, i;
	char *text[2];
	int fds[2], open_ends = 2;

	for (i = 0; i < 2; i++) {
		fds[i] = open_file(variant->file, O_RDWR);
		text[i] = calloc(1, room);
		write_pids(fds[i], pids[i], 0);
	}
	while (open_ends) {
		open_ends = 0;
		for (i = 0; i < 2; i++) {
			ssize_t got = read(fds[i], text[i] + size[i], chunk);

			ASSERT_LE(0, got);
			size[i] += got;
			ASSERT_GT(room - chunk, size[i]);
			open_ends += got > 0;
		}
	}
	for (i = 0; i < 2; i++) {
		EXPECT_LT(0, rows_of(table_of(variant->file, text[i], size[i]), pids[i]));
		close(fds[i]);
	}
}

TEST_F(openings, too_late_after_the_first_read)
{
	char byte, number[16];
	int fd = open_file(variant->file, O_RDWR), size;

	size = snprintf(number, sizeof(number), "%d", self->second->tid);
	write_pids(fd, self->first->tid, 0);
	ASSERT_EQ(1, read(fd, &byte, 1));
	EXPECT_EQ(-1, write(fd, number, size));
	EXPECT_EQ(EBUSY, errno);
	/* At the end too, and it still covers what it did. */
	ASSERT_EQ(0, lseek(fd, 0, SEEK_SET));
	EXPECT_LT(0, rows_of(table_read_fd(fd, variant->file), self->first->tid));
	EXPECT_EQ(-1, write(fd, number, size));
	EXPECT_EQ(EBUSY, errno);
	close(fd);
}

/* So many mappings that no buffer holds all their rows. */
static void make_mappings(size_t count)
{
	char *start = mmap(NULL, 2 * count * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	for (i = 0; i < count; i++) {
		start[2 * i * PAGE] = 1;
		if (mprotect(start + (2 * i + 1) * PAGE, PAGE, PROT_NONE))
			fail("mprotect: %s", strerror(errno));
	}
}

/* A process that ends while it is read ends its rows, not the reader. */
TEST_F(openings, process_ends_while_it_is_read)
{
	struct sleeper *sleeper = sleepers_alloc(1);
	int fd = open_file(variant->file, O_RDWR);
	char *text = calloc(1, 1 << 20);
	size_t rows, size = 10;
	ssize_t got;
	pid_t pid;

	make_mappings(2000);
	sleeper_start(sleeper);
	sleeper_wait(sleeper);
	write_pids(fd, sleeper->tid, 0);
	rows = rows_of(table_read_fd(fd, variant->file), sleeper->tid);
	ASSERT_LT(2000, rows);
	ASSERT_EQ(0, lseek(fd, 0, SEEK_SET));
	ASSERT_EQ((ssize_t)size, read(fd, text, size));
	pid = sleeper->tid;
	sleeper_end(sleeper);
	while ((got = read(fd, text + size, 4096)) > 0)
		size += got;
	EXPECT_EQ(0, got);
	EXPECT_GT(rows, rows_of(table_of(variant->file, text, size), pid));
	close(fd);
}

TEST_HARNESS_MAIN
