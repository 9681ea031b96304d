// SPDX-License-Identifier: GPL-2.0
/* What was seen of a program, for people. */
#include <stdlib.h>
#include <string.h>

#include "lib/quantity.h"
#include "lib/safe-text.h"
#include "model/finding.h"
#include "model/program.h"
#include "model/task-sharing.h"
#include "show/program.h"
#include "show/report.h"

#define GROUP(record) ((const struct program_group *)(record))
#define ROW(record) ((const struct program_row *)(record))

/* The getters get a group alone; the rest of the program stands here meanwhile. */
static const struct program *shown;

static const struct overlap_space *space_of(const void *record)
{
	int space = GROUP(record)->space;

	return space < 0 ? NULL : &shown->overlap.spaces[space];
}

static void get_pid(struct cell *cell, const void *record)
{
	cell_number(cell, GROUP(record)->tgid);
}

static void get_command(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", GROUP(record)->comm);
}

static void get_tasks(struct cell *cell, const void *record)
{
	cell_number(cell, GROUP(record)->tasks);
}

static void put_pages(struct cell *cell, uint64_t pages)
{
	cell_number(cell, pages * shown->page_size);
}

static void get_rss(struct cell *cell, const void *record)
{
	if (space_of(record))
		put_pages(cell, space_of(record)->size.rss);
}

static void get_uss(struct cell *cell, const void *record)
{
	if (space_of(record))
		put_pages(cell, space_of(record)->size.uss);
}

static void get_exclusive(struct cell *cell, const void *record)
{
	if (space_of(record))
		put_pages(cell, space_of(record)->size.exclusive);
}

static void get_private_hugetlb(struct cell *cell, const void *record)
{
	if (space_of(record))
		put_pages(cell, space_of(record)->size.hugetlb_private);
}

static void get_shared_hugetlb(struct cell *cell, const void *record)
{
	if (space_of(record))
		put_pages(cell, space_of(record)->size.hugetlb_shared);
}

static void get_pgtables(struct cell *cell, const void *record)
{
	if (space_of(record))
		cell_number(cell, space_of(record)->pgtables);
}

static void get_shares(struct cell *cell, const void *record)
{
	char text[64];

	sharing_describe(text, sizeof(text), GROUP(record)->shares);
	if (*text)
		cell_text(cell, "%s", text);
}

static void get_inherited(struct cell *cell, const void *record)
{
	if (GROUP(record)->inherited)
		cell_number(cell, GROUP(record)->inherited * shown->page_size);
}

static void get_still_shared(struct cell *cell, const void *record)
{
	if (GROUP(record)->inherited)
		cell_number(cell, GROUP(record)->still_shared * shown->page_size);
}

static void get_fork_tables(struct cell *cell, const void *record)
{
	cell_number(cell, GROUP(record)->cost.tables * shown->page_size);
}

static void get_fork_anonymous(struct cell *cell, const void *record)
{
	cell_number(cell, GROUP(record)->cost.anonymous * shown->page_size);
}

