// SPDX-License-Identifier: GPL-2.0
/*
 * set_pid, and the filter of one opening of vmas, frames or frames.bin: what
 * the ABI refuses is refused with its errno and changes nothing, what it takes
 * does what it says.
 */
#include "control-test.h"
#include "files-test.h"
#include "sleepers.h"

#include "patient-harness.h"

#define PIDS_MAX 1024		/* of a filter */
#define SET_PID SHARESTAT_DIR "set_pid"

/* Two children to filter by, a thread, and the pid of nobody. */
FIXTURE(filter) {
	struct sleeper *first, *second, *thread;
	pid_t dead;
};

FIXTURE_VARIANT(filter) {
	const char *file;
};

FIXTURE_VARIANT_ADD(filter, set_pid) { "set_pid" };
FIXTURE_VARIANT_ADD(filter, vmas) { "vmas" };
FIXTURE_VARIANT_ADD(filter, frames) { "frames" };
FIXTURE_VARIANT_ADD(filter, frames_bin) { "frames.bin" };

FIXTURE_SETUP(filter)
{
	struct sleeper *sleepers = sleepers_alloc(3);

	self->first = &sleepers[0];
	self->second = &sleepers[1];
	self->thread = &sleepers[2];
	self->second->child = self->thread;
	self->thread->flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
	sleeper_start(self->first);
	sleeper_wait(self->first);
	sleeper_start(self->second);
	sleeper_wait(self->second);
	self->dead = fork();
	if (!self->dead)
		_exit(0);
	waitpid(self->dead, NULL, 0);
	write_file(SET_PID, "\n");
}

FIXTURE_TEARDOWN(filter)
{
	sleeper_end(self->second);
	sleeper_end(self->first);
	write_file(SET_PID, "\n");
}

/* The thread groups of a table, each once, @limit at most. */
static size_t groups_of(const struct table *table, pid_t *groups, size_t limit)
{
	size_t row, i, count = 0;

	for (row = 0; row < table->rows; row++) {
		pid_t tgid = table_number(table, row, "tgid");

		for (i = 0; i < count && groups[i] != tgid; i++)
			;
		if (i == count && count < limit)
			groups[count++] = tgid;
	}
	return count;
}

/* Which groups does it cover? Return: how many, 0 to 3, in @groups. */
static size_t covers(int fd, const char *file, pid_t groups[3])
{
	struct table table;
	size_t count;

	if (lseek(fd, 0, SEEK_SET))
		fail("%s: lseek: %s", file, strerror(errno));
	table = table_read_fd(fd, file);
	count = groups_of(&table, groups, 3);
	table_free(&table);
	return count;
}

static bool covers_only(int fd, const char *file, pid_t pid)
{
	pid_t groups[3];

	return covers(fd, file, groups) == 1 && groups[0] == pid;
}

/* With pid 1, which is a good one, before or after the bad. */
static const char *const invalid[] = {
	"x", "1x", "-", "0x1", "1.5", "1,2", "'1'", "\377", "0", "00", "-1", "-0",
	"-2147483649", "-99999999999999999999999",
	"2",	/* kthreadd */
	"1 0", "0 1", "1 x", "1 2", NULL
};

/* Cut to 32 or 64 bits, each but the first would be pid 1. */
static const char *const too_large[] = {
	"2147483648", "4294967297", "18446744073709551617", "340282366920938463463374607431768211457",
	"1 4294967297", NULL
};

static const char *const nobody[] = { "2147483647", "4194304", "1 2147483647", NULL };

static void check_refused(struct __test_metadata *_metadata, int fd, int error,
			  const char *const *texts)
{
	for (; *texts; texts++)
		EXPECT_EQ(error, try_write_bytes(fd, *texts, strlen(*texts)))
			TH_LOG("'%s'", *texts);
}

TEST_F(filter, bad_text_is_refused)
{
	int fd = open_file(variant->file, O_RDWR);

	write_pids(fd, self->first->tid, 0);
	check_refused(_metadata, fd, -EINVAL, invalid);
	check_refused(_metadata, fd, -ERANGE, too_large);
	check_refused(_metadata, fd, -ESRCH, nobody);
	/* What was set before is still so. */
	EXPECT_TRUE(covers_only(fd, variant->file, self->first->tid));
	close(fd);
}

