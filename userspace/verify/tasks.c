// SPDX-License-Identifier: GPL-2.0
/*
 * The ids of `tasks` against kcmp(2): tasks with one id must have one object, and
 * those with different ids different ones. kcmp() gives an order of objects, so
 * that n different ones need n log n questions and not all pairs.
 */
#include <err.h>
#include <errno.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/formats.h"
#include "read/snapshot.h"
#include "read/whole-file.h"
#include "verify/verify.h"
#include "witness/kcmp.h"

static const struct {
	enum shared_object object;
	int type;
	const char *name;
} kinds[] = {
	{ OBJECT_MM, KCMP_VM, "mm" },
	{ OBJECT_FILES, KCMP_FILES, "files" },
	{ OBJECT_FS, KCMP_FS, "fs" },
	{ OBJECT_SIGHAND, KCMP_SIGHAND, "sighand" },
	{ OBJECT_IO, KCMP_IO, "io" },
	{ OBJECT_SYSVSEM, KCMP_SYSVSEM, "sysvsem" },
};

struct owner {
	object_id id;
	pid_t tid;
};

/* For qsort(), which hands nothing on. */
static int compared_type;
static bool compared_in_vain;

/* <0, 0, >0; tasks may end meanwhile. */
static int ask(pid_t one, pid_t other, int type)
{
	int order = kcmp_order(one, other, type);

	if (order < 0 || order > 2) {
		compared_in_vain = true;
		return 0;
	}
	return order == 1 ? -1 : order == 2;
}

static int compare_ids(const void *left, const void *right)
{
	const struct owner *a = left, *b = right;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return (a->tid > b->tid) - (a->tid < b->tid);
}

static int compare_objects(const void *left, const void *right)
{
	const struct owner *a = left, *b = right;

	return ask(a->tid, b->tid, compared_type);
}

/* ours, theirs: is it one object? */
static void compare(struct look *look, size_t kind, const struct owner *one,
		    const struct owner *other)
{
	struct difference difference = { .check = CHECK_OBJECTS, .pid = one->tid,
					 .where = (uint64_t)other->tid };
	int order;

	compared_in_vain = false;
	order = ask(one->tid, other->tid, kinds[kind].type);
	if (compared_in_vain)
		return;
	difference.ours = one->id == other->id;
	difference.theirs = order == 0;
	snprintf(difference.name, sizeof(difference.name), "%s", kinds[kind].name);
	look_compare(look, &difference);
}

static size_t collect(struct owner *owners, const struct snapshot *tasks,
		      enum shared_object object)
{
	const struct task_record *records = tasks->records;
	size_t count = 0;

	for (size_t i = 0; i < tasks->count; i++)
		if (records[i].object[object])
			owners[count++] = (struct owner) { records[i].object[object],
							   records[i].tid };
	qsort(owners, count, sizeof(*owners), compare_ids);
	return count;
}

static void compare_kind(struct look *look, const struct snapshot *tasks, size_t kind,
			 struct owner *owners)
{
	size_t count = collect(owners, tasks, kinds[kind].object), firsts = 0;

	for (size_t i = 0; i < count; i++) {
		if (firsts && owners[firsts - 1].id == owners[i].id)
			compare(look, kind, &owners[firsts - 1], &owners[i]);
		else
			owners[firsts++] = owners[i];
	}
	compared_type = kinds[kind].type;
	qsort(owners, firsts, sizeof(*owners), compare_objects);
	for (size_t i = 1; i < firsts; i++)
		compare(look, kind, &owners[i - 1], &owners[i]);
}

/* At all tasks: none is chosen. */
static enum verify_result look_once(const struct verification *verification, pid_t tgid,
				    struct look *look)
{
	struct snapshot tasks;
	struct owner *owners;

	(void)verification;
	(void)tgid;
	memset(look, 0, sizeof(*look));
	if (snapshot_read(&tasks, &format_tasks, NULL, 0))
		return VERIFY_FAILED;
	owners = calloc(tasks.count + 1, sizeof(*owners));
	if (!owners)
		warn("tasks");
	for (size_t kind = 0; owners && kind < sizeof(kinds) / sizeof(kinds[0]); kind++)
		compare_kind(look, &tasks, kind, owners);
	snapshot_free(&tasks);
	free(owners);
	return owners ? VERIFY_DONE : VERIFY_FAILED;
}

enum verify_result verify_tasks(struct verification *verification, struct look *found)
{
	return look_again(verification, look_once, 0, found);
}