static const struct column group_columns[] = {
	{ "TGID", "process id", COLUMN_NUMBER, 5, .standard = true, .tree = true, .get = get_pid },
	{ "COMM", "its name", COLUMN_STRING, 10, .standard = true, .truncate = true,
	  .get = get_command },
	{ "TASKS", "its own threads", COLUMN_NUMBER, 3, .standard = true, .get = get_tasks },
	{ "RSS", "memory present", COLUMN_BYTES, 5, .standard = true, .get = get_rss },
	{ "USS", "memory that nothing else maps", COLUMN_BYTES, 5, .standard = true,
	  .get = get_uss },
	{ "EXCLUSIVE", "frames that no other address space maps, however often this one does",
	  COLUMN_BYTES, 5, .get = get_exclusive },
	{ "PRIVATE_HUGETLB", "huge pages of hugetlb that nothing else maps", COLUMN_BYTES, 5,
	  .get = get_private_hugetlb },
	{ "SHARED_HUGETLB", "huge pages of hugetlb with several mappings", COLUMN_BYTES, 5,
	  .get = get_shared_hugetlb },
	{ "PGTABLES", "page tables", COLUMN_BYTES, 5, .standard = true, .get = get_pgtables },
	{ "SAME", "objects that it shares with its parent", COLUMN_STRING, 5, .standard = true,
	  .get = get_shares },
	{ "INHERITED", "anonymous memory that it and its parent have at one address", COLUMN_BYTES,
	  5, .standard = true, .get = get_inherited },
	{ "STILL", "of that: still one frame, copy-on-write", COLUMN_BYTES, 5, .standard = true,
	  .get = get_still_shared },
	{ "FORK", "page tables that a fork of it would copy", COLUMN_BYTES, 5, .standard = true,
	  .get = get_fork_tables },
	{ "ANON", "memory that such a fork would share", COLUMN_BYTES, 5, .standard = true,
	  .get = get_fork_anonymous },
	{ 0 }
};

/* What most programs have nothing of, or what would be another column again, is left out. */
static void choose_columns(struct column *chosen, const struct program *program)
{
	const struct overlap *overlap = &program->overlap;

	memcpy(chosen, group_columns, sizeof(group_columns));
	for (struct column *column = chosen; column->name; column++)
		for (size_t i = 0; i < overlap->nspaces; i++) {
			const struct space_size *size = &overlap->spaces[i].size;

			column->standard |=
				(column->get == get_exclusive && size->exclusive != size->uss) ||
				(column->get == get_private_hugetlb && size->hugetlb_private) ||
				(column->get == get_shared_hugetlb && size->hugetlb_shared);
		}
}

static int print_groups(const struct program *program, const struct output *output)
{
	struct column chosen[sizeof(group_columns) / sizeof(*group_columns)];
	struct output tree = { .tree = true, .color = output->color, .bytes = output->bytes,
			       .no_headings = output->no_headings };
	struct table *table;
	void **lines = calloc(program->ngroups + 1, sizeof(*lines));
	int result;

	choose_columns(chosen, program);
	table = table_new("groups", chosen, &tree);
	if (!table || !lines) {
		table_free(table);
		free(lines);
		return -1;
	}
	shown = program;
	/* A parent may come after its child in the snapshot: then that is a root, too. */
	for (size_t i = 0; i < program->ngroups; i++) {
		void *parent = NULL;

		for (size_t j = 0; j < i; j++) {
			if (program->groups[j].tgid == program->groups[i].ppid)
				parent = lines[j];
		}
		lines[i] = table_add(table, &program->groups[i], parent);
	}
	result = table_print(table);
	table_free(table);
	free(lines);
	return result;
}

static void print_rows(const struct program_row *rows, size_t count, const struct output *output)
{
	for (size_t i = 0; i < count; i++) {
		const struct program_row *row = &rows[i];
		const char *word = row->leaning ? row->leaning :
				   row->verdict == NOT_MEASURABLE ? "" : verdict_name(row->verdict);
		const char *color = !output->color || !*word || row->leaning ? "" :
				    row->verdict == CONFIRMED ? "\033[32m" : "\033[31m";

		report_wrapped(row->id, 28, row->text);
		report_wrapped("", 28, row->evidence);
		if (*word)
			printf("%*s%s%s%s%s\n", 28, "", row->leaning ? "speaks for: " : "", color,
			       word, *color ? "\033[0m" : "");
	}
}

