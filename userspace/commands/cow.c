// SPDX-License-Identifier: GPL-2.0
/* sharestat cow: how copy-on-write sharing with relatives erodes after a fork. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands/processes.h"
#include "commands/interval-operands.h"
#include "measure/clock.h"
#include "model/copy-on-write.h"
#include "model/cow-relatives.h"
#include "read/formats.h"
#include "read/frame-runs.h"
#include "read/open.h"
#include "read/run-list.h"
#include "read/snapshot.h"
#include "read/whole-file.h"
#include "show/table-cells.h"

enum { OPTION_VMAS = 1 + 255 };

static const struct command_option own[] = {
	{ "vmas", OPTION_VMAS, NULL, "a line for each mapping, not for each relative" },
	{ 0 }
};

/* The process that is followed, and what was there at the start. */
struct follow {
	pid_t pid;
	char comm[64];
	bool by_vma;
	double begun, now;
	uint64_t looks;
	struct run_list runs;		/* now */
	struct snapshot vmas;		/* now */
	struct cow_set start;		/* all that was shared with anybody */
	struct relatives relatives;
};

/* A line of either table. */
struct line {
	const struct follow *follow;
	const char *comm, *relation;
	pid_t pid;
	const struct vma_record *vma;	/* with --vmas */
	uint64_t shared;		/* now, pages */
	struct cow_erosion erosion;	/* of what was shared at the start */
	bool has_cost;
	struct fork_cost cost;		/* of the next fork */
};

#define LINE(head) ((const struct line *)((const struct line_head *)(head))->record)

/* Blank at the first look: there has been no time to break anything. */
static void to_erosion(struct cell *cell, const void *record, uint64_t pages)
{
	if (LINE(record)->follow->looks > 1)
		line_bytes(cell, record, pages);
}

static void to_cost(struct cell *cell, const void *record, uint64_t pages)
{
	if (LINE(record)->has_cost)
		line_bytes(cell, record, pages);
}

static void get_time(struct cell *cell, const void *record)
{
	cell_real(cell, LINE(record)->follow->now - LINE(record)->follow->begun);
}

static void get_command(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", LINE(record)->comm);
}

static void get_relation(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", LINE(record)->relation);
}

static void get_broken(struct cell *cell, const void *record)
{
	const struct cow_erosion *erosion = &LINE(record)->erosion;

	to_erosion(cell, record, erosion->by_us + erosion->by_them);
}

static void get_start(struct cell *cell, const void *record)
{
	cell_number(cell, LINE(record)->vma->start);
}

static void get_perms(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", LINE(record)->vma->perms);
}

static void get_private(struct cell *cell, const void *record)
{
	line_bytes(cell, record, LINE(record)->vma->pages[SHARING_PRIVATE]);
}

static void get_name(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", LINE(record)->vma->name);
}

#define MEMBER(member) .field = FIELD(struct line, member)
#define EROSION(member) MEMBER(erosion.member), .convert = to_erosion
#define COST(member) MEMBER(cost.member), .convert = to_cost

#define COLUMN_TIME \
	{ "TIME", "seconds since the first look", COLUMN_FLOAT, 6, .standard = true, \
	  .get = get_time }
#define COLUMNS_EROSION(whose)								\
	{ "BROKEN", "shared at the first look, but no more: BY_US and BY_THEM",		\
	  COLUMN_BYTES, 6, .standard = true, .get = get_broken },			\
	{ "BY_US", "the process has another frame there now: it wrote",			\
	  COLUMN_BYTES, 6, .standard = true, EROSION(by_us) },			\
	{ "BY_THEM", whose, COLUMN_BYTES, 6, .standard = true, EROSION(by_them) },	\
	{ "GONE", "the process has no page there now: given back, or swapped out",	\
	  COLUMN_BYTES, 6, .standard = true, EROSION(gone) }

static const struct column columns[] = {
	COLUMN_TIME,
	{ "TGID", "process id", COLUMN_NUMBER, 5, .standard = true, MEMBER(pid) },
	{ "COMM", "its name", COLUMN_STRING, 10, .standard = true, .truncate = true,
	  .get = get_command },
	{ "RELATION", "self (with anybody), or what it is to the process of -p", COLUMN_STRING,
	  8, .standard = true, .get = get_relation },
	{ "SHARED", "memory still shared copy-on-write with it", COLUMN_BYTES, 6,
	  .standard = true, MEMBER(shared), .convert = line_bytes },
	COLUMNS_EROSION("the other does not map the frame now: it wrote, gave it back or ended"),
	{ "PGTABLES", "page tables that the next fork copies", COLUMN_BYTES, 6,
	  COST(tables) },
	{ "ANON", "anonymous memory that the next fork shares", COLUMN_BYTES, 6,
	  COST(anonymous) },
	{ "PROTECT", "of it now writable: the next fork write-protects it, page by page",
	  COLUMN_BYTES, 6, COST(protect) },
	{ 0 }
};

