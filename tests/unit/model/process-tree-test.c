// SPDX-License-Identifier: GPL-2.0
/* Trees of processes, and what /proc says of sessions and cgroups. */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/process-tree.h"
#include "tap.h"
#include "witness/live-thread.h"
#include "witness/proc-task.h"

/* Process 1; 10 and below it 11 and 12, and below that 13; 20; of another namespace 30. */
static struct task_record records[] = {
	{ .tid = 1, .tgid = 1 }, { .tid = 10, .tgid = 10, .ppid = 1 },
	{ .tid = 11, .tgid = 11, .ppid = 10 }, { .tid = 12, .tgid = 12, .ppid = 10 },
	{ .tid = 13, .tgid = 13, .ppid = 12 }, { .tid = 20, .tgid = 20, .ppid = 1 },
	{ .tid = 30, .tgid = 30 }, { .tid = 31, .tgid = 31, .ppid = 30 },
	{ .tid = 40, .tgid = 40, .ppid = 41 }, { .tid = 41, .tgid = 41, .ppid = 40 },
};

static pid_t root_among(struct snapshot *tasks, pid_t tgid, pid_t one, pid_t other)
{
	const pid_t pids[] = { one, other };
	struct pid_list roots;
	pid_t root;

	pid_list_init(&roots, pids, !!one + !!other);
	root = tree_root(tasks, tgid, &roots);
	pid_list_free(&roots);
	return root;
}

static void test_trees(void)
{
	struct snapshot tasks = {
		.records = records, .count = sizeof(records) / sizeof(*records),
		.format = &format_tasks,
	};

	if (!CHECK(!snapshot_index(&tasks), "tree: an index"))
		return;
	CHECK(root_among(&tasks, 13, 0, 0) == 10 && root_among(&tasks, 10, 0, 0) == 10 &&
	      root_among(&tasks, 20, 0, 0) == 20, "tree: at the children of process 1");
	CHECK(root_among(&tasks, 1, 0, 0) == 1, "tree: which is in its own");
	CHECK(root_among(&tasks, 31, 0, 0) == 30, "tree: a parent that is not seen is none");
	CHECK(root_among(&tasks, 13, 12, 11) == 12 && root_among(&tasks, 11, 12, 11) == 11,
	      "tree: at those that are named");
	CHECK(root_among(&tasks, 13, 12, 10) == 10, "tree: at the farthest of them");
	CHECK(root_among(&tasks, 13, 1, 0) == 1, "tree: process 1 can be named");
	CHECK(root_among(&tasks, 20, 12, 10) == 20, "tree: who descends from none has his own");
	CHECK(root_among(&tasks, 99, 0, 0) == 0 && root_among(&tasks, 99, 99, 0) == 0,
	      "tree: who is not listed has none");
	CHECK(root_among(&tasks, 40, 0, 0) == 41 || root_among(&tasks, 40, 0, 0) == 40,
	      "tree: one that goes in a circle has an end");
	snapshot_unindex(&tasks);
}

/* In a session of its own, with a name that looks like the rest of the line. */
static int seen_in_session(void)
{
	pid_t session = 0;

	if (setsid() != getpid() || prctl(PR_SET_NAME, "a) R 3 4 5 (b\n)"))
		return 2;
	if (!proc_session(getpid(), &session) || session != getpid())
		return 1;
	/* The first line ends in the name. */
	return prctl(PR_SET_NAME, "b\n)") || task_state(getpid()) != 'R' ||
	       !proc_session(getpid(), &session) || session != getpid();
}

static void test_proc(void)
{
	pid_t session = -1, child = fork();
	char path[4096];
	int status = -1;

	if (!child)
		_exit(seen_in_session());
	CHECK(child > 0 && waitpid(child, &status, 0) == child && !status,
	      "tree: a session, whatever its leader's name");
	CHECK(proc_session(getpid(), &session) && session == getsid(0), "tree: our own");
	CHECK(!proc_session(child, &session), "tree: who has ended is in none");
	CHECK(proc_cgroup(getpid(), path, sizeof(path)) && (!*path || *path == '/'),
	      "tree: our cgroup");
	CHECK(!proc_cgroup(child, path, sizeof(path)), "tree: nor in a cgroup");
}

void test_process_tree(void)
{
	test_trees();
	test_proc();
}
