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

#define run_list_read counted_read
#define readlink link_of
#include "measure/program-look.c"
#include "tap.h"
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

void test_look(void)
{
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