TEST_F(filter, nul_bytes_are_refused)
{
	int fd = open_file(variant->file, O_RDWR);

	write_pids(fd, self->first->tid, 0);
	EXPECT_EQ(-EINVAL, try_write_bytes(fd, "1\0", 2));
	EXPECT_EQ(-EINVAL, try_write_bytes(fd, "\0", 1));
	EXPECT_EQ(-EINVAL, try_write_bytes(fd, "1\n\0002\n", 5));
	EXPECT_EQ(-EINVAL, try_write_bytes(fd, "\n\0", 2));
	EXPECT_TRUE(covers_only(fd, variant->file, self->first->tid));
	close(fd);
}

TEST_F(filter, dead_and_threads_are_refused)
{
	int fd = open_file(variant->file, O_RDWR);

	write_pids(fd, self->first->tid, 0);
	EXPECT_EQ(-ESRCH, try_write_pids(fd, self->dead, 0));
	EXPECT_EQ(-ESRCH, try_write_pids(fd, self->second->tid, self->dead));
	EXPECT_EQ(-EINVAL, try_write_pids(fd, self->thread->tid, 0));
	EXPECT_EQ(-EINVAL, try_write_pids(fd, self->second->tid, self->thread->tid));
	EXPECT_TRUE(covers_only(fd, variant->file, self->first->tid));
	close(fd);
}

TEST_F(filter, too_long_is_refused)
{
	char *text = mmap(NULL, 1 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			  -1, 0);
	int fd = open_file(variant->file, O_RDWR), length;

	ASSERT_NE(MAP_FAILED, text);
	ASSERT_EQ(0, mprotect(text, 2 * TEXT_MAX, PROT_READ | PROT_WRITE));
	memset(text, ' ', 2 * TEXT_MAX);
	length = sprintf(text, "%d", self->first->tid);
	text[length] = ' ';
	ASSERT_EQ(0, try_write_bytes(fd, text, TEXT_MAX));
	EXPECT_EQ(-E2BIG, try_write_bytes(fd, text, TEXT_MAX + 1));
	EXPECT_EQ(-E2BIG, try_write_bytes(fd, text + TEXT_MAX, TEXT_MAX + 1));
	EXPECT_EQ(-E2BIG, try_write_bytes(fd, text, 1 << 30));
	/* From memory that is not there. */
	EXPECT_EQ(-EFAULT, try_write_bytes(fd, text + 4 * TEXT_MAX, 4));
	EXPECT_EQ(-EFAULT, try_write_bytes(fd, text + 2 * TEXT_MAX - 1, 4));
	EXPECT_TRUE(covers_only(fd, variant->file, self->first->tid));
	close(fd);
}

TEST_F(filter, several_pids)
{
	pid_t groups[3], a = self->first->tid, b = self->second->tid;
	int fd = open_file(variant->file, O_RDWR);
	char text[64];

	snprintf(text, sizeof(text), "\n \t%d\n\n%d \t\n", a, b);
	ASSERT_EQ(0, try_write_bytes(fd, text, strlen(text)));
	ASSERT_EQ(2, covers(fd, variant->file, groups));
	EXPECT_TRUE((groups[0] == a && groups[1] == b) || (groups[0] == b && groups[1] == a));
	close(fd);
}

/* A set: who is named twice is not shown twice. */
TEST_F(filter, twice_is_once)
{
	struct table once, twice;
	int fd = open_file(variant->file, O_RDWR);

	write_pids(fd, self->first->tid, 0);
	once = table_read_fd(fd, variant->file);
	close(fd);
	fd = open_file(variant->file, O_RDWR);
	write_pids(fd, self->first->tid, self->first->tid);
	twice = table_read_fd(fd, variant->file);
	EXPECT_LE(1, once.rows);
	EXPECT_EQ(once.rows, twice.rows);
	close(fd);
}