static void print_title(const struct program *program)
{
	struct program_sums sums = program_sums(program);

	if (!program->command)
		printf("%d ", program->groups[0].tgid);
	safe_print(stdout, TO_TERMINAL,
		   program->command ? program->command[0] : program->groups[0].comm);
	if (program->command)
		printf(" ... (ended with status %d)", program->status);
	printf(": %zu process%s, %llu task%s, ", program->ngroups,
	       program->ngroups == 1 ? "" : "es", (unsigned long long)sums.tasks,
	       sums.tasks == 1 ? "" : "s");
	if (sums.workers)
		printf("%llu worker%s of the kernel, ", (unsigned long long)sums.workers,
		       sums.workers == 1 ? "" : "s");
	printf("watched for %.1f s, looked at %u time%s\n\n", program->run.seconds,
	       program->looks, program->looks == 1 ? "" : "s");
}

static void print_bill(const struct program *program)
{
	const struct overlap *overlap = &program->overlap;
	char tables[32], repeating[32], entries[32], empty[32], line[256];
	uint64_t all = 0;

	for (size_t i = 0; i < overlap->nspaces; i++)
		all += overlap->spaces[i].pgtables;
	format_quantity(tables, sizeof(tables), (double)all, "bytes");
	format_quantity(repeating, sizeof(repeating),
			(double)(overlap->repeating * program->page_size), "bytes");
	format_quantity(entries, sizeof(entries), (double)overlap->entries * 8, "bytes");
	format_quantity(empty, sizeof(empty),
			(double)(program_empty_tables(program) * program->page_size), "bytes");
	snprintf(line, sizeof(line),
		 "Page tables: %s in all. %s of entries map a frame once more, %s of tables hold nothing else, and %s of tables map nothing.",
		 tables, entries, repeating, empty);
	putchar('\n');
	report_wrapped("", 0, line);
}

static void print_erosion(const struct program *program)
{
	char text[3][32];

	if (!program->cow_most)
		return;
	format_quantity(text[0], sizeof(text[0]), (double)(program->cow_first * program->page_size),
			"bytes");
	format_quantity(text[1], sizeof(text[1]), (double)(program->cow_most * program->page_size),
			"bytes");
	format_quantity(text[2], sizeof(text[2]), (double)(program->cow_last * program->page_size),
			"bytes");
	printf("Shared copy-on-write: %s at first, %s at most, %s at the last look.\n", text[0],
	       text[1], text[2]);
}

/* What the figures above do not hold. */
static void print_limits(const struct program *program)
{
	const struct overlap *overlap = &program->overlap;
	char line[256];

	if (overlap->left_out) {
		snprintf(line, sizeof(line),
			 "Frames are those of %zu address spaces: %zu more processes were left out.",
			 overlap->nspaces, overlap->left_out);
		report_wrapped("", 0, line);
	}
	if (*program->why_not_followed) {
		snprintf(line, sizeof(line), "Children born meanwhile were not followed: %s",
			 program->why_not_followed);
		report_wrapped("", 0, line);
	}
}

int program_text(const struct program *program, const struct output *output)
{
	struct program_row rows[PROGRAM_ROWS];

	print_title(program);
	if (print_groups(program, output))
		return -1;
	putchar('\n');
	program_rows(program, rows);
	print_rows(rows, PROGRAM_ROWS, output);
	print_bill(program);
	print_erosion(program);
	print_limits(program);
	return 0;
}

int advice_text(const struct program *program, const struct output *output)
{
	struct program_row rows[PROGRAM_ADVICE];
	size_t threads = 0, processes = 0, either = 0;

	print_title(program);
	program_advice(program, rows);
	print_rows(rows, PROGRAM_ADVICE, output);
	for (size_t i = 0; i < PROGRAM_ADVICE; i++) {
		threads += !strcmp(rows[i].leaning, "threads");
		processes += !strcmp(rows[i].leaning, "processes");
		either += !strcmp(rows[i].leaning, "either");
	}
	printf("\nOf %d rules %zu could be judged: %zu speak for threads, %zu for processes, %zu for either.\n",
	       PROGRAM_ADVICE, threads + processes + either, threads, processes, either);
	print_limits(program);
	report_wrapped("", 0, advice_unknown);
	return 0;
}
