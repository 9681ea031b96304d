// SPDX-License-Identifier: GPL-2.0
/* The tables of --by mm and --by group. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "commands/by-owner.h"
#include "lib/pid-list.h"
#include "model/accounts.h"
#include "show/table-cells.h"

#define VIEW(record) ((const struct account_view *)(record))

enum by by_parse(const char *text)
{
	if (!strcmp(text, "mm"))
		return BY_MM;
	if (!strcmp(text, "group"))
		return BY_GROUP;
	warnx("--by takes mm or group, not '%s'", text);
	return BY_NOTHING;
}

void by_cell(struct cell *cell, const struct account_view *view, uint64_t value)
{
	if (view->seconds > 0)
		cell_real(cell, (double)value / view->seconds);
	else
		cell_number(cell, value);
}

void by_rate(struct cell *cell, const void *view, uint64_t value)
{
	by_cell(cell, VIEW(view), value);
}

void by_get_mm(struct cell *cell, const void *view)
{
	cell_id(cell, VIEW(view)->record->mm, VIEW(view)->digits);
}

void by_get_tgid(struct cell *cell, const void *view)
{
	if (VIEW(view)->record->tgid)
		cell_number(cell, VIEW(view)->record->tgid);
}

void by_get_comm(struct cell *cell, const void *view)
{
	cell_text(cell, "%s", VIEW(view)->record->comm);
}

void by_get_seconds(struct cell *cell, const void *view)
{
	if (VIEW(view)->seconds > 0)
		cell_real(cell, VIEW(view)->seconds);
}

static int compare(const void *left, const void *right, void *arg)
{
	const struct account_record *a = left, *b = right;
	const struct by_kind *kind = arg;
	uint64_t of_a[BY_RANKS] = { 0 }, of_b[BY_RANKS] = { 0 };

	kind->rank(of_a, a);
	kind->rank(of_b, b);
	for (size_t i = 0; i < BY_RANKS; i++)
		if (of_a[i] != of_b[i])
			return of_a[i] < of_b[i] ? 1 : -1;
	return a->tgid - b->tgid;
}

static bool is_ranked(const struct by_kind *kind, const struct account_record *row)
{
	uint64_t rank[BY_RANKS] = { 0 };

	kind->rank(rank, row);
	for (size_t i = 0; i < BY_RANKS; i++)
		if (rank[i])
			return true;
	return false;
}

static object_id id_of(const void *accounts, size_t index)
{
	return ((const struct accounts *)accounts)->rows[index].mm;
}

/* A copy in which MM is a usual column with --by mm. */
static struct column *columns_of(const struct by_kind *kind, enum by by,
				 const struct output *output)
{
	struct column *columns;
	size_t count = 0;

	while (kind->columns[count].name)
		count++;
	columns = calloc(count + 1, sizeof(*columns));
	if (!columns)
		err(EXIT_FAILURE, "columns");
	memcpy(columns, kind->columns, count * sizeof(*columns));
	for (size_t i = 0; i < count; i++) {
		if (columns[i].get == by_get_mm)
			columns[i].standard = by == BY_MM;
		if (columns[i].get == by_get_seconds)
			columns[i].standard = output->lines;
	}
	return columns;
}

int by_print(const struct by_kind *kind, enum by by, struct accounts *accounts,
	     const char *command, double seconds, const struct options *options)
{
	struct account_view view = { .seconds = seconds };
	struct column *columns = columns_of(kind, by, &options->output);
	struct pid_list groups;
	struct table *table;
	char name[32];
	int result = -1;

	snprintf(name, sizeof(name), "%s_by_%s", command, by == BY_MM ? "mm" : "group");
	table = table_new(name, columns, &options->output);
	if (by == BY_GROUP)
		accounts_by_group(accounts);
	view.digits = table_id_digits(&options->output, accounts->count, id_of, accounts);
	hash_free(&accounts->table);
	qsort_r(accounts->rows, accounts->count, sizeof(*accounts->rows), compare,
		(void *)kind);
	pid_list_init(&groups, options->pids, options->npids);
	for (size_t i = 0; table && i < accounts->count; i++) {
		view.record = &accounts->rows[i];
		if (pid_list_wants(&groups, view.record->tgid) && is_ranked(kind, view.record))
			table_add(table, &view, NULL);
	}
	if (table) {
		result = table_print(table);
		table_free(table);
	}
	pid_list_free(&groups);
	free(columns);
	return result;
}
