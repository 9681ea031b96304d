// SPDX-License-Identifier: GPL-2.0
/*
 * The ids of tasks against kcmp(2): of processes that share by clone(2) what their flags
 * say, in a list of tasks that is right, and in some that are wrong in one place.
 */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "read/open.h"
#include "read/records.h"
#include "tap.h"
#include "verify/verify.h"
#include "witness/kcmp.h"

#define TASKS 4

/* The two kinds that are listed come first: a reader finds columns by their names. */
#define OBJECTS "tid tgid files fs ppid flags mm sighand signal nsproxy io sysvsem "
#define USERS "mm_users files_users fs_users sighand_users signal_users nsproxy_users io_users "
#define HEADINGS "# sharestat tasks 1\n# " OBJECTS USERS "nvcsw nivcsw pc sp stack tls comm\n"

static char folder[64];
static pid_t pids[TASKS];
/* The first one alone; the second shares files, the third all of that and fs with it. */
static const unsigned long flags[TASKS] = {
	0, CLONE_FILES, CLONE_FILES | CLONE_FS, 0,
};

/* Objects as kcmp tells them: numbers that are equal when they are. */
struct listed {
	unsigned int files, fs;
};

static const struct listed right[TASKS] = { { 1, 1 }, { 2, 2 }, { 2, 3 }, { 4, 4 } };

static void start(void)
{
	pids[0] = fork();
	if (!pids[0])
		for (;;)
			pause();
	/* 2 and 3 share with this program: so it is the one that is listed as number 1. */
	for (size_t i = 1; i < TASKS; i++) {
		pids[i] = (pid_t)syscall(SYS_clone, flags[i] | SIGCHLD, NULL, NULL, NULL, NULL);
		if (!pids[i])
			for (;;)
				pause();
	}
}

static void end(pid_t *pid)
{
	if (*pid > 0) {
		kill(*pid, SIGKILL);
		waitpid(*pid, NULL, 0);
	}
	*pid = 0;
}

/* What the module would say, with these two kinds of objects alone. */
static void list(const struct listed *tasks, size_t count)
{
	char path[96];
	FILE *out;

	snprintf(path, sizeof(path), "%s/tasks", folder);
	out = fopen(path, "w");
	if (!out)
		return;
	fputs(HEADINGS, out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%d %d %014x %014x 1 L - - - - - - - 1 1 - - - - 0 0 - - - - subject\n",
			pids[i], pids[i], tasks[i].files, tasks[i].fs);
	fclose(out);
}

/* @what: so many objects differ, and the first between these two tasks */
static void check(const struct listed *tasks, uint64_t differing, pid_t one, pid_t other,
		  const char *name, const char *what)
{
	struct verification all = { .vmas = 0 };
	struct look found;
	enum verify_result result;
	bool named = !differing;

	list(tasks, TASKS);
	result = verify_tasks(&all, &found);
	for (unsigned int i = 0; !result && i < found.count; i++) {
		const struct difference *difference = &found.list[i];
		pid_t second = (pid_t)difference->where;

		named |= !strcmp(difference->name, name) && difference->check == CHECK_OBJECTS &&
			 ((difference->pid == one && second == other) ||
			  (difference->pid == other && second == one));
	}
	if (!CHECK(!result && all.differing[CHECK_OBJECTS] == differing && named &&
		   all.compared[CHECK_OBJECTS] >= TASKS, "kcmp: %s", what))
		printf("# result %d, %llu differ of %llu\n", result,
		       (unsigned long long)all.differing[CHECK_OBJECTS],
		       (unsigned long long)all.compared[CHECK_OBJECTS]);
}

static void fail(void *arg)
{
	struct verification all = { .vmas = 0 };
	struct look found;

	*(enum verify_result *)arg = verify_tasks(&all, &found);
}

static void test_no_list(void)
{
	enum verify_result result = VERIFY_DONE;
	char path[96], *said;

	snprintf(path, sizeof(path), "%s/tasks", folder);
	unlink(path);
	said = capture(stderr, fail, &result);
	CHECK(result == VERIFY_FAILED && strstr(said, path), "kcmp: without tasks, it is explained");
	free(said);
}

void test_kcmp_tasks(void)
{
	struct listed wrong[TASKS];

	snprintf(folder, sizeof(folder), "/tmp/sharestat-kcmp.XXXXXX");
	if (!CHECK(mkdtemp(folder), "kcmp: a folder of its own"))
		return;
	source_set_root(folder);
	start();
	CHECK(kcmp_same(pids[1], pids[2], 2) == 1 && kcmp_same(pids[0], pids[1], 2) == 0 &&
	      kcmp_same(pids[1], 0x7fffffff, 2) == -1, "kcmp: one, two, and nobody");
	check(right, 0, 0, 0, NULL, "a list that is right");
	memcpy(wrong, right, sizeof(wrong));
	wrong[3].files = 1;
	check(wrong, 1, pids[0], pids[3], "files", "two tables of files with one id");
	memcpy(wrong, right, sizeof(wrong));
	wrong[2].files = 5;
	check(wrong, 1, pids[1], pids[2], "files", "one table with two ids");
	memcpy(wrong, right, sizeof(wrong));
	wrong[3].fs = 2;
	check(wrong, 1, pids[1], pids[3], "fs", "two folders with one id");
	end(&pids[3]);
	pids[3] = 0x7fffffff;
	list(right, TASKS);
	{
		struct verification all = { .vmas = 0 };
		struct look found;

		CHECK(!verify_tasks(&all, &found) && !all.differing[CHECK_OBJECTS],
		      "kcmp: of who has ended nothing is said");
	}
	test_no_list();
	for (size_t i = 0; i < TASKS - 1; i++)
		end(&pids[i]);
	source_set_root(NULL);
	rmdir(folder);
}
