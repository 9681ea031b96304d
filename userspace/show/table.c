// SPDX-License-Identifier: GPL-2.0
/* A table of columns and records -> libsmartcols: text, raw or JSON. */
#include <err.h>
#include <errno.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "lib/quantity.h"
#include "lib/safe-text.h"
#include "read/records.h"
#include "show/html.h"
#include "show/json.h"
#include "show/table.h"

struct table {
	struct libscols_table *scols;
	const struct column **columns;	/* the chosen ones, in their order */
	size_t ncolumns;
	struct output output;
	size_t batch;			/* so many lines are printed at once; 0: all */
	bool printed;			/* some lines are, and gone */
};

static size_t count_columns(const struct column *columns)
{
	size_t count = 0;

	while (columns[count].name)
		count++;
	return count;
}

static const struct column *find_column(const struct column *columns,
					const char *name, size_t length)
{
	for (; columns->name; columns++)
		if (strlen(columns->name) == length &&
		    !strncasecmp(columns->name, name, length))
			return columns;
	return NULL;
}

/* A column that is asked for twice comes once: JSON has one key of a name. */
static void choose(struct table *table, const struct column *column)
{
	for (size_t i = 0; i < table->ncolumns; i++)
		if (table->columns[i] == column)
			return;
	table->columns[table->ncolumns++] = column;
}

static void explain_unknown(const struct column *columns, const char *name,
			    size_t length)
{
	warnx("unknown column: '%.*s'; the columns are:", (int)length, name);
	for (; columns->name; columns++)
		fprintf(stderr, "%s%s", columns->name, columns[1].name ? "," : "\n");
}

static int choose_named(struct table *table, const struct column *columns,
			const char *list)
{
	while (*list) {
		size_t length = strcspn(list, ",");
		const struct column *column = find_column(columns, list, length);

		if (!column) {
			explain_unknown(columns, list, length);
			return -1;
		}
		choose(table, column);
		list += length;
		list += *list == ',';
	}
	return 0;
}

static int choose_columns(struct table *table, const struct column *columns)
{
	const char *list = table->output.columns;
	bool more = list && *list == '+';

	table->columns = calloc(count_columns(columns) + 1, sizeof(*table->columns));
	if (!table->columns) {
		warn("columns");
		return -1;
	}
	if (!list || more || table->output.all)
		for (const struct column *column = columns; column->name; column++)
			if (column->standard || table->output.all)
				choose(table, column);
	if (list && choose_named(table, columns, list + more))
		return -1;
	if (table->ncolumns)
		return 0;
	explain_unknown(columns, "", 0);	/* -o '' */
	return -1;
}

static bool is_number(enum column_type type)
{
	return type == COLUMN_NUMBER || type == COLUMN_BYTES || type == COLUMN_FLOAT;
}

static int type_in_json(enum column_type type)
{
	if (type == COLUMN_BOOL)
		return SCOLS_JSON_BOOLEAN;
	if (type == COLUMN_NUMBERS)
		return SCOLS_JSON_ARRAY_NUMBER;
	return is_number(type) ? SCOLS_JSON_NUMBER : SCOLS_JSON_STRING;
}

static bool is_right(const struct column *column)
{
	return is_number(column->type) || column->type == COLUMN_HEX;
}

static int add_column(struct table *table, const struct column *column)
{
	struct libscols_column *added;
	int flags = 0;

	if (is_right(column))
		flags |= SCOLS_FL_RIGHT;
	if (column->truncate)
		flags |= SCOLS_FL_TRUNC;
	if (column->type == COLUMN_NUMBERS && table->output.json)
		flags |= SCOLS_FL_WRAP;
	if (column->tree && table->output.tree)
		flags = (flags & ~SCOLS_FL_RIGHT) | SCOLS_FL_TREE;
	added = scols_table_new_column(table->scols, column->name, column->width, flags);
	if (!added)
		return -1;
	if (column->type == COLUMN_NUMBERS && table->output.json &&
	    scols_column_set_wrapfunc(added, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL))
		return -1;
	return scols_column_set_json_type(added, type_in_json(column->type));
}

int table_check(const struct column *columns, const struct output *output)
{
	struct table table = { .output = *output };
	int result = choose_columns(&table, columns);

	free(table.columns);
	return result;
}

static int set_up(struct table *table, const char *name)
{
	int failed;

	table->scols = scols_new_table();
	if (!table->scols)
		return -1;
	failed = scols_table_set_name(table->scols, name);
	failed |= scols_table_enable_json(table->scols, table->output.json);
	failed |= scols_table_enable_raw(table->scols, table->output.raw);
	failed |= scols_table_enable_noheadings(table->scols, table->output.no_headings);
	failed |= scols_table_enable_colors(table->scols, table->output.color);
	for (size_t i = 0; i < table->ncolumns && !failed; i++)
		failed = add_column(table, table->columns[i]);
	return failed ? -1 : 0;
}

