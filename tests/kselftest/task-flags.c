// SPDX-License-Identifier: GPL-2.0
/* The column flags of the file tasks; vfork in flight is in tasks.c. */
#include "sleepers.h"

#include <linux/io_uring.h>

#include "patient-harness.h"

static const char *const columns_of_the_living[] = {
	"mm", "files", "fs", "io", "nsproxy", "mm_users", "files_users", "fs_users",
	"nsproxy_users", "io_users", "stack",
};

TEST(kernel_thread)
{
	struct table table = table_read("tasks");
	size_t row = table_row(&table, "tid", 2);	/* kthreadd, always */

	EXPECT_STREQ("LK", table_text(&table, row, "flags"));
	EXPECT_STREQ("-", table_text(&table, row, "mm"));
	EXPECT_STREQ("-", table_text(&table, row, "mm_users"));
	EXPECT_STREQ("-", table_text(&table, row, "pc"));
	EXPECT_STREQ("-", table_text(&table, row, "sp"));
	EXPECT_STREQ("-", table_text(&table, row, "stack"));
	EXPECT_STREQ("-", table_text(&table, row, "tls"));
	EXPECT_STRNE("-", table_text(&table, row, "sighand"));
}

/* A child that nobody has waited for yet has a line, but no objects. */
TEST(exited_child)
{
	struct table table;
	size_t row, i;
	siginfo_t info;
	pid_t child = fork();

	if (!child)
		_exit(0);
	ASSERT_EQ(0, waitid(P_PID, child, &info, WEXITED | WNOWAIT));
	table = table_read("tasks");
	row = table_row(&table, "tid", child);
	EXPECT_STREQ("LX", table_text(&table, row, "flags"));
	EXPECT_EQ(getpid(), table_number(&table, row, "ppid"));
	for (i = 0; i < ARRAY_SIZE(columns_of_the_living); i++)
		EXPECT_STREQ("-", table_text(&table, row, columns_of_the_living[i]));
	waitpid(child, NULL, 0);
}

/* The leader may go before its thread: the group lives, its leader does not. */
TEST(exited_leader)
{
	struct sleeper *thread = sleepers_alloc(1);
	struct table table;
	size_t leader, row;
	pid_t child = fork();

	if (!child) {
		thread->flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
		sleeper_start(thread);
		sleeper_wait(thread);
		syscall(SYS_exit, 0);
	}
	wait_asleep(&thread->tid, SYS_ppoll);
	wait_zombie(child);
	table = table_read("tasks");
	leader = table_row(&table, "tid", child);
	row = table_row(&table, "tid", thread->tid);
	EXPECT_STREQ("LX", table_text(&table, leader, "flags"));
	EXPECT_STREQ("-", table_text(&table, leader, "mm"));
	EXPECT_STREQ("-", table_text(&table, row, "flags"));
	EXPECT_EQ(1, table_number(&table, row, "mm_users"));
	EXPECT_STREQ(table_text(&table, leader, "signal"), table_text(&table, row, "signal"));
	EXPECT_EQ(2, table_number(&table, row, "signal_users"));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* The kernel's own worker for our io_uring is a thread of ours, without pc. */
TEST(user_worker)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_SQPOLL,
		.sq_thread_idle = 60000,
	};
	int ring = syscall(SYS_io_uring_setup, 1, &params);
	size_t row, own, workers = 0;
	struct table table;

	ASSERT_LE(0, ring);
	table = table_read("tasks");
	own = table_row(&table, "tid", getpid());
	EXPECT_STREQ("L", table_text(&table, own, "flags"));
	for (row = 0; row < table.rows; row++) {
		if (!strchr(table_text(&table, row, "flags"), 'W'))
			continue;
		EXPECT_STREQ("W", table_text(&table, row, "flags"));
		EXPECT_EQ(getpid(), table_number(&table, row, "tgid"));
		EXPECT_STREQ(table_text(&table, own, "mm"), table_text(&table, row, "mm"));
		EXPECT_STREQ("-", table_text(&table, row, "pc"));
		EXPECT_STREQ("-", table_text(&table, row, "sp"));
		EXPECT_STREQ("-", table_text(&table, row, "tls"));
		workers++;
	}
	EXPECT_EQ(1, workers);
	close(ring);
}

TEST_HARNESS_MAIN
