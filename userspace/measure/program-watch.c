// SPDX-License-Identifier: GPL-2.0
/*
 * Looks at a program again and again while it runs, each time as long away from
 * the last as keeps the cost below a tenth (but a second at most), and keeps the
 * look that saw most.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure/birth-trace.h"
#include "measure/clock.h"
#include "measure/counting.h"
#include "measure/launch.h"
#include "measure/program-watch.h"
#include "measure/read-frame-sets.h"
#include "model/descendants.h"
#include "model/program.h"
#include "model/task-sharing.h"
#include "read/formats.h"
#include "read/frame-runs.h"
#include "read/run-list.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

#define LOOK_INTERVAL 0.2	/* seconds, at least */
#define LOOK_INTERVAL_MOST 1.0	/* else what lives for seconds is never seen */

static bool same_program(pid_t one, pid_t other)
{
	char path[32], names[2][512] = { "", "" };

	snprintf(path, sizeof(path), "/proc/%d/exe", one);
	if (readlink(path, names[0], sizeof(names[0]) - 1) < 0)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/exe", other);
	if (readlink(path, names[1], sizeof(names[1]) - 1) < 0)
		return false;
	return !strcmp(names[0], names[1]);
}

/* Up to the first process that runs the same file: that one was the first. */
static pid_t root_of(const struct snapshot *tasks, pid_t tgid)
{
	for (int depth = 0; depth < 64; depth++) {
		const struct task_record *task = snapshot_task(tasks, tgid);

		if (!task || task->ppid <= 1 || !same_program(tgid, task->ppid))
			break;
		tgid = task->ppid;
	}
	return tgid;
}

static struct program_group *find_group(struct program_group *groups, size_t count, pid_t tgid)
{
	for (size_t i = 0; i < count; i++) {
		if (groups[i].tgid == tgid)
			return &groups[i];
	}
	return NULL;
}

static void add_group(struct program *program, const struct task_record *leader)
{
	struct program_group *group;

	program->groups = reallocarray(program->groups, program->ngroups + 1,
				       sizeof(*program->groups));
	if (!program->groups)
		err(EXIT_FAILURE, "program");
	group = &program->groups[program->ngroups++];
	*group = (struct program_group) {
		.tgid = leader->tgid, .ppid = leader->ppid, .space = -1,
		.one_mm = true, .one_files = true,
	};
	memcpy(group->comm, leader->comm, sizeof(group->comm));
	memcpy(group->object, leader->object, sizeof(group->object));
}

/* Of the family, and of those that descend from it as far as ppid tells. */
static void find_groups(struct program *program, const struct snapshot *tasks,
			const struct family *family)
{
	size_t before;

	do {
		before = program->ngroups;
		for (size_t i = 0; i < tasks->count; i++) {
			const struct task_record *task = snapshot_record(tasks, i);

			if (task->tid != task->tgid || !task->object[OBJECT_MM] ||
			    find_group(program->groups, program->ngroups, task->tgid))
				continue;
			if (family_has(family, task->tgid) ||
			    find_group(program->groups, program->ngroups, task->ppid))
				add_group(program, task);
		}
	} while (program->ngroups > before);
}

static void count_tasks(struct program *program, const struct snapshot *tasks)
{
	for (size_t i = 0; i < tasks->count; i++) {
		const struct task_record *task = snapshot_record(tasks, i);
		struct program_group *group = find_group(program->groups, program->ngroups,
							 task->tgid);

		/* An exiting task has lost both. */
		if (!group || !task->object[OBJECT_MM])
			continue;
		group->tasks++;
		group->one_mm &= task->object[OBJECT_MM] == group->object[OBJECT_MM];
		group->one_files &= task->object[OBJECT_FILES] == group->object[OBJECT_FILES];
	}
}

static void ask_parents(struct program *program, const struct snapshot *tasks)
{
	for (size_t i = 0; i < program->ngroups; i++) {
		struct program_group *group = &program->groups[i];
		const struct task_record *parent = snapshot_task(tasks, group->ppid);
		const struct task_record *task = snapshot_task(tasks, group->tgid);

		if (!find_group(program->groups, program->ngroups, group->ppid) || !parent)
			continue;
		group->shares = sharing_between(task, parent);
		group->forked = same_program(group->tgid, group->ppid);
	}
}

