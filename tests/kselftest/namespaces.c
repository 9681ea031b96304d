// SPDX-License-Identifier: GPL-2.0
/*
 * What a reader in a pid namespace sees: of every file that has process ids, its own
 * and no others. And the column nsproxy.
 */
#include "control-test.h"
#include "files-test.h"
#include "sleepers.h"

#include <sys/stat.h>

#include "patient-harness.h"

#define TEXT_ROOM (1UL << 20)
#define FORKS 10
#define INSIDE_TASKS 4

/* What the reader inside found, in shared memory: all files as text. */
struct report {
	char text[ABI_FILES][TEXT_ROOM];
	int outside_pid_error, own_pid_error;
	bool done;
};

static bool has_pids(const struct abi_file *file)
{
	return file_has_column(file, "tgid") || !strcmp(file->name, "frames.bin");
}

static void note_file(struct report *report, size_t i, int fd)
{
	char *text = text_read_fd(fd, abi_files[i].name);

	if (strlen(text) >= TEXT_ROOM)
		fail("%s: too long", abi_files[i].name);
	strcpy(report->text[i], text);
	free(text);
	close(fd);
}

/* All that is readable; where all processes can be asked for, them. */
static void note_files(struct report *report)
{
	size_t i;

	for (i = 0; i < ABI_FILES; i++) {
		bool filter = file_has_filter(abi_files[i].name);
		int fd;

		if (!file_gives_text(&abi_files[i]))
			continue;
		fd = open_file(abi_files[i].name, filter ? O_RDWR : O_RDONLY);
		if (filter && try_write_bytes(fd, "\n", 1))
			fail("%s: no filter", abi_files[i].name);
		note_file(report, i, fd);
	}
}

struct inside {
	struct report *all, *default_view;
	struct sleeper *sleepers;
	int outside;
};