static void check_clearing(struct __test_metadata *_metadata, const char *file, pid_t pid,
			   const char *text, size_t size)
{
	int fd = open_file(file, O_RDWR);
	pid_t groups[3];

	write_pids(fd, pid, 0);
	ASSERT_EQ(0, try_write_bytes(fd, text, size));
	/* set_pid shows nothing, the others everybody. */
	EXPECT_EQ(strcmp(file, "set_pid") ? 3 : 0, covers(fd, file, groups));
	close(fd);
}

TEST_F(filter, blanks_clear_it)
{
	static char blanks[TEXT_MAX];

	memset(blanks, ' ', sizeof(blanks));
	check_clearing(_metadata, variant->file, self->first->tid, "\n", 1);
	check_clearing(_metadata, variant->file, self->first->tid, " \t ", 3);
	check_clearing(_metadata, variant->file, self->first->tid, "", 0);
	check_clearing(_metadata, variant->file, self->first->tid, blanks, sizeof(blanks));
}

static int wait_for_end(void *unused __attribute__((unused)))
{
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return 0;
}

/* So many processes can share one stack: all write the same words to it. */
static void start_crowd(pid_t *crowd, size_t count)
{
	const int flags = CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND;
	char *stack = sleeper_stack();
	size_t i;

	for (i = 0; i < count; i++) {
		crowd[i] = clone(wait_for_end, stack, flags | SIGCHLD, NULL);
		if (crowd[i] < 0)
			fail("process %zu: %s", i, strerror(errno));
	}
}

static void end_crowd(const pid_t *crowd, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		kill(crowd[i], SIGKILL);
	for (i = 0; i < count; i++)
		waitpid(crowd[i], NULL, 0);
}

TEST(at_most_1024)
{
	static pid_t crowd[PIDS_MAX + 1];
	static char text[TEXT_MAX];
	struct table table;
	size_t i, size = 0, all;
	int fd;

	start_crowd(crowd, PIDS_MAX + 1);
	for (i = 0; i < PIDS_MAX; i++)
		size += sprintf(text + size, "%d ", crowd[i]);
	all = size + sprintf(text + size, "%d", crowd[i]);
	set_pid(getpid());
	fd = open_file("set_pid", O_WRONLY);
	EXPECT_EQ(-E2BIG, try_write_bytes(fd, text, all));
	table = table_read("set_pid");
	ASSERT_EQ(1, table.rows);
	EXPECT_EQ(getpid(), table_number(&table, 0, "tgid"));
	EXPECT_EQ(0, try_write_bytes(fd, text, size));
	EXPECT_EQ(PIDS_MAX, table_read("set_pid").rows);
	close(fd);
	/* One more by adding is one too many as well. */
	fd = open_file("set_pid", O_WRONLY | O_APPEND);
	EXPECT_EQ(-E2BIG, try_write_bytes(fd, text + size, all - size));
	EXPECT_EQ(PIDS_MAX, table_read("set_pid").rows);
	close(fd);
	write_file(SET_PID, "\n");
	end_crowd(crowd, PIDS_MAX + 1);
}

static int append(pid_t pid)
{
	int fd = open_file("set_pid", O_WRONLY | O_APPEND), ret;

	ret = try_write_pids(fd, pid, 0);
	close(fd);
	return ret;
}

TEST(append_adds)
{
	struct sleeper *sleeper = sleepers_alloc(1);
	struct table table;

	sleeper_start(sleeper);
	sleeper_wait(sleeper);
	set_pid(getpid());
	EXPECT_EQ(0, append(sleeper->tid));
	table = table_read("set_pid");
	ASSERT_EQ(2, table.rows);
	EXPECT_EQ(getpid(), table_number(&table, 0, "tgid"));
	EXPECT_EQ(sleeper->tid, table_number(&table, 1, "tgid"));
	/* Neither a bad one nor one that is there changes anything. */
	EXPECT_EQ(-EINVAL, append(2));
	EXPECT_EQ(-EINVAL, append(-1));
	EXPECT_EQ(0, append(getpid()));
	EXPECT_EQ(2, table_read("set_pid").rows);
	/* Without O_APPEND a write replaces. */
	set_pid(sleeper->tid);
	EXPECT_EQ(1, table_read("set_pid").rows);
	write_file(SET_PID, "\n");
	sleeper_end(sleeper);
}

TEST_HARNESS_MAIN