static void find_spaces(struct program *program)
{
	const struct overlap *overlap = &program->overlap;

	for (size_t i = 0; i < program->ngroups; i++) {
		struct program_group *group = &program->groups[i], *other = group;

		/* The overlap names an address space by the first group that has it. */
		for (size_t j = 0; j < i && other == group; j++) {
			if (program->groups[j].object[OBJECT_MM] == group->object[OBJECT_MM])
				other = &program->groups[j];
		}
		for (size_t j = 0; j < overlap->nspaces; j++) {
			if (overlap->spaces[j].tgid == other->tgid)
				group->space = (int)j;
		}
	}
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
			if (run_pfn(run, va, runs->page_size) !=
			    run_pfn(other, va, runs->page_size))
				continue;
			group->still_shared++;
			group->writable += (run->pte | other->pte) & SHARESTAT_PTE_WRITE &&
					   run->sharing == SHARING_COW;
		}
	}
}

/* Not an error: processes end while they are looked at. */
static bool read_runs(struct run_list *runs, pid_t tgid)
{
	bool gone;

	return !run_list_read(runs, tgid, &gone);
}

static void look_at_group(struct program *program, struct program_group *group)
{
	struct program_group *parent = find_group(program->groups, program->ngroups, group->ppid);
	struct run_list runs, parents;
	struct snapshot vmas;

	if (!read_runs(&runs, group->tgid))
		return;
	group->seen = runs.count;
	program->page_size = runs.page_size;
	if (!snapshot_read(&vmas, &format_vmas, &group->tgid, 1)) {
		group->cost = fork_cost(&runs, &vmas);
		snapshot_free(&vmas);
	}
	if (parent && group->forked && parent->object[OBJECT_MM] != group->object[OBJECT_MM] &&
	    read_runs(&parents, parent->tgid)) {
		compare_with_parent(group, &runs, &parents);
		run_list_free(&parents);
	}
	run_list_free(&runs);
}

static int read_overlap(struct program *program)
{
	pid_t *tgids = calloc(program->ngroups + 1, sizeof(*tgids));
	int result;

	if (!tgids)
		err(EXIT_FAILURE, "program");
	for (size_t i = 0; i < program->ngroups; i++)
		tgids[i] = program->groups[i].tgid;
	result = overlap_read(&program->overlap, tgids, program->ngroups);
	free(tgids);
	return result;
}

static uint64_t cow_frames_of(const struct overlap *overlap)
{
	uint64_t frames = 0;

	for (size_t i = 0; i < overlap->ngroups; i++) {
		if (overlap->groups[i].sharing == SHARING_COW &&
		    overlap_members(&overlap->groups[i]) > 1)
			frames += overlap->groups[i].frames;
	}
	return frames;
}

/* How much was seen: who ended in the middle of the look counts for nothing. */
static uint64_t weight(const struct program *program)
{
	uint64_t tasks = 0, pages = 0;

	for (size_t i = 0; i < program->ngroups; i++)
		tasks += program->groups[i].seen ? program->groups[i].tasks : 0;
	for (size_t i = 0; i < program->overlap.nspaces; i++)
		pages += program->overlap.spaces[i].rss >> 12;
	return tasks << 40 | pages;
}

static void free_look(struct program *look)
{
	free(look->groups);
	overlap_free(&look->overlap);
}

static void keep(struct program *program, struct program *look)
{
	uint64_t cow = cow_frames_of(&look->overlap);

	program->cow_first = program->looks ? program->cow_first : cow;
	program->cow_most = cow > program->cow_most ? cow : program->cow_most;
	program->cow_last = cow;
	program->looks++;
	if (program->looks > 1 && weight(look) < weight(program)) {
		free_look(look);
		return;
	}
	free_look(program);
	program->groups = look->groups;
	program->ngroups = look->ngroups;
	program->overlap = look->overlap;
	program->page_size = look->page_size;
}

