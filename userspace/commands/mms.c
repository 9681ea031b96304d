// SPDX-License-Identifier: GPL-2.0
/* sharestat mms: the address spaces and who uses them. */
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/processes.h"
#include "lib/xalloc.h"
#include "model/id-prefix.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "read/whole-file.h"
#include "show/table-cells.h"

#define MM(line) ((const struct mm_record *)((const struct line_head *)(line))->record)

static void get_rss(struct cell *cell, const void *record)
{
	const struct mm_record *mm = MM(record);

	cell_number(cell, mm->rss_anon + mm->rss_file + mm->rss_shmem);
}

static void get_cpus(struct cell *cell, const void *record)
{
	if (*MM(record)->cpus)
		cell_text(cell, "%s", MM(record)->cpus);
}

#define MEMBER(member) .field = FIELD(struct mm_record, member)

static const struct column columns[] = {
	{ "MM", "id of the address space", COLUMN_STRING, 5, .standard = true,
	  MEMBER(mm), .convert = line_id },
	{ "TGID", "process id of an owner", COLUMN_NUMBER, 5, .standard = true,
	  MEMBER(tgid) },
	{ "GROUPS", "thread groups (processes) that use it", COLUMN_NUMBER, 3,
	  .standard = true, MEMBER(groups) },
	{ "TASKS", "tasks (threads) that use it", COLUMN_NUMBER, 3, .standard = true,
	  MEMBER(tasks) },
	{ "MM_USERS", "the kernel's count of users", COLUMN_NUMBER, 3, .standard = true,
	  MEMBER(mm_users) },
	{ "MM_COUNT", "the kernel's count of references: 1 for all users, 1 for each lazy borrower ...",
	  COLUMN_NUMBER, 3, MEMBER(mm_count) },
	{ "LAZY", "kernel tasks that run on it without using it", COLUMN_NUMBER, 3,
	  .standard = true, MEMBER(lazy) },
	{ "VMAS", "mappings", COLUMN_NUMBER, 4, .standard = true, MEMBER(vmas) },
	{ "RSS", "memory present, shared or not", COLUMN_BYTES, 5, .standard = true,
	  .get = get_rss },
	{ "RSS_ANON", "anonymous part of RSS", COLUMN_BYTES, 5, MEMBER(rss_anon) },
	{ "RSS_FILE", "part of RSS that files back", COLUMN_BYTES, 5, MEMBER(rss_file) },
	{ "RSS_SHMEM", "part of RSS that is shared memory", COLUMN_BYTES, 5,
	  MEMBER(rss_shmem) },
	{ "SWAP", "swapped out", COLUMN_BYTES, 5, MEMBER(swap) },
	{ "PGTABLES", "page tables, which its threads share and a fork copies",
	  COLUMN_BYTES, 5, .standard = true, MEMBER(pgtables) },
	{ "CPUS", "CPUs whose TLB may hold it", COLUMN_STRING, 5, .standard = true,
	  .get = get_cpus },
	{ "TLB_GEN", "generation of its last TLB flush", COLUMN_NUMBER, 5,
	  MEMBER(tlb_gen) },
	{ "COMM", "name of that owner", COLUMN_STRING, 15, .standard = true,
	  MEMBER(comm) },
	{ 0 }
};

/* Ids of the address spaces of the processes of -p; .all without -p. */
struct selection {
	bool all;
	object_id *mms;			/* sorted */
	size_t count;
};

/* After mms were read: so who has ended before that is found out here. */
static int select_mms(struct selection *selection, struct options *options)
{
	struct snapshot tasks;

	*selection = (struct selection) { .all = !options->npids };
	if (selection->all)
		return 0;
	if (snapshot_read(&tasks, &format_tasks, options->pids, options->npids))
		return -1;
	if (processes_among(options->pids, options->npids, &tasks, NEEDS_MEMORY)) {
		snapshot_free(&tasks);
		return -1;
	}
	selection->mms = xcalloc(tasks.count, sizeof(*selection->mms));
	for (size_t i = 0; i < tasks.count; i++) {
		const struct task_record *task = snapshot_record(&tasks, i);

		if (task->object[OBJECT_MM])
			selection->mms[selection->count++] = task->object[OBJECT_MM];
	}
	snapshot_free(&tasks);
	ids_sort(selection->mms, selection->count);
	return 0;
}

static bool selected(const struct selection *selection, const struct mm_record *mm)
{
	return selection->all || ids_have(selection->mms, selection->count, mm->mm);
}

static object_id id_of(const void *mms, size_t index)
{
	return ((const struct mm_record *)snapshot_record(mms, index))->mm;
}

static int print_mms(const struct snapshot *mms, const struct selection *selection,
		     const struct output *output)
{
	struct line_head line = { .id_digits = table_id_digits(output, mms->count, id_of, mms) };
	struct table *table = table_new("mms", columns, output);
	int result;

	if (!table)
		return -1;
	for (size_t i = 0; i < mms->count; i++) {
		line.record = snapshot_record(mms, i);
		if (selected(selection, line.record))
			table_add(table, &line, NULL);
	}
	result = table_print(table);
	table_free(table);
	return result;
}

static int run(int argc, char **argv, struct options *options)
{
	struct selection selection;
	struct snapshot mms;
	int result;

	if (options_only(argc, argv, &command_mms, options) ||
	    table_check(columns, &options->output) ||
	    options_processes(options, NEEDS_MEMORY) ||
	    snapshot_read(&mms, &format_mms, NULL, 0))
		return EXIT_FAILURE;
	result = select_mms(&selection, options);
	if (!result) {
		result = print_mms(&mms, &selection, &options->output);
		free(selection.mms);
	}
	snapshot_free(&mms);
	return result ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command command_mms = {
	.name = "mms",
	.takes = TAKES_TABLE "pR",
	.help = "Address spaces: who uses each, how large it is, where it is loaded",
	.columns = columns,
	.run = run,
};
