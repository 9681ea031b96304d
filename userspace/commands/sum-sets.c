// SPDX-License-Identifier: GPL-2.0
/* What `sharestat sum` adds up; see sum-sets.h. */
#include <err.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/sum-sets.h"
#include "lib/utf8.h"
#include "lib/xalloc.h"
#include "model/process-tree.h"
#include "read/formats.h"
#include "read/open.h"
#include "read/whole-file.h"
#include "witness/proc-task.h"

#define ENDED "[ended]"

static const struct {
	const char *word;
	const char *unrecorded;		/* what a recording does not say; NULL: it does */
} choices[] = {
	[SUM_BY_COMM] = { "comm", NULL },
	[SUM_BY_USER] = { "user", "whose processes they are" },
	[SUM_BY_SESSION] = { "session", "of which session they are" },
	[SUM_BY_TREE] = { "tree", NULL },
	[SUM_BY_CGROUP] = { "cgroup", "of which cgroup they are" },
};

int sum_sets_choose(struct sum_sets *sets, const char *word)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++) {
		if (strcmp(choices[i].word, word))
			continue;
		sets->by = (enum sum_by)i;
		if (!choices[i].unrecorded || !source_recorded())
			return 0;
		warnx("a recording does not say %s; leave --by %s out", choices[i].unrecorded,
		      word);
		return -1;
	}
	warnx("--by takes comm, user, session, tree or cgroup, not '%s'", word);
	return -1;
}

static bool needs_tasks(const struct sum_sets *sets)
{
	return sets->by == SUM_BY_SESSION || sets->by == SUM_BY_TREE;
}

int sum_sets_begin(struct sum_sets *sets, const pid_t *pids, size_t count)
{
	if (!needs_tasks(sets))
		return 0;
	pid_list_init(&sets->roots, pids, count);
	return snapshot_read(&sets->tasks, &format_tasks, NULL, 0);
}

void sum_sets_free(struct sum_sets *sets)
{
	pid_list_free(&sets->roots);
	snapshot_free(&sets->tasks);
}

/* Who has begun since the last look is in another one. */
static void look_again(struct sum_sets *sets, pid_t tgid)
{
	struct snapshot tasks;

	if (snapshot_task(&sets->tasks, tgid) || source_recorded() ||
	    snapshot_read(&tasks, &format_tasks, NULL, 0))
		return;
	snapshot_free(&sets->tasks);
	sets->tasks = tasks;
}

/* The number comes first: it stays where a name is cut off. */
static char *name_of_process(const struct sum_sets *sets, pid_t tgid)
{
	const struct task_record *task = snapshot_task(&sets->tasks, tgid);
	char *name;

	if (asprintf(&name, "%d:%s", tgid, task ? task->comm : tgid ? ENDED : "-") < 0)
		out_of_memory();
	return name;
}

static char *name_of_user(pid_t tgid)
{
	const struct passwd *user;
	char number[16];
	uid_t owner;

	if (!proc_owner(tgid, &owner))
		return xstrdup(ENDED);
	user = getpwuid(owner);
	snprintf(number, sizeof(number), "%u", owner);
	return xstrdup(user ? user->pw_name : number);
}

static char *name_of_session(struct sum_sets *sets, pid_t tgid)
{
	pid_t session;

	look_again(sets, tgid);
	return proc_session(tgid, &session) ? name_of_process(sets, session) : xstrdup(ENDED);
}

static char *name_of_tree(struct sum_sets *sets, pid_t tgid)
{
	pid_t root;

	look_again(sets, tgid);
	root = tree_root(&sets->tasks, tgid, &sets->roots);
	return root ? name_of_process(sets, root) : xstrdup(ENDED);
}

static char *name_of_cgroup(pid_t tgid)
{
	char path[4096], *name;

	if (!proc_cgroup(tgid, path, sizeof(path)))
		return xstrdup(ENDED);
	if (!*path)
		return xstrdup("[none]");
	name = xcalloc(3, sizeof(path));
	utf8_repair(name, 3 * sizeof(path), path);
	return name;
}

char *sum_sets_name(struct sum_sets *sets, const struct space *space)
{
	switch (sets->by) {
	case SUM_BY_USER:
		return name_of_user(space->tgid);
	case SUM_BY_SESSION:
		return name_of_session(sets, space->tgid);
	case SUM_BY_TREE:
		return name_of_tree(sets, space->tgid);
	case SUM_BY_CGROUP:
		return name_of_cgroup(space->tgid);
	case SUM_BY_COMM:
		break;
	}
	return xstrdup(space->comm);
}
