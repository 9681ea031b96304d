// SPDX-License-Identifier: GPL-2.0
/* Thread groups -> address spaces. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "model/address-spaces.h"
#include "model/task-sharing.h"
#include "read/snapshot.h"

struct wanted {
	const struct spaces *spaces;
	object_id mm;
	pid_t tgid;
};

static bool is_member(const void *context, size_t index)
{
	const struct wanted *wanted = context;

	return wanted->spaces->members[index].tgid == wanted->tgid;
}

static struct space_member *find_member(const struct spaces *spaces, pid_t tgid)
{
	const struct wanted wanted = { .spaces = spaces, .tgid = tgid };
	long at = hash_find(&spaces->by_tgid, hash_numbers((uint64_t)tgid, 0), is_member,
			    &wanted);

	return at < 0 ? NULL : &spaces->members[at];
}

/* No space is without a member. */
static void make_room(struct spaces *spaces, size_t more)
{
	if (spaces->nmembers + more <= spaces->room)
		return;
	spaces->room = 2 * spaces->nmembers + more;
	spaces->list = xreallocarray(spaces->list, spaces->room, sizeof(*spaces->list));
	spaces->members = xreallocarray(spaces->members, spaces->room,
					sizeof(*spaces->members));
}

static bool is_wanted(const void *context, size_t index)
{
	const struct wanted *wanted = context;

	return wanted->spaces->list[index].mm == wanted->mm;
}

static struct space *find_mm(const struct spaces *spaces, object_id mm)
{
	const struct wanted wanted = { .spaces = spaces, .mm = mm };
	long at = mm ? hash_find(&spaces->by_mm, hash_numbers(mm, 0), is_wanted, &wanted) : -1;

	return at < 0 ? NULL : &spaces->list[at];
}

static struct space *add_space(struct spaces *spaces, object_id mm, pid_t tgid,
			       const char *comm)
{
	struct space *space = &spaces->list[spaces->count++];

	if (mm && hash_add(&spaces->by_mm, hash_numbers(mm, 0), spaces->count - 1))
		out_of_memory();
	*space = (struct space) { .mm = mm, .tgid = tgid };
	snprintf(space->comm, sizeof(space->comm), "%s", comm);
	return space;
}

static void add_member(struct spaces *spaces, struct space *space, pid_t tgid)
{
	if (hash_add(&spaces->by_tgid, hash_numbers((uint64_t)tgid, 0), spaces->nmembers))
		out_of_memory();
	spaces->members[spaces->nmembers++] = (struct space_member) {
		.tgid = tgid, .space = (uint32_t)(space - spaces->list),
	};
	space->groups++;
}

/* What has an mm of its own: no kernel thread and no kernel worker. */
static bool counts(const struct task_record *task)
{
	return task->object[OBJECT_MM] && !task_has_flag(task, 'K') &&
	       !task_has_flag(task, 'W');
}

static int compare_tasks(const void *left, const void *right)
{
	const struct task_record *a = *(const struct task_record *const *)left;
	const struct task_record *b = *(const struct task_record *const *)right;

	if (a->tgid != b->tgid)
		return a->tgid < b->tgid ? -1 : 1;
	/* The leader's name is the process's. */
	return (a->tid > b->tid) - (a->tid < b->tid);
}

static void add_tasks(struct spaces *spaces, const struct task_record **tasks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct task_record *task = tasks[i];
		struct space *space;

		if (find_member(spaces, task->tgid))
			continue;
		space = find_mm(spaces, task->object[OBJECT_MM]);
		if (!space)
			space = add_space(spaces, task->object[OBJECT_MM], task->tgid,
					  task->comm);
		add_member(spaces, space, task->tgid);
	}
}

void spaces_add(struct spaces *spaces, const struct snapshot *snapshot)
{
	const struct task_record *records = snapshot->records;
	const struct task_record **tasks = xcalloc(snapshot->count + 1, sizeof(*tasks));
	size_t count = 0;

	make_room(spaces, snapshot->count + 1);
	for (size_t i = 0; i < snapshot->count; i++)
		if (counts(&records[i]) && !find_member(spaces, records[i].tgid))
			tasks[count++] = &records[i];
	qsort(tasks, count, sizeof(*tasks), compare_tasks);
	add_tasks(spaces, tasks, count);
	free(tasks);
}

void spaces_free(struct spaces *spaces)
{
	free(spaces->list);
	free(spaces->members);
	hash_free(&spaces->by_mm);
	hash_free(&spaces->by_tgid);
	*spaces = (struct spaces) { 0 };
}

void spaces_add_ended(struct spaces *spaces, pid_t tgid)
{
	make_room(spaces, 1);
	add_member(spaces, add_space(spaces, 0, tgid, "[ended]"), tgid);
}

long spaces_known(struct spaces *spaces, pid_t tgid)
{
	const struct space_member *member;

	if (spaces->last.tgid == tgid)
		return spaces->last.space;
	member = find_member(spaces, tgid);
	if (!member)
		return -1;
	spaces->last = *member;
	return member->space;
}

bool spaces_first(struct spaces *spaces, long index, pid_t tgid)
{
	struct space *space = &spaces->list[index];

	if (!space->walked)
		space->walked = tgid;
	return space->walked == tgid;
}
