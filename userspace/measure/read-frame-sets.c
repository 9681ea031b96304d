// SPDX-License-Identifier: GPL-2.0
/* Looks at the frames of some processes, one after the other. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "measure/read-frame-sets.h"
#include "read/formats.h"
#include "read/frame-runs.h"
#include "read/run-list.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

/* The address spaces of these processes, each once; @first: whose number stands for it. */
static int find_spaces(struct overlap *overlap, const pid_t *tgids, size_t count,
		       size_t first[OVERLAP_SPACES])
{
	object_id mms[OVERLAP_SPACES] = { 0 };
	const struct task_record *task;
	struct snapshot tasks, sizes;

	if (snapshot_read(&tasks, &format_tasks, NULL, 0))
		return -1;
	if (snapshot_read(&sizes, &format_mms, NULL, 0)) {
		snapshot_free(&tasks);
		return -1;
	}
	for (size_t i = 0; i < count; i++) {
		size_t known = 0;

		task = snapshot_process(&tasks, tgids[i]);
		if (!task || !task->object[OBJECT_MM])
			continue;
		while (known < overlap->nspaces && mms[known] != task->object[OBJECT_MM])
			known++;
		if (known == OVERLAP_SPACES) {
			overlap->left_out++;
			continue;
		}
		if (known == overlap->nspaces) {
			first[known] = i;
			mms[overlap->nspaces++] = task->object[OBJECT_MM];
			overlap->spaces[known].tgid = task->tgid;
			memcpy(overlap->spaces[known].comm, task->comm, sizeof(task->comm));
		}
		overlap->spaces[known].groups++;
	}
	for (size_t i = 0; i < sizes.count; i++) {
		const struct mm_record *mm = snapshot_record(&sizes, i);

		for (size_t j = 0; j < overlap->nspaces; j++) {
			if (mms[j] != mm->mm)
				continue;
			overlap->spaces[j].tasks = mm->tasks;
			overlap->spaces[j].pgtables = mm->pgtables;
		}
	}
	snapshot_free(&sizes);
	snapshot_free(&tasks);
	return 0;
}

static int read_size(struct overlap_space *space, const struct run_list *runs)
{
	struct space_sizer sizer = { .count = 0 };
	int result = 0;

	for (size_t i = 0; i < runs->count && !result; i++)
		result = space_sizer_add(&sizer, &runs->runs[i]);
	space->size = space_sizer_end(&sizer);
	space_sizer_free(&sizer);
	return result;
}

/* The mappings of address spaces, one after the other. */
struct mappings {
	struct mapping *list;
	size_t used, capacity;
};

static int add_space(struct overlap *overlap, size_t space, const struct run_list *runs,
		     struct mappings *mappings)
{
	if (runs->page_size)
		overlap->page_size = runs->page_size;
	if (read_size(&overlap->spaces[space], runs)) {
		warn("sizes");
		return -1;
	}
	for (size_t i = 0; i < runs->count; i++) {
		if (!overlap_add(&mappings->list, &mappings->used, &mappings->capacity,
				 &runs->runs[i], (uint32_t)space, runs->page_size))
			continue;
		if (overlap_room(mappings->used + runs->runs[i].pages))
			warnx("no memory for more than %zu mapped pages", mappings->used);
		else
			warnx("the processes map more than %u pages, which is too much to compare page by page; choose fewer or smaller ones",
			      OVERLAP_MAPPINGS);
		return -1;
	}
	return 0;
}

static int read_space(struct overlap *overlap, size_t space, struct mappings *mappings)
{
	struct run_list runs;
	bool gone;
	int result;

	if (run_list_read(&runs, overlap->spaces[space].tgid, &gone))
		return gone ? 0 : -1;
	result = add_space(overlap, space, &runs, mappings);
	run_list_free(&runs);
	return result;
}

int overlap_read(struct overlap *overlap, const pid_t *tgids, const struct run_list *const *runs,
		 size_t count)
{
	struct mappings mappings = { 0 };
	size_t first[OVERLAP_SPACES];
	int result = 0;

	*overlap = (struct overlap) { 0 };
	if (find_spaces(overlap, tgids, count, first))
		return -1;
	for (size_t i = 0; i < overlap->nspaces && !result; i++)
		result = runs ? add_space(overlap, i, runs[first[i]], &mappings) :
				read_space(overlap, i, &mappings);
	if (!result) {
		result = overlap_count(overlap, mappings.list, mappings.used);
		if (result)
			warn("overlap");
	}
	free(mappings.list);
	if (result)
		overlap_free(overlap);
	return result;
}
