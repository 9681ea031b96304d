// SPDX-License-Identifier: GPL-2.0
/* Who shares what with whom, out of a snapshot of tasks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/task-sharing.h"
#include "read/snapshot.h"

#define BIT(n) (1u << (n))

/* A user task that owns an object in its own right; see owns(). */
struct owner {
	object_id object;
	pid_t tgid;
};

/* By enum shared_object. "" where no flag of clone(2) shares just that. */
static const char *const object_names[SHARED_OBJECTS] = {
	"mm", "files", "fs", "sighand", "signal", "nsproxy", "io", "sysvsem",
};

static const char *const clone_flags[SHARED_OBJECTS] = {
	"CLONE_VM", "CLONE_FILES", "CLONE_FS", "CLONE_SIGHAND", "", "", "CLONE_IO",
	"CLONE_SYSVSEM",
};

bool task_has_flag(const struct task_record *task, char flag)
{
	return strchr(task->flags, flag);
}

/*
 * Kernel threads share files and fs with each other and with process 1, and
 * kernel workers borrow what they work on: nobody asked for that with clone().
 */
static bool owns(const struct task_record *task)
{
	return !task_has_flag(task, 'K') && !task_has_flag(task, 'W');
}

static int compare_owners(const void *left, const void *right)
{
	const struct owner *a = left, *b = right;

	if (a->object != b->object)
		return a->object < b->object ? -1 : 1;
	return (a->tgid > b->tgid) - (a->tgid < b->tgid);
}

static int compare_tids(const void *left, const void *right)
{
	const struct task_record *a = *(const struct task_record *const *)left;
	const struct task_record *b = *(const struct task_record *const *)right;

	return (a->tid > b->tid) - (a->tid < b->tid);
}

static int index_owners(struct sharing *sharing, enum shared_object kind)
{
	const struct task_record *tasks = sharing->tasks->records;
	struct owner *owners = calloc(sharing->tasks->count + 1, sizeof(*owners));
	size_t count = 0;

	if (!owners)
		return -1;
	for (size_t i = 0; i < sharing->tasks->count; i++)
		if (tasks[i].object[kind] && owns(&tasks[i]))
			owners[count++] = (struct owner) { tasks[i].object[kind],
							   tasks[i].tgid };
	qsort(owners, count, sizeof(*owners), compare_owners);
	sharing->owners[kind] = owners;
	sharing->nowners[kind] = count;
	return 0;
}

int sharing_init(struct sharing *sharing, const struct snapshot *tasks)
{
	const struct task_record *records = tasks->records;

	*sharing = (struct sharing) { .tasks = tasks };
	sharing->by_tid = calloc(tasks->count + 1, sizeof(*sharing->by_tid));
	if (!sharing->by_tid)
		return -1;
	for (size_t i = 0; i < tasks->count; i++)
		sharing->by_tid[i] = &records[i];
	qsort(sharing->by_tid, tasks->count, sizeof(*sharing->by_tid), compare_tids);
	for (int kind = 0; kind < SHARED_OBJECTS; kind++) {
		if (index_owners(sharing, kind)) {
			sharing_free(sharing);
			return -1;
		}
	}
	return 0;
}

void sharing_free(struct sharing *sharing)
{
	for (int kind = 0; kind < SHARED_OBJECTS; kind++)
		free(sharing->owners[kind]);
	free(sharing->by_tid);
}

static const struct task_record *find_task(const struct sharing *sharing, pid_t tid)
{
	struct task_record wanted = { .tid = tid };
	const struct task_record *key = &wanted;
	const struct task_record **found;

	found = bsearch(&key, sharing->by_tid, sharing->tasks->count,
			sizeof(*sharing->by_tid), compare_tids);
	return found ? *found : NULL;
}

const struct task_record *sharing_relative(const struct sharing *sharing,
					   const struct task_record *task)
{
	return find_task(sharing, task->tid == task->tgid ? task->ppid : task->tgid);
}

unsigned int sharing_between(const struct task_record *task,
			     const struct task_record *other)
{
	unsigned int objects = 0;

	for (int kind = 0; kind < SHARED_OBJECTS; kind++)
		if (task->object[kind] && task->object[kind] == other->object[kind])
			objects |= BIT(kind);
	return objects;
}