static const struct column vma_columns[] = {
	COLUMN_TIME,
	{ "START", "first address", COLUMN_HEX, 12, .standard = true, .get = get_start },
	{ "PERMS", "permissions, as in /proc/PID/maps", COLUMN_STRING, 4, .standard = true,
	  .get = get_perms },
	{ "PRIVATE", "anonymous memory that nobody shares", COLUMN_BYTES, 7, .standard = true,
	  .get = get_private },
	{ "SHARED", "memory still shared copy-on-write", COLUMN_BYTES, 6, .standard = true,
	  MEMBER(shared), .convert = line_bytes },
	COLUMNS_EROSION("nobody else maps the frame any more: they wrote, gave it back or ended"),
	{ "NAME", "file or purpose", COLUMN_STRING, 20, .standard = true, .truncate = true,
	  .get = get_name },
	{ 0 }
};

static void put_line(struct table *table, const struct line *line)
{
	const struct line_head head = {
		.record = line, .page_size = line->follow->runs.page_size,
	};

	table_add(table, &head, NULL);
}

/* At the first sight of a relative: is there anything to follow? */
static int first_look(struct follow *follow, const struct task_record *task,
		      const char *relation, const struct cow_frames *frames)
{
	struct cow_set start;

	if (cow_set_init(&start, &follow->runs, frames))
		return -1;
	if (start.pages)
		relatives_add(&follow->relatives, task, relation, start);
	return 0;
}

static int add_line(struct follow *follow, struct table *table, struct relative *relative,
		    const struct cow_frames *frames)
{
	struct line line = {
		.follow = follow, .comm = relative->comm, .relation = relative->relation,
		.pid = relative->pid,
	};
	struct cow_set now;

	if (cow_set_init(&now, &follow->runs, frames))
		return -1;
	line.shared = now.pages;
	cow_set_free(&now);
	line.erosion = cow_erosion(&relative->start, &follow->runs, frames, 0, UINT64_MAX);
	put_line(table, &line);
	return 0;
}

/* Return: 0, also when it is gone by now; -1 after an explanation. */
static int look_at_relative(struct follow *follow, struct table *table,
			    const struct task_record *task, const char *relation)
{
	struct relative *relative = relatives_find(&follow->relatives, task->tgid);
	struct cow_frames frames;
	struct run_list runs;
	bool gone;
	int result;

	if (run_list_read(&runs, task->tgid, &gone))
		return gone ? 0 : -1;
	result = cow_frames_init(&frames, &runs);
	run_list_free(&runs);
	if (!result && !relative)
		result = first_look(follow, task, relation, &frames);
	relative = relatives_find(&follow->relatives, task->tgid);
	if (!result && relative) {
		relative->seen = true;
		result = add_line(follow, table, relative, &frames);
	}
	cow_frames_free(&frames);
	if (result)
		warn("relatives");
	return result;
}

/* Who is followed stays what it was, also when its parent ends. */
static const char *relation_of(const struct follow *follow, const struct task_record *us,
			       const struct task_record *task, const struct snapshot *tasks)
{
	const struct relative *known = relatives_find(&follow->relatives, task->tgid);

	return known ? known->relation : cow_relation(us, task, tasks);
}

static int look_at_relatives(struct follow *follow, struct table *table,
			     const struct snapshot *tasks)
{
	const struct task_record *us = snapshot_process(tasks, follow->pid);
	int result = 0;

	relatives_begin(&follow->relatives);
	for (size_t i = 0; us && i < tasks->count && !result; i++) {
		const struct task_record *task = snapshot_record(tasks, i);
		const char *relation;
		object_id mm;

		if (task->tid != task->tgid || task->tgid == follow->pid ||
		    strchr(task->flags, 'K'))
			continue;
		relation = relation_of(follow, us, task, tasks);
		if (!relation)
			continue;
		mm = snapshot_process(tasks, task->tgid)->object[OBJECT_MM];
		/* With one mm there is nothing to copy. */
		if (!mm || mm == us->object[OBJECT_MM])
			continue;
		result = look_at_relative(follow, table, task, relation);
	}
	relatives_end(&follow->relatives);
	return result;
}

static struct line line_of_all(const struct follow *follow, const struct fork_cost *cost)
{
	struct line line = {
		.follow = follow, .comm = follow->comm, .relation = "self",
		.pid = follow->pid, .has_cost = true, .cost = *cost,
	};
	const struct run_list *runs = &follow->runs;

	for (size_t i = 0; i < runs->count; i++)
		line.shared += runs->runs[i].sharing == SHARING_COW ? runs->runs[i].pages : 0;
	line.erosion = cow_erosion(&follow->start, runs, NULL, 0, UINT64_MAX);
	return line;
}

/* Mappings that have, or had, something that is shared copy-on-write. */
static void add_vmas(const struct follow *follow, struct table *table)
{
	for (size_t i = 0; i < follow->vmas.count; i++) {
		const struct vma_record *vma = snapshot_record(&follow->vmas, i);
		struct line line = {
			.follow = follow, .vma = vma, .pid = follow->pid,
			.comm = follow->comm, .relation = "self",
			.shared = vma->pages[SHARING_COW],
		};

		line.erosion = cow_erosion(&follow->start, &follow->runs, NULL, vma->start,
					   vma->end);
		if (line.shared || line.erosion.by_us || line.erosion.by_them ||
		    line.erosion.gone)
			put_line(table, &line);
	}
}

