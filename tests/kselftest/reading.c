// SPDX-License-Identifier: GPL-2.0
/*
 * However it is read, one opening gives one text: in bites of any size, from
 * the start again, from the middle, by pread(2).
 */
#include "control-test.h"
#include "sleepers.h"

#include "patient-harness.h"

/*
 * All files are of one moment or of something that stands still: the tasks of
 * the opening, or the memory of a child that sleeps.
 */
FIXTURE(text) {
	struct sleeper *sleeper;
	int fd;
	char *text;
	size_t size;
};

FIXTURE_VARIANT(text) {
	const char *file;
	bool own_filter;
};

FIXTURE_VARIANT_ADD(text, tasks) { "tasks", false };
FIXTURE_VARIANT_ADD(text, mms) { "mms", false };
FIXTURE_VARIANT_ADD(text, vmas) { "vmas", true };
FIXTURE_VARIANT_ADD(text, frames) { "frames", true };
FIXTURE_VARIANT_ADD(text, frames_bin) { "frames.bin", true };
FIXTURE_VARIANT_ADD(text, readme) { "README", false };
FIXTURE_VARIANT_ADD(text, version) { "version", false };
FIXTURE_VARIANT_ADD(text, set_pid) { "set_pid", false };
FIXTURE_VARIANT_ADD(text, enable) { "enable", false };

/* Read from where it stands to the end, @bite bytes at a time. */
static size_t read_in_bites(int fd, char *text, size_t room, size_t bite)
{
	size_t size = 0;
	ssize_t got;

	while ((got = read(fd, text + size, bite))) {
		if (got < 0)
			fail("read of %zu bytes: %s", bite, strerror(errno));
		size += got;
		if (size + bite > room)
			fail("more than %zu bytes", room);
	}
	return size;
}

#define ROOM (4UL << 20)

FIXTURE_SETUP(text)
{
	self->sleeper = sleepers_alloc(1);
	sleeper_start(self->sleeper);
	sleeper_wait(self->sleeper);
	self->fd = open_file(variant->file, variant->own_filter ? O_RDWR : O_RDONLY);
	if (variant->own_filter)
		write_pids(self->fd, self->sleeper->tid, 0);
	self->text = malloc(ROOM);
	self->size = read_in_bites(self->fd, self->text, ROOM, 4096);
	ASSERT_LT(10, self->size);
}

FIXTURE_TEARDOWN(text)
{
	close(self->fd);
	free(self->text);
	sleeper_end(self->sleeper);
}

TEST_F(text, any_size_of_bite)
{
	static const size_t bites[] = { 1, 7, 4095, 4096, 4097, 1 << 20 };
	char *again = malloc(ROOM);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bites); i++) {
		ASSERT_EQ(0, lseek(self->fd, 0, SEEK_SET));
		ASSERT_EQ(self->size, read_in_bites(self->fd, again, ROOM, bites[i]))
			TH_LOG("bites of %zu", bites[i]);
		EXPECT_EQ(0, memcmp(self->text, again, self->size))
			TH_LOG("bites of %zu", bites[i]);
	}
	free(again);
}

/* The end stays the end, and nothing is read of nothing. */
TEST_F(text, end)
{
	char byte = 'x';

	EXPECT_EQ(0, read(self->fd, &byte, 1));
	EXPECT_EQ(0, read(self->fd, &byte, 1));
	ASSERT_EQ(0, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(0, read(self->fd, &byte, 0));
	EXPECT_EQ('x', byte);
	EXPECT_EQ(1, read(self->fd, &byte, 1));
	EXPECT_EQ(self->text[0], byte);
}

/* From the start again in the middle of it. */
TEST_F(text, start_again)
{
	char *again = malloc(ROOM);
	size_t part;

	for (part = 1; part < self->size; part = 3 * part + 1) {
		ASSERT_EQ(0, lseek(self->fd, 0, SEEK_SET));
		ASSERT_LT(0, read(self->fd, again, part));
		ASSERT_EQ(0, lseek(self->fd, 0, SEEK_SET));
		ASSERT_EQ(self->size, read_in_bites(self->fd, again, ROOM, 4096));
		EXPECT_EQ(0, memcmp(self->text, again, self->size));
	}
	free(again);
}

/* What seq_file offers of old; frames.bin goes back to the start only. */
TEST_F(text, from_the_middle)
{
	size_t middle = self->size / 2, got;
	char *again = malloc(ROOM);
	off_t at = lseek(self->fd, middle, SEEK_SET);

	if (!strcmp(variant->file, "frames.bin")) {
		EXPECT_EQ(-1, at);
	} else {
		ASSERT_EQ((off_t)middle, at);
		got = read_in_bites(self->fd, again, ROOM, 4096);
		ASSERT_EQ(self->size - middle, got);
		EXPECT_EQ(0, memcmp(self->text + middle, again, got));
		ASSERT_EQ(9, pread(self->fd, again, 9, 1));
		EXPECT_EQ(0, memcmp(self->text + 1, again, 9));
	}
	free(again);
}

/* A snapshot is of the moment of its opening: who comes later is not in it. */
TEST(snapshot_is_of_the_opening)
{
	struct sleeper *late = sleepers_alloc(1);
	struct table table, now;
	size_t row, found = 0;
	int fd = open_file("tasks", O_RDONLY);

	sleeper_start(late);
	sleeper_wait(late);
	table = table_parse("tasks", read_whole(fd, "tasks"));
	now = table_read("tasks");
	for (row = 0; row < table.rows; row++)
		found += table_number(&table, row, "tid") == (uint64_t)late->tid;
	EXPECT_EQ(0, found);
	table_row(&now, "tid", late->tid);
	sleeper_end(late);
}

TEST_HARNESS_MAIN
