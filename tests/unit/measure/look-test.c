// SPDX-License-Identifier: GPL-2.0
/*
 * A look at a program that was recorded: each address space is read once, and what is said
 * of a child and its parent is what their pages say, compared one by one.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/frame-runs.h"
#include "read/open.h"
#include "read/run-list.h"
#include "witness/live-thread.h"

static unsigned int reads;

static int counted_read(struct run_list *list, pid_t tgid, bool *gone)
{
	reads++;
	return run_list_read(list, tgid, gone);
}

/* All run one file. */
static ssize_t link_of(const char *path, char *text, size_t size)
{
	return path && size > 1 ? (*text = 'x', 1) : -1;
}

/* And none has called exec. */
static bool forked_of(pid_t tid)
{
	return tid > 0;
}

#define run_list_read counted_read
#define task_forked forked_of
#define readlink link_of
#include "measure/program-look.c"
#include "tap.h"
#undef task_forked
#undef readlink
#undef run_list_read

#define ROOT_OF_FAMILY 140

/* Pages that both have, by looking at each of one and each of the other. */
static void count_common(const struct run_list *one, const struct run_list *other,
			 uint64_t *inherited, uint64_t *shared)
{
	for (size_t i = 0; i < one->count; i++)
		for (size_t j = 0; j < other->count; j++)
			for (uint64_t page = 0; page < one->runs[i].pages; page++) {
				const struct frame_run *a = &one->runs[i], *b = &other->runs[j];
				uint64_t va = a->va + page * one->page_size;

				if (!run_is_anonymous(a) || !run_is_anonymous(b) || va < b->va ||
				    va >= b->va + b->pages * one->page_size)
					continue;
				++*inherited;
				*shared += run_pfn(a, va, one->page_size) ==
					   run_pfn(b, va, one->page_size);
			}
}

static void check_child(const struct program *found, pid_t tgid, pid_t ppid)
{
	const struct program_group *group = found->groups;
	uint64_t inherited = 0, shared = 0;
	struct run_list child, parent;

	while (group->tgid != tgid)
		group++;
	run_list_read(&child, tgid, NULL);
	run_list_read(&parent, ppid, NULL);
	count_common(&child, &parent, &inherited, &shared);
	CHECK(group->forked && inherited && group->inherited == inherited &&
	      group->still_shared == shared, "look: %d inherited %llu pages of %d, %llu are shared",
	      tgid, (unsigned long long)inherited, ppid, (unsigned long long)shared);
	run_list_free(&child);
	run_list_free(&parent);
}

/* As vfork(2) makes them, and clone(2) with CLONE_VM. */
static void check_one_space(void)
{
	struct program_group groups[] = {
		{ .tgid = 169, .object[OBJECT_MM] = 1 }, { .tgid = 170, .object[OBJECT_MM] = 2 },
		{ .tgid = 173, .object[OBJECT_MM] = 1 },
	};
	struct program found = { .groups = groups, .ngroups = 3 };
	struct look look = { .found = &found };

	reads = 0;
	read_spaces(&look);
	CHECK(reads == 2 && look.runs_of[2] == look.runs_of[0] && look.runs_of[1]->count,
	      "look: what two processes have in one address space is read once");
	free_look(&look);
}

/* A page that is open by what one walk says; walks at two moments say nothing together. */
static void check_open(void)
{
	const uint8_t w = SHARESTAT_PTE_WRITE;
	struct frame_run mine = { .pages = 1, .pfn = 7, .sharing = SHARING_COW };
	struct frame_run other = { .pages = 1, .pfn = 7, .sharing = SHARING_PRIVATE, .pte = w };
	struct run_list runs = { .runs = &mine, .count = 1, .page_size = 4096 };
	struct run_list parent = { .runs = &other, .count = 1, .page_size = 4096 };
	struct program_group group = { 0 };

	compare_with_parent(&group, &runs, &parent);
	CHECK(group.inherited == 1 && !group.writable,
	      "look: a page that the parent had for itself by then is not open");
	other.sharing = SHARING_COW;
	compare_with_parent(&group, &runs, &parent);
	CHECK(group.writable == 1, "look: one that was shared and writable at a moment is");
	other.pte = 0;
	mine.pte = w;
	compare_with_parent(&group, &runs, &parent);
	CHECK(group.writable == 2, "look: be it the child's");
}

static void add_task(struct task_record *task, pid_t tgid, pid_t ppid, object_id mm,
		     const char *flags)
{
	*task = (struct task_record) { .tid = tgid, .tgid = tgid, .ppid = ppid };
	task->object[OBJECT_MM] = mm;
	snprintf(task->flags, sizeof(task->flags), "%s", flags);
}

/* Who of a snapshot counts: not one in a vfork, and not the observer. */
static void check_members(void)
{
	struct task_record records[4];
	struct snapshot tasks = { .records = records, .count = 4, .format = &format_tasks };
	struct program found = { 0 };
	struct look look = { .found = &found };
	struct family family;

	add_task(&records[0], 1009, 1, 5, "L");
	add_task(&records[1], 1013, 1009, 5, "LV");
	add_task(&records[2], 1019, 1009, 6, "LV");
	add_task(&records[3], getpid(), 1009, 7, "L");
	family_init(&family);
	pid_set_change(&family.groups, 1009, true);
	if (snapshot_index(&tasks))
		abort();
	find_groups(&look, &tasks, &family);
	CHECK(found.ngroups == 2 && found.groups[0].tgid == 1009 && found.groups[1].tgid == 1019,
	      "look: a child in its parent's memory till its exec does not count, nor who looks");
	free(found.groups);
	hash_free(&look.by_tgid);
	snapshot_unindex(&tasks);
	family_free(&family);
}

void test_look(void)
{
	check_open();
	check_members();

	char folder[512];
	struct family family;
	struct program found;
	size_t seen = 0;

	snprintf(folder, sizeof(folder), "%s/../sharing", getenv("RECORDING"));
	source_set_root(folder);
	family_init(&family);
	pid_set_change(&family.groups, ROOT_OF_FAMILY, true);
	CHECK(!program_look(&found, &family), "look: at a recording");
	for (size_t i = 0; i < found.ngroups; i++)
		seen += found.groups[i].seen;
	CHECK(found.ngroups == 7 && reads == found.overlap.nspaces && reads == 7,
	      "look: %zu processes with as many address spaces, which are read %u times",
	      found.ngroups, reads);
	CHECK(seen > 1 && found.page_size == 4096, "look: %zu of them were recorded", seen);
	check_child(&found, 170, 169);
	check_one_space();
	free(found.groups);
	overlap_free(&found.overlap);
	family_free(&family);
	source_set_root(NULL);
}