/* Process 1 of its namespace, with two children and a thread. */
static int inside_main(void *argument)
{
	struct inside *inside = argument;
	struct report *report = inside->all;
	char number[16];
	size_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	inside->sleepers[2].flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
	for (i = 0; i < 3; i++)
		sleeper_start(&inside->sleepers[i]);
	probes(PROBES_OFF);
	note_files(report);
	for (i = 0; i < ABI_FILES; i++)
		if (file_has_filter(abi_files[i].name))
			note_file(inside->default_view, i, open_file(abi_files[i].name, O_RDONLY));
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

static struct report *new_report(void)
{
	struct report *report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (report == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	return report;
}

static void fork_some(int count)
{
	while (count--) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

FIXTURE_SETUP(pid_namespace)
{
	char number[16];
	int i;

	self->inside.sleepers = sleepers_alloc(3);
	self->inside.all = new_report();
	self->inside.default_view = new_report();
	self->inside.outside = getpid();
	snprintf(number, sizeof(number), "%d", getpid());
	write_file(SHARESTAT_DIR "set_pid", number);
	ASSERT_LT(100, getpid());	/* or it could be one of theirs as well */
	probes(ALL_PROBES);
	reset_counters();
	fork_some(FORKS);
	self->pid = clone(inside_main, sleeper_stack(), CLONE_NEWPID | SIGCHLD,
			  &self->inside);
	ASSERT_LT(0, self->pid);
	for (i = 0; i < PATIENCE_MS && !*(volatile bool *)&self->inside.all->done; i++)
		usleep(1000);
	ASSERT_TRUE(self->inside.all->done);
}

FIXTURE_TEARDOWN(pid_namespace)
{
	kill(self->pid, SIGKILL);
	waitpid(self->pid, NULL, 0);
	munmap(self->inside.all, sizeof(struct report));
	munmap(self->inside.default_view, sizeof(struct report));
	write_file(SHARESTAT_DIR "set_pid", "\n");
}

/* seen() - a file as the reader inside saw it */
static struct table seen(const struct report *report, const char *name)
{
	size_t i;

	for (i = 0; i < ABI_FILES; i++)
		if (!strcmp(abi_files[i].name, name))
			return table_parse(name, strdup(report->text[i]));
	fail("no file %s", name);
}

TEST_F(pid_namespace, sees_its_own_tasks_only)
{
	struct table table = seen(self->inside.all, "tasks");
	size_t row;

	ASSERT_EQ(INSIDE_TASKS, table.rows);
	for (row = 0; row < table.rows; row++) {
		uint64_t tid = table_number(&table, row, "tid");

		EXPECT_LE(1, tid);
		EXPECT_GE(INSIDE_TASKS, tid);
		EXPECT_EQ(tid == 4 ? 1 : tid, table_number(&table, row, "tgid"));
		/* The parent of the first is not to be seen. */
		EXPECT_EQ(tid == 2 || tid == 3, table_number(&table, row, "ppid"));
	}
}

/* In whatever column: a number of theirs, or none. */
TEST_F(pid_namespace, every_pid_is_one_of_its_own)
{
	static const char *const columns[] = { "tgid", "tid", "ppid" };
	size_t i, k, row, files = 0;

	for (i = 0; i < ABI_FILES; i++) {
		struct table table;

		if (!has_pids(&abi_files[i]))
			continue;
		table = seen(self->inside.all, abi_files[i].name);
		for (k = 0; k < ARRAY_SIZE(columns); k++) {
			if (!file_has_column(&abi_files[i], columns[k]) && k)
				continue;
			for (row = 0; row < table.rows; row++) {
				const char *pid = table_text(&table, row, columns[k]);

				if (strcmp(pid, "-"))
					EXPECT_GE(INSIDE_TASKS, parse_number(pid, 10, columns[k]))
						TH_LOG("%s: %s", abi_files[i].name, columns[k]);
			}
		}
		files++;
		table_free(&table);
	}
	/* tasks, mms, vmas, frames, frames.bin, three by address space, set_pid */
	EXPECT_LE(9, files);
}

/* Each of the three processes is there, in each file that has a row a process. */
TEST_F(pid_namespace, every_process_of_its_own_is_there)
{
	size_t i, row;

	for (i = 0; i < ABI_FILES; i++) {
		struct table table;
		unsigned int found = 0;

		if (!has_pids(&abi_files[i]) || !strcmp(abi_files[i].name, "set_pid") ||
		    strstr(abi_files[i].name, "_mms"))
			continue;
		table = seen(self->inside.all, abi_files[i].name);
		for (row = 0; row < table.rows; row++)
			found |= 1U << table_number(&table, row, "tgid");
		EXPECT_EQ(1U << 1 | 1U << 2 | 1U << 3, found)
			TH_LOG("%s", abi_files[i].name);
		table_free(&table);
	}
}

static const struct {
	const char *accounts, *totals, *count, *key;
} counted[] = {
	{ "switches_mms", "switches", "process", "class" },
	{ "births_mms", "births", "fork", "kind" },
};

/* The others are one row, without a number, an id or a name. */
TEST_F(pid_namespace, outside_is_one_row)
{
	size_t i, row;

	for (i = 0; i < ARRAY_SIZE(counted); i++) {
		struct table table = seen(self->inside.all, counted[i].accounts);
		struct table totals = seen(self->inside.all, counted[i].totals);
		const char *count = counted[i].count;
		size_t outside = 0;

		for (row = 0; row < table.rows; row++) {
			bool living = strcmp(table_text(&table, row, "mm"), "-");

			outside += !strcmp(table_text(&table, row, "comm"), "[outside]");
			EXPECT_EQ(living, !!strcmp(table_text(&table, row, "tgid"), "-"));
			EXPECT_EQ(living, *table_text(&table, row, "comm") != '[');
		}
		EXPECT_EQ(1, outside)
			TH_LOG("%s", counted[i].accounts);
		/* And hides nothing of what was counted. */
		EXPECT_EQ(table_sum(&totals, "count", counted[i].key, count, NULL),
			  table_sum(&table, count, NULL));
		if (!strcmp(count, "fork"))
			EXPECT_LE(FORKS, table_sum(&table, count, "comm", "[outside]", NULL));
	}
}

/* From outside none is: each has its number and its id. */
TEST_F(pid_namespace, nobody_is_outside_of_the_initial_one)
{
	struct table table = table_read("births_mms"), mms = table_read("mms");
	char number[16];

	EXPECT_EQ(0, table_sum(&table, "fork", "comm", "[outside]", NULL));
	snprintf(number, sizeof(number), "%d", getpid());
	EXPECT_LE(FORKS, table_sum(&table, "fork", "tgid", number, NULL));
	snprintf(number, sizeof(number), "%d", self->pid);
	EXPECT_EQ(2, table_sum(&table, "fork", "tgid", number, "mm",
			       table_text(&mms, table_row(&mms, "tgid", self->pid), "mm"), NULL));
}

TEST_F(pid_namespace, sees_its_own_address_spaces_only)
{
	struct table table = seen(self->inside.all, "mms");
	int sum = 0;
	size_t i;

	ASSERT_EQ(3, table.rows);
	for (i = 0; i < 3; i++)
		sum += table_number(&table, i, "tgid");
	EXPECT_EQ(1 + 2 + 3, sum);
}

/* set_pid held a process of the outside, so there is nothing to show. */
TEST_F(pid_namespace, filter_of_the_outside_shows_nothing)
{
	size_t i;

	EXPECT_EQ(0, seen(self->inside.all, "set_pid").rows);
	for (i = 0; i < ABI_FILES; i++)
		if (file_has_filter(abi_files[i].name))
			EXPECT_EQ(0, seen(self->inside.default_view, abi_files[i].name).rows);
}

TEST_F(pid_namespace, numbers_are_those_of_the_writer)
{
	struct table table = table_read("set_pid");

	EXPECT_EQ(-ESRCH, self->inside.all->outside_pid_error);
	EXPECT_EQ(0, self->inside.all->own_pid_error);
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