/* For people; programs find it in columns. */
static void print_cost(const struct follow *follow, const struct fork_cost *cost)
{
	uint64_t page_size = follow->runs.page_size;

	printf("next fork of %d: copies %llu VMAs and %llu KiB of page tables,\n"
	       "shares %llu anonymous pages (%llu KiB), write-protects %llu of them\n",
	       follow->pid, (unsigned long long)cost->vmas,
	       (unsigned long long)(cost->tables * page_size / 1024),
	       (unsigned long long)cost->anonymous,
	       (unsigned long long)(cost->anonymous * page_size / 1024),
	       (unsigned long long)cost->protect);
}

/* Programs get the cost of a fork in columns; @chosen lives as long as the table. */
static struct table *new_table(const struct follow *follow, struct column *chosen,
			       const struct output *output)
{
	if (follow->by_vma)
		return table_new("cow", vma_columns, output);
	memcpy(chosen, columns, sizeof(columns));
	for (struct column *column = chosen; column->name; column++)
		column->standard |= output->json;
	return table_new("cow", chosen, output);
}

static int print(struct follow *follow, const struct snapshot *tasks,
		 const struct output *output)
{
	const struct fork_cost cost = fork_cost(&follow->runs, &follow->vmas);
	const struct line all = line_of_all(follow, &cost);
	bool for_people = !output->json && !output->raw && !output->no_headings;
	struct column chosen[sizeof(columns) / sizeof(columns[0])];
	struct table *table = new_table(follow, chosen, output);
	int result = 0;

	if (!table)
		return -1;
	if (follow->by_vma) {
		add_vmas(follow, table);
	} else {
		put_line(table, &all);
		result = look_at_relatives(follow, table, tasks);
	}
	if (for_people && follow->looks > 1)
		putchar('\n');
	if (!result)
		result = table_print(table);
	table_free(table);
	if (!result && for_people)
		print_cost(follow, &cost);
	return result || fflush(stdout) ? -1 : 0;
}

static void forget_now(struct follow *follow)
{
	run_list_free(&follow->runs);
	snapshot_free(&follow->vmas);
}

static int read_now(struct follow *follow, struct snapshot *tasks)
{
	const struct task_record *us;

	if (snapshot_read(tasks, &format_tasks, NULL, 0))
		return -1;
	us = snapshot_task(tasks, follow->pid);
	if (us)
		snprintf(follow->comm, sizeof(follow->comm), "%s", us->comm);
	if (run_list_read(&follow->runs, follow->pid, NULL) ||
	    snapshot_read(&follow->vmas, &format_vmas, &follow->pid, 1)) {
		forget_now(follow);
		snapshot_free(tasks);
		return -1;
	}
	return 0;
}

static int look(struct follow *follow, const struct output *output)
{
	struct snapshot tasks;
	int result = read_now(follow, &tasks);

	if (result)
		return -1;
	follow->now = now_seconds();
	if (!follow->looks++) {
		follow->begun = follow->now;
		result = cow_set_all(&follow->start, &follow->runs);
		if (result)
			warn("pages");
	}
	if (!result)
		result = print(follow, &tasks, output);
	snapshot_free(&tasks);
	forget_now(follow);
	return result;
}

static int follow_on(struct follow *follow, const struct output *output, double interval,
		     uint64_t count)
{
	int result = look(follow, output);
	double next = follow->begun;

	for (uint64_t i = 0; interval > 0 && i < count && !result; i++) {
		next += interval;
		sleep_until(next);
		result = look(follow, output);
	}
	relatives_free(&follow->relatives);
	cow_set_free(&follow->start);
	return result;
}

static int run(int argc, char **argv, struct options *options)
{
	struct follow follow = { 0 };
	double interval = 0;
	uint64_t count;
	int option;

	while ((option = options_next(argc, argv, &command_cow, options)) == OPTION_VMAS)
		follow.by_vma = true;
	if (option != -1 || interval_operands(&interval, &count, argc, argv))
		return EXIT_FAILURE;
	if (table_check(follow.by_vma ? vma_columns : columns, &options->output) ||
	    options_processes(options, NEEDS_MEMORY))
		return EXIT_FAILURE;
	if (options->npids != 1) {
		warnx("cow follows one process: name it with -p PID");
		return EXIT_FAILURE;
	}
	if (interval > 0 && source_recorded()) {
		warnx("a recording does not change: --root and INTERVAL make no sense together");
		return EXIT_FAILURE;
	}
	options->output.lines = options->output.json && interval > 0;
	follow.pid = options->pids[0];
	return follow_on(&follow, &options->output, interval, count) ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command command_cow = {
	.name = "cow",
	.takes = TAKES_TABLE "pR",
	.help = "Copy-on-write memory that a process still shares with its relatives",
	.columns = columns,
	.run = run,
	.operands = INTERVAL_OPERANDS,
	.own = own,
};