struct table *table_new(const char *name, const struct column *columns,
			const struct output *output)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table) {
		warn("table");
		return NULL;
	}
	table->output = *output;
	if (choose_columns(table, columns)) {
		table_free(table);
		return NULL;
	}
	if (set_up(table, name)) {
		warnx("libsmartcols cannot make the table '%s'", name);
		table_free(table);
		return NULL;
	}
	return table;
}

static void format_number(struct cell *cell, int decimals)
{
	if (cell->is_real)
		cell_text(cell, "%.*f", decimals, cell->real);
	else
		cell_text(cell, "%llu", (unsigned long long)cell->number);
}

static void format_cell(struct cell *cell, const struct column *column,
			const struct output *output)
{
	switch (column->type) {
	case COLUMN_BYTES:
		if (output->json || output->bytes)
			format_number(cell, 0);
		else
			format_bytes(cell->text, sizeof(cell->text),
				     cell->is_real ? cell->real : (double)cell->number);
		break;
	case COLUMN_NUMBER:
	case COLUMN_FLOAT:
		format_number(cell, column->type == COLUMN_FLOAT ? 2 : 1);
		break;
	case COLUMN_HEX:
		cell_text(cell, "%llx", (unsigned long long)cell->number);
		break;
	case COLUMN_BOOL:
		cell_text(cell, "%s", cell->number ? "yes" : "no");
		break;
	case COLUMN_NUMBERS:	/* libsmartcols has a list's elements on lines of a cell */
		for (char *comma = cell->text; output->json && (comma = strchr(comma, ','));)
			*comma = '\n';
		break;
	case COLUMN_STRING:
		break;
	}
}

static void get_field(struct cell *cell, const struct column *column, const void *record)
{
	const void *member = *(const char *const *)record + column->field.offset;
	uint64_t number;

	switch (column->field.type) {
	case FIELD_INT:
		number = (uint64_t)*(const int *)member;
		break;
	case FIELD_UNSIGNED:
		number = *(const unsigned int *)member;
		break;
	case FIELD_WIDE:
		number = *(const uint64_t *)member;
		break;
	case FIELD_REAL:
		cell_real(cell, *(const double *)member);
		return;
	default:
		cell_text(cell, "%s", (const char *)member);
		return;
	}
	if (column->convert)
		column->convert(cell, record, number);
	else
		cell_number(cell, number);
}

/* An unset cell: nothing in text, null in JSON, "-" in raw, which is cut at spaces. */
static int fill(struct table *table, struct libscols_line *line, size_t index,
		const void *record)
{
	const struct column *column = table->columns[index];
	struct cell cell;

	cell.set = false;
	cell.color = NULL;
	cell.text[0] = '\0';
	if (column->get)
		column->get(&cell, record);
	else
		get_field(&cell, column, record);
	if (cell.set)
		format_cell(&cell, column, &table->output);
	if (table->output.raw && !*cell.text)
		cell_text(&cell, "-");
	else if (!cell.set)
		return 0;
	if (cell.color)
		scols_cell_set_color(scols_line_get_cell(line, index), cell.color);
	return scols_line_set_data(line, index, cell.text);
}

static int make_safe(struct libscols_cell *cell)
{
	const char *data = cell ? scols_cell_get_data(cell) : NULL;
	size_t room = data ? SAFE_TEXT_ROOM(strlen(data)) : 0;
	char *safe = data ? malloc(room) : NULL;

	if (!safe)
		return data ? -1 : 0;
	safe_text(safe, room, TO_TERMINAL, data);
	return scols_cell_refer_data(cell, safe);	/* which frees it */
}

/* What libsmartcols takes for printable has marks of direction in it. */
static int make_all_safe(struct table *table)
{
	struct libscols_iter *lines = scols_new_iter(SCOLS_ITER_FORWARD);
	struct libscols_line *line;
	int failed = lines ? scols_table_enable_noencoding(table->scols, 1) : -1;

	while (!failed && !scols_table_next_line(table->scols, lines, &line))
		for (size_t i = 0; i < table->ncolumns && !failed; i++)
			if (table->columns[i]->type == COLUMN_STRING)
				failed = make_safe(scols_line_get_cell(line, i));
	scols_free_iter(lines);
	return failed;
}

