// SPDX-License-Identifier: GPL-2.0
/*
 * However it is read, one opening gives one text: in bites of any size, from
 * the start again, from the middle, by pread(2).
 */
#include "control-test.h"
#include "files-test.h"
#include "sleepers.h"

#include "patient-harness.h"

/*
 * All files are of one moment or of something that stands still: the tasks of
 * the opening, the memory of a child that sleeps, what was counted by then.
 */
FIXTURE(text) {
	struct sleeper *sleeper;
	int fd, other;
	char *text;
	size_t size;
};

FIXTURE_VARIANT(text) {
	const char *file;
};

#define READABLE(id, name, mode, columns) FIXTURE_VARIANT_ADD(text, id) { name }
#define WRITE_ONLY(id, name, mode, columns)
#include "abi-variants.h"

/* Once, before the first test: then there is something in each file, and no more. */
static void __attribute__((constructor)) count_something(void)
{
	int i;

	probes(ALL_PROBES);
	for (i = 0; i < 20; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	probes(PROBES_OFF);
}

/* Of the sleeper alone where that can be said. */
static int open_text(const char *file, pid_t pid)
{
	int fd = open_file(file, file_has_filter(file) ? O_RDWR : O_RDONLY);

	if (file_has_filter(file))
		write_pids(fd, pid, 0);
	return fd;
}

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
	/* From here on we write to no page that it has too, and map none for the first time. */
	ASSERT_EQ(0, mlockall(MCL_CURRENT | MCL_FUTURE));
	self->fd = open_text(variant->file, self->sleeper->tid);
	self->other = open_text(variant->file, self->sleeper->tid);
	self->text = malloc(ROOM);
	self->size = read_in_bites(self->fd, self->text, ROOM, 4096);
	ASSERT_LT(10, self->size);
}

FIXTURE_TEARDOWN(text)
{
	close(self->other);
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
	EXPECT_EQ('x', byte);
	ASSERT_EQ(0, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(0, read(self->fd, &byte, 0));
	EXPECT_EQ('x', byte);
	EXPECT_EQ(1, read(self->fd, &byte, 1));
	EXPECT_EQ(self->text[0], byte);
}

/* Two openings, read in turns in bites of two sizes, do not mix. */
TEST_F(text, two_readers)
{
	char *first = malloc(ROOM), *second = malloc(ROOM), *again = malloc(ROOM);
	size_t size = 0, other = 0;
	ssize_t got, more;

	ASSERT_EQ(0, lseek(self->fd, 0, SEEK_SET));
	do {
		got = read(self->fd, first + size, 61);
		more = read(self->other, second + other, 1021);
		ASSERT_LE(0, got);
		ASSERT_LE(0, more);
		size += got;
		other += more;
		ASSERT_GT(ROOM - 1021, size + other);
	} while (got || more);
	ASSERT_EQ(self->size, size);
	EXPECT_EQ(0, memcmp(self->text, first, size));
	ASSERT_EQ(0, lseek(self->other, 0, SEEK_SET));
	ASSERT_EQ(other, read_in_bites(self->other, again, ROOM, 4096));
	EXPECT_EQ(0, memcmp(second, again, other));
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
	const size_t places[] = { self->size / 2, 1, self->size - 1, self->size / 3, 4097 };
	bool seekable = strcmp(variant->file, "frames.bin");
	char *again = malloc(ROOM);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		size_t place = places[i] < self->size ? places[i] : self->size - 1;

		/* Each time from the end, where it still stands. */
		ASSERT_EQ(seekable ? (off_t)place : -1, lseek(self->fd, place, SEEK_SET));
		if (!seekable)
			continue;
		ASSERT_EQ(self->size - place, read_in_bites(self->fd, again, ROOM, 4096));
		EXPECT_EQ(0, memcmp(self->text + place, again, self->size - place))
			TH_LOG("from %zu on", place);
	}
	ASSERT_EQ(-1, lseek(self->fd, -1, SEEK_SET));
	ASSERT_EQ(0, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(self->size, read_in_bites(self->fd, again, ROOM, 4096));
	EXPECT_EQ(0, memcmp(self->text, again, self->size));
	free(again);
}

/* pread(2) moves nothing, and finds what read(2) does, forth and back. */
TEST_F(text, pread_at_odd_places)
{
	const size_t step = self->size / 7 | 1, bite = 3001;
	char *again = malloc(bite);
	size_t i;

	if (!strcmp(variant->file, "frames.bin"))
		return;
	ASSERT_EQ(5, lseek(self->fd, 5, SEEK_SET));
	for (i = 0; i < 16; i++) {
		size_t place = (i % 2 ? i / 2 : 7 - i / 2) * step, size = 0, want;
		ssize_t got;

		want = place >= self->size ? 0 : self->size - place;
		want = want < bite ? want : bite;
		while ((got = pread(self->fd, again + size, want - size, place + size)) > 0)
			size += got;
		ASSERT_EQ(0, got);
		ASSERT_EQ(want, size)
			TH_LOG("at %zu of %zu", place, self->size);
		EXPECT_EQ(0, memcmp(self->text + place, again, size))
			TH_LOG("at %zu", place);
	}
	EXPECT_EQ(0, pread(self->fd, again, 1, self->size));
	EXPECT_EQ(5, lseek(self->fd, 0, SEEK_CUR));
	EXPECT_EQ(self->size - 5, read_in_bites(self->fd, self->text, ROOM, 4096));
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
