// SPDX-License-Identifier: GPL-2.0
/*
 * Looks at a program again and again while it runs, each time as long away from
 * the last as keeps the cost below a tenth (but a second at most), and keeps the
 * look that saw most.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "measure/birth-trace.h"
#include "measure/clock.h"
#include "measure/counting.h"
#include "measure/launch.h"
#include "measure/program-look.h"
#include "measure/program-watch.h"
#include "model/descendants.h"
#include "model/program.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

#define LOOK_INTERVAL 0.2	/* seconds, at least */
#define LOOK_INTERVAL_MOST 1.0	/* else what lives for seconds is never seen */

/* Up to the first that was not forked by another of the program. */
static pid_t root_of(const struct snapshot *tasks, pid_t tgid)
{
	for (int depth = 0; depth < 64; depth++) {
		const struct task_record *task = snapshot_task(tasks, tgid);

		if (!task || task->ppid <= 1 || !program_forked(tgid, task->ppid))
			break;
		tgid = task->ppid;
	}
	return tgid;
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
		pages += space_size_all(&program->overlap.spaces[i].size);
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
	struct program found;

	if (program_look(&found, family))
		return -1;
	if (found.ngroups)
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
	pid_t *roots = xcalloc(count, sizeof(*roots));
	struct snapshot tasks;

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