/* Return: 0 also when there was nothing left to look at; -1 after an explanation. */
static int look(struct program *program, const struct family *family)
{
	struct program found = { 0 };
	struct snapshot tasks;

	if (snapshot_read(&tasks, &format_tasks, NULL, 0))
		return -1;
	find_groups(&found, &tasks, family);
	count_tasks(&found, &tasks);
	ask_parents(&found, &tasks);
	snapshot_free(&tasks);
	if (!found.ngroups)
		return 0;
	if (read_overlap(&found)) {
		free(found.groups);
		return -1;
	}
	find_spaces(&found);
	for (size_t i = 0; i < found.ngroups; i++)
		look_at_group(&found, &found.groups[i]);
	keep(program, &found);
	return 0;
}

/* Return: when to look again. */
static double look_and_wait(struct program *program, struct family *family, int *result)
{
	double began = now_seconds(), cost;

	family_update(family);
	*result = look(program, family);
	cost = now_seconds() - began;
	if (9 * cost > LOOK_INTERVAL_MOST)
		return now_seconds() + LOOK_INTERVAL_MOST;
	return now_seconds() + (9 * cost > LOOK_INTERVAL ? 9 * cost : LOOK_INTERVAL);
}

static int begin(struct program *program, struct stat_counting *counting, const pid_t *tgids,
		 size_t count)
{
	*program = (struct program) { 0 };
	if (stat_begin(counting, tgids, count))
		return -1;
	snprintf(program->why_not_followed, sizeof(program->why_not_followed), "%s",
		 counting->family.why);
	return 0;
}

static int finish(struct program *program, struct stat_counting *counting, int result)
{
	if (!result)
		result = stat_read(counting, &program->run);
	stat_end(counting);
	return result;
}

/* All relatives count: what they do, and not only what they share. */
static void add_relatives(struct program *program, struct family *family)
{
	for (size_t i = 0; i < program->ngroups; i++)
		family_add(family, program->groups[i].tgid);
}

static pid_t *roots_of(const pid_t *tgids, size_t count)
{
	pid_t *roots = calloc(count, sizeof(*roots));
	struct snapshot tasks;

	if (!roots)
		err(EXIT_FAILURE, "program");
	if (snapshot_read(&tasks, &format_tasks, NULL, 0)) {
		free(roots);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		roots[i] = root_of(&tasks, tgids[i]);
	snapshot_free(&tasks);
	return roots;
}

int program_watch(struct program *program, const pid_t *tgids, size_t count, double seconds)
{
	pid_t *roots = roots_of(tgids, count);
	struct stat_counting counting;
	double end, next;
	int result;

	if (!roots)
		return -1;
	result = begin(program, &counting, roots, count);
	free(roots);
	if (result)
		return -1;
	end = now_seconds() + seconds;
	do {
		next = look_and_wait(program, &counting.family, &result);
		if (program->looks == 1)
			add_relatives(program, &counting.family);
		sleep_until(next < end ? next : end);
	} while (!result && next < end);
	if (!result)
		result = look(program, &counting.family);
	return finish(program, &counting, result);
}

int program_run(struct program *program, char **command)
{
	struct stat_counting counting;
	struct launch launch;
	double next;
	int result;

	if (launch_start(&launch, command))
		return -1;
	result = begin(program, &counting, &launch.pid, 1);
	if (result) {
		launch_end(&launch);
		return -1;
	}
	launch_go(&launch);
	next = now_seconds();
	while (!result && !launch_ended(&launch, next)) {
		/* Before its exec it is a copy of this tool. */
		if (launch_executed(&launch))
			next = look_and_wait(program, &counting.family, &result);
		else
			next = now_seconds() + LOOK_INTERVAL / 100;
	}
	program->command = command;
	family_update(&counting.family);
	result = finish(program, &counting, result);
	if (launch_end(&launch) && !result)
		result = 1;
	program->status = launch.status;
	return result;
}

void program_free(struct program *program)
{
	free_look(program);
}