/*
 * What stands around the lines is ours: libsmartcols knows no other key than the table's
 * name, and begins anew each time that it prints.
 */
static const char begin_json[] = "{\n   \"schema\": %d,\n   \"%s\": [";
static const char end_json[] = "\n   ]\n}\n";

/* The lines that there are, behind those that were printed before. */
static int print_json_lines(struct table *table, FILE *out)
{
	char *printed = NULL, *begin, *end;

	if (scols_print_table_to_string(table->scols, &printed))
		return -1;
	begin = strchr(printed, '[') + 1;
	end = strrchr(begin, ']');
	while (end > begin && strchr("\n ", end[-1]))
		end--;
	*end = '\0';
	if (table->printed && *begin) {
		fputc(',', out);
		begin += strspn(begin, "\n ");
	}
	/* libsmartcols leaves in JSON what is no control of ASCII. */
	safe_print(out, TO_JSON, begin);
	free(printed);
	return 0;
}

static int print_json(struct table *table, FILE *out, bool all)
{
	int failed;

	if (!table->printed)
		fprintf(out, begin_json, JSON_SCHEMA, scols_table_get_name(table->scols));
	failed = print_json_lines(table, out);
	if (all)
		fputs(end_json, out);
	return failed;
}

/* Line breaks stand between what belongs together; within a string they are escaped. */
static void fold(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (*text == '\n')
			text += strspn(text + 1, " ");
		else
			*to++ = *text;
	*to = '\0';
}

static int print_json_folded(struct table *table)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	int failed;

	if (!out)
		return -1;
	failed = print_json(table, out, true);
	if (fclose(out) || failed)
		return -1;
	fold(text);
	puts(text);
	free(text);
	return 0;
}

static int print_so_far(struct table *table)
{
	int failed = table->output.json ? print_json(table, stdout, false) :
					  scols_print_table(table->scols);

	table->printed = true;
	scols_table_remove_lines(table->scols);
	return failed || scols_table_enable_noheadings(table->scols, 1) ? -1 : 0;
}

void table_stream(struct table *table, size_t batch)
{
	if (table->output.json || table->output.raw)
		table->batch = batch;
}

void *table_add(struct table *table, const void *record, void *parent)
{
	struct libscols_line *line = scols_table_new_line(table->scols, parent);

	if (!line)
		err(EXIT_FAILURE, "table");
	for (size_t i = 0; i < table->ncolumns; i++)
		if (fill(table, line, i, record))
			err(EXIT_FAILURE, "table");
	if (table->batch && scols_table_get_nlines(table->scols) == table->batch &&
	    print_so_far(table))
		err(EXIT_FAILURE, "table");
	return line;
}

int table_print(struct table *table)
{
	if (table->output.json)
		return table->output.lines ? print_json_folded(table) :
					     print_json(table, stdout, true);
	if (!table->output.raw && make_all_safe(table))
		return -1;
	if (table->printed && !scols_table_get_nlines(table->scols))
		return 0;
	return scols_print_table(table->scols) ? -1 : 0;
}

static void html_line(const struct table *table, struct libscols_line *line, FILE *out)
{
	fputs("<tr>", out);
	for (size_t i = 0; i < table->ncolumns; i++) {
		struct libscols_cell *cell = scols_line_get_cell(line, i);
		const char *data = cell ? scols_cell_get_data(cell) : NULL;

		fputs(is_right(table->columns[i]) ? "<td class=\"r\">" : "<td>", out);
		html_text(out, "%s", data ? data : "");
		fputs("</td>", out);
	}
	fputs("</tr>\n", out);
}

void table_html(struct table *table, FILE *out, const char *caption)
{
	size_t lines = scols_table_get_nlines(table->scols);

	html_table_begin(out, caption);
	for (size_t i = 0; i < table->ncolumns; i++)
		html_heading(out, table->columns[i]->name, is_right(table->columns[i]));
	html_rows(out);
	for (size_t i = 0; i < lines; i++)
		html_line(table, scols_table_get_line(table->scols, i), out);
	html_table_end(out);
}

void table_free(struct table *table)
{
	if (!table)
		return;
	scols_unref_table(table->scols);
	free(table->columns);
	free(table);
}

void table_list_columns(FILE *out, const struct column *columns)
{
	int width = 0;

	for (const struct column *column = columns; column->name; column++)
		if ((int)strlen(column->name) > width)
			width = (int)strlen(column->name);
	fprintf(out, "\nAvailable output columns (* is shown without -o):\n");
	for (; columns->name; columns++)
		fprintf(out, " %c%-*s  %s\n", columns->standard ? '*' : ' ', width,
			columns->name, columns->help);
}
