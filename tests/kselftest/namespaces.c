// SPDX-License-Identifier: GPL-2.0
/* What a reader in a pid namespace sees, and the column nsproxy. */
#include "sleepers.h"

#include <sys/stat.h>

#include "patient-harness.h"

#define FILES 4
#define SEEN_MAX 64

/* What the reader inside found, in shared memory; -1 for "no number". */
struct report {
	size_t rows[FILES];
	int tgid[FILES][SEEN_MAX], tid[SEEN_MAX], ppid[SEEN_MAX];
	size_t listed_pids;
	int outside_pid_error, own_pid_error;
	bool done;
};

static const char *const files[FILES] = { "tasks", "mms", "vmas", "frames" };

static void note_rows(struct report *report, size_t file)
{
	struct table table = table_read(files[file]);
	size_t row;

	report->rows[file] = table.rows;
	for (row = 0; row < table.rows && row < SEEN_MAX; row++)
		report->tgid[file][row] = table_number(&table, row, "tgid");
	if (file)
		return;
	for (row = 0; row < table.rows && row < SEEN_MAX; row++) {
		report->tid[row] = table_number(&table, row, "tid");
		report->ppid[row] = table_number(&table, row, "ppid");
	}
}

struct inside {
	struct report *report;
	struct sleeper *sleepers;
	int outside;
};

/* Process 1 of its namespace, with two children and a thread. */
static int inside_main(void *argument)
{
	struct inside *inside = argument;
	struct report *report = inside->report;
	char number[16];
	size_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	inside->sleepers[2].flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
	for (i = 0; i < 3; i++)
		sleeper_start(&inside->sleepers[i]);
	for (i = 0; i < FILES; i++)
		note_rows(report, i);
	report->listed_pids = table_read("set_pid").rows;
	snprintf(number, sizeof(number), "%d", inside->outside);
	report->outside_pid_error = try_write(SHARESTAT_DIR "set_pid", number);
	report->own_pid_error = try_write(SHARESTAT_DIR "set_pid", "1");
	report->done = true;
	for (;;)
		pause();
	return 0;
}

FIXTURE(pid_namespace) {
	struct inside inside;
	pid_t pid;
};