/* The first of the owners that come not before @wanted. */
static const struct owner *lower_bound(const struct sharing *sharing,
				       enum shared_object kind, struct owner wanted)
{
	const struct owner *owners = sharing->owners[kind];
	size_t low = 0, high = sharing->nowners[kind];

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_owners(&owners[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return owners + low;
}

/* All owners of one object, sorted by tgid: from the first on, up to @end. */
static const struct owner *owners_of(const struct sharing *sharing,
				     enum shared_object kind, object_id object,
				     const struct owner **end)
{
	*end = lower_bound(sharing, kind, (struct owner) { object + 1, 0 });
	return lower_bound(sharing, kind, (struct owner) { object, 0 });
}

/* The lowest thread group but its own that owns the object too, or 0. */
static pid_t other_group(const struct sharing *sharing, enum shared_object kind,
			 const struct task_record *task)
{
	const struct owner *end, *owner;

	if (!task->object[kind])
		return 0;
	owner = owners_of(sharing, kind, task->object[kind], &end);
	if (owner < end && owner->tgid == task->tgid)
		owner = lower_bound(sharing, kind,
				    (struct owner) { owner->object, task->tgid + 1 });
	return owner < end ? owner->tgid : 0;
}

pid_t sharing_lowest(const struct sharing *sharing, const struct task_record *task)
{
	const struct owner *end, *first;

	if (!task->object[OBJECT_MM])
		return 0;
	first = owners_of(sharing, OBJECT_MM, task->object[OBJECT_MM], &end);
	return first < end ? first->tgid : 0;
}

static void join(char *text, size_t size, const char *separator, const char *word)
{
	size_t used = strlen(text);

	if (*word)
		snprintf(text + used, size - used, "%s%s", used ? separator : "", word);
}

void sharing_describe(char *text, size_t size, unsigned int objects)
{
	*text = '\0';
	for (int kind = 0; kind < SHARED_OBJECTS; kind++)
		if (objects & BIT(kind) && kind != OBJECT_NSPROXY)
			join(text, size, ",", object_names[kind]);
}

/* Between vfork() and exec or exit: the child has the flag, the parent waits. */
static bool vfork_in_flight(const struct sharing *sharing,
			    const struct task_record *task)
{
	const struct task_record *parent = sharing_relative(sharing, task);

	return task_has_flag(task, 'V') && parent && task->tid == task->tgid &&
	       sharing_between(task, parent) & BIT(OBJECT_MM);
}

/* Nobody else has the mm of this task but its children of a vfork in flight. */
static bool waits_in_vfork(const struct sharing *sharing,
			   const struct task_record *task)
{
	const struct owner *end, *owner;

	owner = owners_of(sharing, OBJECT_MM, task->object[OBJECT_MM], &end);
	for (; owner < end; owner++) {
		const struct task_record *leader = find_task(sharing, owner->tgid);

		if (owner->tgid == task->tgid)
			continue;
		if (!leader || leader->ppid != task->tgid ||
		    !vfork_in_flight(sharing, leader))
			return false;
	}
	return true;
}

/*
 * The leader of another group to name an odd mix with: the parent if it shares
 * anything, else the lowest that shares the mm, else the files, and so on.
 */
static const struct task_record *counterpart(const struct sharing *sharing,
					     const struct task_record *task)
{
	const struct task_record *parent = sharing_relative(sharing, task);

	if (parent && owns(parent) && sharing_between(task, parent) & ~BIT(OBJECT_NSPROXY))
		return parent;
	for (int kind = 0; kind < SHARED_OBJECTS; kind++) {
		pid_t tgid = *clone_flags[kind] ? other_group(sharing, kind, task) : 0;

		if (tgid)
			return find_task(sharing, tgid);
	}
	return NULL;
}

static void note_across_groups(const struct sharing *sharing,
			       const struct task_record *task, char *text, size_t size)
{
	const struct task_record *other = counterpart(sharing, task);
	unsigned int shared = other ? sharing_between(task, other) : 0;
	char with[32];

	for (int kind = 0; kind < SHARED_OBJECTS; kind++)
		if (shared & BIT(kind))
			join(text, size, "|", clone_flags[kind]);
	if (!*text)
		return;
	join(text, size, " ", shared & BIT(OBJECT_MM) ? "without CLONE_THREAD," :
							"without CLONE_VM,");
	snprintf(with, sizeof(with), "with %d", other->tid);
	join(text, size, " ", with);
}

/* A thread that called unshare(2), or was made with fewer flags than pthreads give. */
static void note_unshared(const struct sharing *sharing,
			  const struct task_record *task, char *text, size_t size)
{
	const struct task_record *leader = sharing_relative(sharing, task);
	char own[32] = "";

	if (!leader)
		return;
	for (int kind = OBJECT_FILES; kind <= OBJECT_FS; kind++)
		if (task->object[kind] && leader->object[kind] &&
		    task->object[kind] != leader->object[kind])
			join(own, sizeof(own), " and ", object_names[kind]);
	if (!*own)
		return;
	join(text, size, ", ", "thread with its own ");
	join(text, size, "", own);
}

/*
 * A main thread that has called pthread_exit(), and left others alone: each of them
 * owns the memory that they have in common.
 */
static void note_ended_leader(const struct sharing *sharing, const struct task_record *task,
			      char *text, size_t size)
{
	object_id mm = snapshot_process(sharing->tasks, task->tgid)->object[OBJECT_MM];
	ptrdiff_t threads;

	if (!mm)
		return;
	threads = lower_bound(sharing, OBJECT_MM, (struct owner) { mm, task->tgid + 1 }) -
		  lower_bound(sharing, OBJECT_MM, (struct owner) { mm, task->tgid });
	snprintf(text, size, "main thread has ended, %td live%s on", threads,
		 threads == 1 ? "s" : "");
}

void sharing_note(const struct sharing *sharing, const struct task_record *task,
		  char *text, size_t size)
{
	*text = '\0';
	if (!owns(task))
		return;
	if (task->tid == task->tgid && !task->object[OBJECT_MM])
		note_ended_leader(sharing, task, text, size);
	else if (task->tid != task->tgid)
		note_unshared(sharing, task, text, size);
	else if (vfork_in_flight(sharing, task))
		join(text, size, "", "vfork in flight");
	else if (other_group(sharing, OBJECT_MM, task) && waits_in_vfork(sharing, task))
		join(text, size, "", "waits for its vfork child");
	else
		note_across_groups(sharing, task, text, size);
}
