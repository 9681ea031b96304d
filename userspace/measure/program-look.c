// SPDX-License-Identifier: GPL-2.0
/* One look at a program: its thread groups, and what their address spaces map. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/hash.h"
#include "lib/xalloc.h"
#include "measure/program-look.h"
#include "measure/read-frame-sets.h"
#include "model/task-sharing.h"
#include "read/formats.h"
#include "read/frame-runs.h"
#include "read/run-list.h"
#include "read/snapshot.h"
#include "read/whole-file.h"
#include "witness/live-thread.h"

struct look {
	struct program *found;
	struct hash_table by_tgid;		/* of the groups */
	struct run_list *runs;			/* of the first group of each address space, */
	const struct run_list **runs_of;	/* and for each group those of that one */
};

static bool is_same_file(pid_t one, pid_t other)
{
	char path[32], names[2][512] = { "", "" };

	snprintf(path, sizeof(path), "/proc/%d/exe", live_thread(one));
	if (readlink(path, names[0], sizeof(names[0]) - 1) < 0)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/exe", live_thread(other));
	if (readlink(path, names[1], sizeof(names[1]) - 1) < 0)
		return false;
	return !strcmp(names[0], names[1]);
}

bool program_forked(pid_t tgid, pid_t ppid)
{
	return task_forked(tgid) && is_same_file(tgid, ppid);
}

struct key {
	const struct program_group *groups;
	uint64_t number;
};

static bool is_tgid(const void *context, size_t index)
{
	const struct key *key = context;

	return (uint64_t)key->groups[index].tgid == key->number;
}

static bool is_mm(const void *context, size_t index)
{
	const struct key *key = context;

	return key->groups[index].object[OBJECT_MM] == key->number;
}

static long find_index(const struct look *look, pid_t tgid)
{
	const struct key key = { look->found->groups, (uint64_t)tgid };

	return hash_find(&look->by_tgid, hash_numbers(key.number, 0), is_tgid, &key);
}

static struct program_group *find_group(const struct look *look, pid_t tgid)
{
	long index = find_index(look, tgid);

	return index < 0 ? NULL : &look->found->groups[index];
}

static void add_group(struct look *look, const struct task_record *leader,
		      const struct task_record *process)
{
	struct program *found = look->found;
	struct program_group *group;

	found->groups = xreallocarray(found->groups, found->ngroups + 1, sizeof(*found->groups));
	if (hash_add(&look->by_tgid, hash_numbers((uint64_t)leader->tgid, 0), found->ngroups))
		out_of_memory();
	group = &found->groups[found->ngroups++];
	*group = (struct program_group) {
		.tgid = leader->tgid, .ppid = leader->ppid, .space = -1,
		.one_mm = true, .one_files = true,
	};
	memcpy(group->comm, leader->comm, sizeof(group->comm));
	memcpy(group->object, process->object, sizeof(group->object));
}

/* In its parent's memory it is not a process of its own yet; and who looks is none of it. */
static bool is_apart(const struct snapshot *tasks, const struct task_record *process)
{
	const struct task_record *parent = snapshot_process(tasks, process->ppid);

	return process->object[OBJECT_MM] && process->tgid != getpid() &&
	       !(task_has_flag(process, 'V') && parent &&
		 parent->object[OBJECT_MM] == process->object[OBJECT_MM]);
}

/*
 * Of the family, and of those that descend from it as far as ppid tells: again while
 * somebody is found whose children may stand before him.
 */
static void find_groups(struct look *look, const struct snapshot *tasks,
			const struct family *family)
{
	size_t before;

	do {
		before = look->found->ngroups;
		for (size_t i = 0; i < tasks->count; i++) {
			const struct task_record *task = snapshot_record(tasks, i), *process;

			if (task->tid != task->tgid || find_group(look, task->tgid))
				continue;
			process = snapshot_process(tasks, task->tgid);
			if (is_apart(tasks, process) &&
			    (family_has(family, task->tgid) || find_group(look, task->ppid)))
				add_group(look, task, process);
		}
	} while (look->found->ngroups > before);
}

static void count_tasks(const struct look *look, const struct snapshot *tasks)
{
	for (size_t i = 0; i < tasks->count; i++) {
		const struct task_record *task = snapshot_record(tasks, i);
		struct program_group *group = find_group(look, task->tgid);

		/* An exiting task has lost both. */
		if (!group || !task->object[OBJECT_MM])
			continue;
		if (task_has_flag(task, 'W'))
			group->workers++;
		else
			group->tasks++;
		group->one_mm &= task->object[OBJECT_MM] == group->object[OBJECT_MM];
		group->one_files &= task->object[OBJECT_FILES] == group->object[OBJECT_FILES];
	}
}

static void ask_parents(const struct look *look, const struct snapshot *tasks)
{
	for (size_t i = 0; i < look->found->ngroups; i++) {
		struct program_group *group = &look->found->groups[i];
		const struct task_record *parent = snapshot_process(tasks, group->ppid);

		if (!parent || !find_group(look, group->ppid))
			continue;
		group->shares = sharing_between(snapshot_process(tasks, group->tgid), parent);
		group->forked = program_forked(group->tgid, group->ppid);
	}
}