FIXTURE_SETUP(pid_namespace)
{
	char number[16];
	int i;

	self->inside.sleepers = sleepers_alloc(3);
	self->inside.report = mmap(NULL, sizeof(struct report), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	self->inside.outside = getpid();
	snprintf(number, sizeof(number), "%d", getpid());
	write_file(SHARESTAT_DIR "set_pid", number);
	ASSERT_LT(100, getpid());	/* or it could be one of theirs as well */
	self->pid = clone(inside_main, sleeper_stack(), CLONE_NEWPID | SIGCHLD,
			  &self->inside);
	ASSERT_LT(0, self->pid);
	for (i = 0; i < PATIENCE_MS && !*(volatile bool *)&self->inside.report->done; i++)
		usleep(1000);
	ASSERT_TRUE(self->inside.report->done);
}

FIXTURE_TEARDOWN(pid_namespace)
{
	kill(self->pid, SIGKILL);
	waitpid(self->pid, NULL, 0);
	write_file(SHARESTAT_DIR "set_pid", "\n");
}

TEST_F(pid_namespace, sees_its_own_tasks_only)
{
	const struct report *report = self->inside.report;
	size_t i;

	ASSERT_EQ(4, report->rows[0]);
	for (i = 0; i < 4; i++) {
		EXPECT_LE(1, report->tid[i]);
		EXPECT_GE(4, report->tid[i]);
		EXPECT_EQ(report->tid[i] == 4 ? 1 : report->tid[i], report->tgid[0][i]);
		/* The parent of the first is not to be seen. */
		EXPECT_EQ(report->tid[i] == 2 || report->tid[i] == 3, report->ppid[i]);
	}
}

TEST_F(pid_namespace, sees_its_own_address_spaces_only)
{
	const struct report *report = self->inside.report;
	int sum = 0;
	size_t i;

	ASSERT_EQ(3, report->rows[1]);
	for (i = 0; i < 3; i++)
		sum += report->tgid[1][i];
	EXPECT_EQ(1 + 2 + 3, sum);
}

/* set_pid held a process of the outside, so there is nothing to show. */
TEST_F(pid_namespace, filter_of_the_outside_shows_nothing)
{
	const struct report *report = self->inside.report;

	EXPECT_EQ(0, report->listed_pids);
	EXPECT_EQ(0, report->rows[2]);
	EXPECT_EQ(0, report->rows[3]);
}

TEST_F(pid_namespace, numbers_are_those_of_the_writer)
{
	struct table table = table_read("set_pid");

	EXPECT_EQ(-ESRCH, self->inside.report->outside_pid_error);
	EXPECT_EQ(0, self->inside.report->own_pid_error);
	ASSERT_EQ(1, table.rows);
	EXPECT_EQ(self->pid, table_number(&table, 0, "tgid"));
}

/* From outside they are tasks as all others. */
TEST_F(pid_namespace, is_seen_from_outside)
{
	struct table table = table_read("tasks");
	size_t row, children = 0, threads = 0;

	EXPECT_EQ(getpid(), table_number(&table, table_row(&table, "tid", self->pid), "ppid"));
	for (row = 0; row < table.rows; row++) {
		children += table_number(&table, row, "ppid") == (uint64_t)self->pid;
		threads += table_number(&table, row, "tgid") == (uint64_t)self->pid;
	}
	EXPECT_EQ(2, children);
	EXPECT_EQ(2, threads);
}

static ino_t namespace_of(pid_t pid, const char *name)
{
	struct stat status;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	if (stat(path, &status))
		fail("%s: %s", path, strerror(errno));
	return status.st_ino;
}

/* One with a namespace of its own, whose child shares that with it. */
TEST(nsproxy_is_shared_until_a_namespace_is_new)
{
	struct sleeper *sleepers = sleepers_alloc(3);
	struct table table;
	size_t own, plain, uts, child;

	sleepers[1].flags = CLONE_NEWUTS;
	sleepers[1].child = &sleepers[2];
	for (int i = 0; i < 2; i++) {
		sleeper_start(&sleepers[i]);
		sleeper_wait(&sleepers[i]);
	}
	ASSERT_NE(namespace_of(getpid(), "uts"), namespace_of(sleepers[1].tid, "uts"));
	ASSERT_EQ(namespace_of(sleepers[2].tid, "uts"), namespace_of(sleepers[1].tid, "uts"));
	table = table_read("tasks");
	own = table_row(&table, "tid", getpid());
	plain = table_row(&table, "tid", sleepers[0].tid);
	uts = table_row(&table, "tid", sleepers[1].tid);
	child = table_row(&table, "tid", sleepers[2].tid);
	EXPECT_STREQ(table_text(&table, own, "nsproxy"), table_text(&table, plain, "nsproxy"));
	EXPECT_STRNE(table_text(&table, own, "nsproxy"), table_text(&table, uts, "nsproxy"));
	EXPECT_STREQ(table_text(&table, uts, "nsproxy"), table_text(&table, child, "nsproxy"));
	EXPECT_EQ(2, table_number(&table, uts, "nsproxy_users"));
	EXPECT_EQ(2, table_number(&table, child, "nsproxy_users"));
	EXPECT_LT(2, table_number(&table, own, "nsproxy_users"));
	sleeper_end(&sleepers[1]);
	sleeper_end(&sleepers[0]);
}

/* A file shows the numbers of its opener, whoever reads it. */
TEST(numbers_are_those_of_the_opener)
{
	int set_pid, *number_inside = mmap(NULL, sizeof(*number_inside),
				  PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char number[16];
	pid_t pid;

	snprintf(number, sizeof(number), "%d", getpid());
	write_file(SHARESTAT_DIR "set_pid", number);
	set_pid = open(SHARESTAT_DIR "set_pid", O_RDONLY);
	ASSERT_LE(0, set_pid);
	/* libc has no fork() with flags. */
	pid = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, NULL, NULL, 0);
	if (!pid) {
		struct table table = table_parse("set_pid", read_whole(set_pid, "set_pid"));

		*number_inside = table.rows == 1 ? (int)table_number(&table, 0, "tgid") : -1;
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_EQ(getpid(), *number_inside);
	write_file(SHARESTAT_DIR "set_pid", "\n");
}

TEST_HARNESS_MAIN
