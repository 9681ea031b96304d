// SPDX-License-Identifier: GPL-2.0
/* Ids that are told apart, and who shares what with whom. */
#include <stdlib.h>
#include <string.h>

#include "model/id-prefix.h"
#include "model/task-sharing.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "show/table-cells.h"
#include "tap.h"

#define ID(n) ((object_id)(n))

static void test_ids(void)
{
	object_id far[] = { 0x10000000000000, 0x20000000000000, 0 };
	object_id near[] = { 0x12345678000001, 0x12345678000002, 0x12345678000002 };
	object_id sixth[] = { 0xabcde100000000, 0x11111111111111, 0xabcde200000000 };
	struct cell cell = { 0 };

	CHECK(ids_digits(far, 3) == 4, "ids: 4 digits at least");
	CHECK(ids_digits(near, 3) == 14, "ids: all digits when only the last differs");
	CHECK(ids_digits(sixth, 3) == 6, "ids: as many as tell apart");
	CHECK(ids_digits(far, 0) == 4, "ids: none at all");
	ids_sort(near, 3);
	CHECK(ids_have(near, 3, 0x12345678000002) && !ids_have(near, 3, 0x12345678000003) &&
	      !ids_have(near, 0, 0x12345678000002), "ids: which are there and which are not");
	cell_id(&cell, 0, 4);
	CHECK(!cell.set, "ids: none is unset");
	cell_id(&cell, 0x00120000000034, 6);
	CHECK(cell.set && !strcmp(cell.text, "001200"), "ids: leading zeros are digits");
	cell_id(&cell, 0x00120000000034, UINT32_MAX);
	CHECK(!strcmp(cell.text, "00120000000034"), "ids: whole when no digits are cut");
}

/*
 * A server with two threads, one of them with files of its own; a vforked child
 * and its parent; two twins; two that share files, whose parent is gone; two
 * kernel threads.
 */
static struct task_record tasks[] = {
	{ .tid = 10, .tgid = 10, .ppid = 1, .flags = "L",
	  .object = { ID(1), ID(2), ID(3), ID(4), ID(5), ID(9) } },
	{ .tid = 12, .tgid = 10, .ppid = 1,
	  .object = { ID(1), ID(22), ID(3), ID(4), ID(5), ID(9) } },
	{ .tid = 11, .tgid = 10, .ppid = 1,
	  .object = { ID(1), ID(2), ID(3), ID(4), ID(5), ID(9) } },
	{ .tid = 20, .tgid = 20, .ppid = 1, .flags = "L",
	  .object = { ID(31), ID(32), ID(33), ID(34), ID(35), ID(9) } },
	{ .tid = 21, .tgid = 21, .ppid = 20, .flags = "LV",
	  .object = { ID(31), ID(42), ID(43), ID(44), ID(45), ID(9) } },
	{ .tid = 30, .tgid = 30, .ppid = 1, .flags = "L",
	  .object = { ID(51), ID(52), ID(53), ID(54), ID(55), ID(9) } },
	{ .tid = 31, .tgid = 31, .ppid = 30, .flags = "L",
	  .object = { ID(51), ID(52), ID(63), ID(54), ID(65), ID(9) } },
	{ .tid = 50, .tgid = 50, .ppid = 1, .flags = "L",
	  .object = { ID(81), ID(82), ID(83), ID(84), ID(85), ID(9) } },
	{ .tid = 51, .tgid = 51, .ppid = 1, .flags = "L",
	  .object = { ID(91), ID(82), ID(93), ID(94), ID(95), ID(9) } },
	{ .tid = 40, .tgid = 40, .ppid = 2, .flags = "LK", .object = { 0, ID(72), ID(73) } },
	{ .tid = 41, .tgid = 41, .ppid = 2, .flags = "LK", .object = { 0, ID(72), ID(73) } },
};

static void check_note(const struct sharing *sharing, const struct snapshot *snapshot,
		       pid_t tid, const char *expected)
{
	char note[160];

	sharing_note(sharing, snapshot_task(snapshot, tid), note, sizeof(note));
	if (!CHECK(!strcmp(note, expected), "note of %d: '%s'", tid, expected))
		printf("# got '%s'\n", note);
}

static void test_notes(const struct sharing *sharing, const struct snapshot *snapshot)
{
	check_note(sharing, snapshot, 10, "");
	check_note(sharing, snapshot, 11, "");
	check_note(sharing, snapshot, 12, "thread with its own files");
	check_note(sharing, snapshot, 20, "waits for its vfork child");
	check_note(sharing, snapshot, 21, "vfork in flight");
	check_note(sharing, snapshot, 30,
		   "CLONE_VM|CLONE_FILES|CLONE_SIGHAND without CLONE_THREAD, with 31");
	check_note(sharing, snapshot, 31,
		   "CLONE_VM|CLONE_FILES|CLONE_SIGHAND without CLONE_THREAD, with 30");
	check_note(sharing, snapshot, 50, "CLONE_FILES without CLONE_VM, with 51");
	check_note(sharing, snapshot, 51, "CLONE_FILES without CLONE_VM, with 50");
	check_note(sharing, snapshot, 40, "");
}

void test_sharing(void)
{
	struct snapshot snapshot = {
		.records = tasks, .count = sizeof(tasks) / sizeof(*tasks), .format = &format_tasks,
	};
	struct sharing sharing;
	char text[64];

	test_ids();
	snapshot_index(&snapshot);
	CHECK(!sharing_init(&sharing, &snapshot), "sharing: indexed");
	CHECK(sharing_relative(&sharing, &tasks[2])->tid == 10, "sharing: a thread's leader");
	CHECK(sharing_relative(&sharing, &tasks[4])->tid == 20, "sharing: a leader's parent");
	CHECK(!sharing_relative(&sharing, &tasks[0]), "sharing: a parent that is not there");
	CHECK(sharing_lowest(&sharing, &tasks[6]) == 30, "sharing: who stands for an mm");
	CHECK(sharing_lowest(&sharing, &tasks[9]) == 0, "sharing: no mm, nobody stands for it");
	sharing_describe(text, sizeof(text), sharing_between(&tasks[0], &tasks[2]));
	CHECK(!strcmp(text, "mm,files,fs,sighand,signal"), "sharing: a thread shares %s", text);
	sharing_describe(text, sizeof(text), sharing_between(&tasks[0], &tasks[3]));
	CHECK(!*text, "sharing: strangers share but nsproxy");
	sharing_describe(text, sizeof(text), sharing_between(&tasks[9], &tasks[10]));
	CHECK(!strcmp(text, "files,fs"), "sharing: two absent objects are not one: %s", text);
	test_notes(&sharing, &snapshot);
	snapshot_unindex(&snapshot);
	sharing_free(&sharing);
}