/* Not an error: processes end while they are looked at; then there is nothing. */
static void read_runs(struct run_list *runs, pid_t tgid)
{
	bool gone;

	run_list_read(runs, tgid, &gone);
}

/* Each address space once, be it that of several groups and of many children's parent. */
static void read_spaces(struct look *look)
{
	const struct program *found = look->found;
	struct hash_table by_mm = { 0 };

	look->runs = xcalloc(found->ngroups, sizeof(*look->runs));
	look->runs_of = xcalloc(found->ngroups, sizeof(*look->runs_of));
	for (size_t i = 0; i < found->ngroups; i++) {
		const struct key key = { found->groups, found->groups[i].object[OBJECT_MM] };
		uint32_t hash = hash_numbers(key.number, 0);
		long first = hash_find(&by_mm, hash, is_mm, &key);

		if (first < 0 && hash_add(&by_mm, hash, i))
			out_of_memory();
		if (first < 0)
			read_runs(&look->runs[i], found->groups[i].tgid);
		look->runs_of[i] = &look->runs[first < 0 ? i : (size_t)first];
	}
	hash_free(&by_mm);
}

static int read_overlap(const struct look *look)
{
	struct program *found = look->found;
	pid_t *tgids = xcalloc(found->ngroups, sizeof(*tgids));
	int result;

	for (size_t i = 0; i < found->ngroups; i++)
		tgids[i] = found->groups[i].tgid;
	result = overlap_read(&found->overlap, tgids, look->runs_of, found->ngroups);
	free(tgids);
	return result;
}

/* The overlap names an address space by the first group that has it. */
static void find_spaces(const struct look *look)
{
	const struct overlap *overlap = &look->found->overlap;

	for (size_t i = 0; i < look->found->ngroups; i++) {
		const struct program_group *first =
			&look->found->groups[look->runs_of[i] - look->runs];

		for (size_t j = 0; j < overlap->nspaces; j++) {
			if (overlap->spaces[j].tgid == first->tgid)
				look->found->groups[i].space = (int)j;
		}
	}
}

/*
 * A page that was shared copy-on-write and could be written, at one moment. The other's
 * entry was read at another, and may have its own frame by now.
 */
static bool is_open(const struct frame_run *run)
{
	return run->sharing == SHARING_COW && run->pte & SHARESTAT_PTE_WRITE;
}

/* What is left of a fork: anonymous pages that both have at one address. */
static void compare_with_parent(struct program_group *group, const struct run_list *runs,
				const struct run_list *parent)
{
	for (size_t i = 0; i < runs->count; i++) {
		const struct frame_run *run = &runs->runs[i];

		if (!run_is_anonymous(run))
			continue;
		for (uint32_t j = 0; j < run->pages; j++) {
			uint64_t va = run->va + j * runs->page_size;
			const struct frame_run *other = run_list_at(parent, va);

			if (!other || !run_is_anonymous(other))
				continue;
			group->inherited++;
			group->writable += is_open(run) + is_open(other);
			if (run_pfn(run, va, runs->page_size) !=
			    run_pfn(other, va, runs->page_size))
				continue;
			group->still_shared++;
		}
	}
}

static uint64_t empty_tables(const struct snapshot *vmas)
{
	uint64_t tables = 0;

	for (size_t i = 0; i < vmas->count; i++)
		tables += ((const struct vma_record *)snapshot_record(vmas, i))->empty_tables;
	return tables;
}

static void look_at_group(const struct look *look, size_t index)
{
	struct program_group *group = &look->found->groups[index];
	const struct run_list *runs = look->runs_of[index];
	long parent = find_index(look, group->ppid);
	struct snapshot vmas;
	bool gone;

	group->seen = runs->count;
	if (!group->seen)
		return;
	look->found->page_size = runs->page_size;
	if (!snapshot_read_process(&vmas, &format_vmas, group->tgid, &gone)) {
		group->cost = fork_cost(runs, &vmas);
		group->empty_tables = empty_tables(&vmas);
		snapshot_free(&vmas);
	}
	if (parent >= 0 && group->forked && look->runs_of[parent] != runs)
		compare_with_parent(group, runs, look->runs_of[parent]);
}

static void look_at_groups(struct look *look)
{
	for (size_t i = 0; i < look->found->ngroups; i++)
		look_at_group(look, i);
}

static void free_look(struct look *look)
{
	for (size_t i = 0; look->runs && i < look->found->ngroups; i++)
		run_list_free(&look->runs[i]);
	free(look->runs);
	free(look->runs_of);
	hash_free(&look->by_tgid);
}

int program_look(struct program *found, const struct family *family)
{
	struct look look = { .found = found };
	struct snapshot tasks;
	int result = 0;

	*found = (struct program) { 0 };
	if (snapshot_read(&tasks, &format_tasks, NULL, 0))
		return -1;
	find_groups(&look, &tasks, family);
	count_tasks(&look, &tasks);
	ask_parents(&look, &tasks);
	snapshot_free(&tasks);
	if (found->ngroups) {
		read_spaces(&look);
		result = read_overlap(&look);
	}
	if (!result) {
		find_spaces(&look);
		look_at_groups(&look);
	}
	free_look(&look);
	if (result)
		free(found->groups);
	return result;
}
