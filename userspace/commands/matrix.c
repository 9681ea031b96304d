// SPDX-License-Identifier: GPL-2.0
/* sharestat matrix: the frames that every pair of processes has in common. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands/matrix-picture.h"
#include "commands/processes.h"
#include "commands/sharing-classes.h"
#include "lib/parse-number.h"
#include "measure/find-spaces.h"
#include "read/frame-runs.h"
#include "read/names.h"
#include "read/parse-runs.h"
#include "read/whole-file.h"
#include "show/html.h"
#include "show/table-cells.h"

#define TOP 20

enum { OPTION_TOP = 1 + 255, OPTION_CLASS, OPTION_BY_CLASS, OPTION_HTML };

static const struct command_option own[] = {
	{ "top", OPTION_TOP, "N", "the first N lines; 20 without it, 0 for all" },
	{ "class", OPTION_CLASS, "CLASS[,CLASS]", "only frames of these sharing classes" },
	{ "by-class", OPTION_BY_CLASS, NULL, "a line for each class of a pair" },
	{ "html", OPTION_HTML, "FILE",
	  "write a page with a picture, too; - for only that, to standard output" },
	{ 0 }
};

struct request {
	const struct options *options;
	uint64_t top;
	uint32_t classes;		/* of --class; 0: all */
	bool by_class;
	const char *html;		/* also as a page to this file, or NULL */
};

/* One of the two, in bytes. */
struct half {
	int tgid;
	uint64_t uss, exclusive, pss, rss, hugetlb_private, hugetlb_shared;
};

/* What the columns show of a line. */
struct values {
	struct half one, other;
	uint64_t shared, sharing[SHARING_CLASSES];
};

struct row {
	const struct values *values;
	const struct matrix_line *line;
};

#define LINE(record) (((const struct row *)(record))->line)

/* A share of pages is no whole number of them, and of bytes it is. */
static struct half half_of(const struct matrix_line *line, bool other)
{
	const uint64_t page = line->machine->page_size;
	const struct space_size size = matrix_size_of(line->machine->matrix, other ?
						      line->pair->other : line->pair->one);

	return (struct half) {
		.tgid = matrix_space(line, other)->tgid,
		.uss = size.uss * page, .exclusive = size.exclusive * page,
		.pss = (uint64_t)(size.pss * (double)page), .rss = size.rss * page,
		.hugetlb_private = size.hugetlb_private * page,
		.hugetlb_shared = size.hugetlb_shared * page,
	};
}

static struct values values_of(const struct matrix_line *line)
{
	const uint64_t page = line->machine->page_size;
	struct values values = {
		.one = half_of(line, false), .other = half_of(line, true),
		.shared = line->frames * page,
	};

	for (size_t i = 0; i < SHARING_CLASSES; i++)
		values.sharing[i] = line->pair->sharing[i] * page;
	return values;
}

static void get_comm_one(struct cell *cell, const void *record)
{
	space_name(cell, matrix_space(LINE(record), false));
}

static void get_comm_other(struct cell *cell, const void *record)
{
	space_name(cell, matrix_space(LINE(record), true));
}

/* "libtext:61%,cow:39%": the first three are enough for people. */
static void get_classes(struct cell *cell, const void *record)
{
	const struct matrix_line *line = LINE(record);
	uint32_t left[SHARING_CLASSES];
	char text[256] = "";

	if (line->class >= 0) {
		cell_text(cell, "%s", sharing_names[line->class]);
		return;
	}
	memcpy(left, line->pair->sharing, sizeof(left));
	for (int i = 0; i < 3; i++) {
		unsigned int most = 0;
		size_t used = strlen(text);

		for (unsigned int class = 1; class < SHARING_CLASSES; class++)
			if (left[class] > left[most])
				most = class;
		/* What would read as 0 % is left out. */
		if (left[most] * 200ULL < line->pair->frames)
			break;
		snprintf(text + used, sizeof(text) - used, "%s%s:%.0f%%", used ? "," : "",
			 sharing_names[most], 100.0 * left[most] / line->pair->frames);
		left[most] = 0;
	}
	cell_text(cell, "%s", text);
}

#define EXCLUSIVE "frames that no other address space maps, however often this one does"

#define VALUE(member) .field = FIELD(struct values, member)

#define SIZE(name, help, member, shown) \
	{ name, help, COLUMN_BYTES, 5, .standard = shown, VALUE(member) }

#define SIDE(side, number, which)							\
	{ "TGID" number, "process that has the " which " address space",			\
	  COLUMN_NUMBER, 5, .standard = true, VALUE(side.tgid) },			\
	{ "COMM" number, "its name; +N: so many other processes have this address space", \
	  COLUMN_STRING, 10, .standard = true, .truncate = true, .get = get_comm_##side }, \
	SIZE("USS" number, "memory that nothing else maps", side.uss, true),		\
	SIZE("EXCLUSIVE" number, EXCLUSIVE, side.exclusive, false),			\
	SIZE("PSS" number, "proportional share: each page divided by its mappings",	\
	     side.pss, true),								\
	SIZE("RSS" number, "memory present, shared or not", side.rss, true),		\
	SIZE("PRIVATE_HUGETLB" number, "pages of hugetlb that nothing else maps",	\
	     side.hugetlb_private, false),						\
	SIZE("SHARED_HUGETLB" number, "pages of hugetlb that have several mappings",	\
	     side.hugetlb_shared, false)

#define CLASS(id, name)						\
	{ #id, "frames in common of class " name, COLUMN_BYTES, 5,	\
	  VALUE(sharing[SHARING_##id]) },

static const struct column columns[] = {
	{ "SHARED", "frames that both map", COLUMN_BYTES, 6, .standard = true,
	  VALUE(shared) },
	SIDE(one, "", "first"),
	SIDE(other, "2", "second"),
	{ "CLASS", "by what they are shared, most first", COLUMN_STRING, 22,
	  .standard = true, .truncate = true, .get = get_classes },
	SHARESTAT_SHARING_CLASSES(CLASS)
	{ 0 }
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

static bool has_hugetlb(const struct matrix_machine *machine)
{
	for (size_t i = 0; i < machine->spaces.count; i++) {
		struct space_size size = matrix_size_of(machine->matrix, (uint32_t)i);

		if (size.hugetlb_shared)
			return true;
	}
	return false;
}

static bool shows(const struct column *column, size_t offset)
{
	return column->field.type && column->field.offset == offset;
}

/* JSON has room for all classes as numbers, and no use for a text of them. */
static void choose_columns(struct column *chosen, const struct request *request, bool hugetlb)
{
	memcpy(chosen, columns, sizeof(columns));
	for (struct column *column = chosen; column->name; column++)
		column->standard |= hugetlb &&
			(shows(column, offsetof(struct values, one.hugetlb_shared)) ||
			 shows(column, offsetof(struct values, other.hugetlb_shared)));
	if (!request->options->output.json || request->by_class)
		return;
	for (struct column *column = chosen; column->name; column++)
		column->standard = column->get != get_classes;
}

static int add_run(const struct frame_run *run, void *arg)
{
	struct matrix_machine *machine = arg;
	long space = spaces_find(&machine->spaces, run->tgid);

	if (space < 0)
		return ENOMEM;
	machine->any = true;
	if (!spaces_first(&machine->spaces, space, run->tgid))
		return 0;
	machine->result = matrix_add(machine->matrix, run, (uint32_t)space);
	return machine->result ? E2BIG : 0;
}

static int read_machine(struct matrix_machine *machine, const struct request *request)
{
	const struct runs_filter filter = {
		.tgids = request->options->pids, .count = request->options->npids,
	};
	struct bin_totals totals;
	int result;

	machine->matrix = matrix_new(request->classes ?: (1u << SHARING_CLASSES) - 1);
	if (!machine->matrix) {
		warn("matrix");
		return -1;
	}
	if (spaces_read(&machine->spaces))
		return -1;
	result = runs_read(&filter, add_run, machine, &totals);
	machine->page_size = totals.page_size;
	if (machine->result)
		warnx("%s", matrix_explain(machine->result));
	if (!result && !machine->any) {
		warnx("there is nothing of the processes asked for");
		return -1;
	}
	return result ? -1 : 0;
}

static int compare_lines(const void *left, const void *right)
{
	const struct matrix_line *a = left, *b = right;

	if (a->frames != b->frames)
		return a->frames > b->frames ? -1 : 1;
	if (a->pair != b->pair)
		return a->pair < b->pair ? -1 : 1;
	return a->class - b->class;
}

/* Pairs come sorted; the classes of all pairs have to be. */
static struct matrix_line *make_lines(const struct matrix_machine *machine,
				      const struct request *request,
				      const struct matrix_pair *pairs, size_t npairs,
				      size_t *count)
{
	size_t most = request->by_class ? SHARING_CLASSES : 1;
	struct matrix_line *lines = calloc(npairs * most + 1, sizeof(*lines));

	*count = 0;
	if (!lines)
		return NULL;
	for (size_t i = 0; i < npairs; i++) {
		struct matrix_line line = { &pairs[i], machine, -1, pairs[i].frames };

		if (!request->by_class)
			lines[(*count)++] = line;
		for (line.class = 0; line.class < SHARING_CLASSES; line.class++) {
			line.frames = pairs[i].sharing[line.class];
			if (request->by_class && line.frames)
				lines[(*count)++] = line;
		}
	}
	if (request->by_class)
		qsort(lines, *count, sizeof(*lines), compare_lines);
	return lines;
}

/* The table points at its columns, which therefore are the caller's. */
static struct table *fill_table(struct column *chosen, const struct matrix_line *lines,
				size_t count, const struct request *request,
				const struct output *output)
{
	struct table *table;

	choose_columns(chosen, request, count && has_hugetlb(lines->machine));
	table = table_new("matrix", chosen, output);
	for (size_t i = 0; table && i < count && (!request->top || i < request->top); i++) {
		const struct values values = values_of(&lines[i]);

		table_add(table, &(struct row) { &values, &lines[i] }, NULL);
	}
	return table;
}

static int print_page(const struct matrix_line *lines, size_t count, const struct request *request)
{
	struct output output = request->options->output;
	struct column chosen[COLUMNS];
	struct table *table;
	FILE *out;
	int result;

	output.json = false;
	output.raw = false;
	table = fill_table(chosen, lines, count, request, &output);
	if (!table)
		return -1;
	out = html_open(request->html, "Frames that processes have in common");
	if (!out) {
		table_free(table);
		return -1;
	}
	fputs("<main>\n", out);
	result = matrix_picture(out, lines, count, table);
	fputs("</main>\n", out);
	table_free(table);
	return html_close(out, request->html) || result ? -1 : 0;
}

static int print_lines(const struct matrix_line *lines, size_t count, const struct request *request)
{
	struct column chosen[COLUMNS];
	struct table *table;
	int result;

	if (request->html && print_page(lines, count, request))
		return -1;
	if (request->html && !strcmp(request->html, "-"))
		return 0;
	table = fill_table(chosen, lines, count, request, &request->options->output);
	if (!table)
		return -1;
	result = table_print(table);
	table_free(table);
	return result;
}

static int print_machine(const struct matrix_machine *machine, const struct request *request)
{
	const struct matrix_pair *pairs;
	enum matrix_result result;
	struct matrix_line *lines;
	size_t npairs, count;
	int printed;

	result = matrix_pairs(machine->matrix, &pairs, &npairs);
	if (result) {
		warnx("%s", matrix_explain(result));
		return -1;
	}
	lines = make_lines(machine, request, pairs, npairs, &count);
	if (!lines) {
		warn("matrix");
		return -1;
	}
	printed = print_lines(lines, count, request);
	free(lines);
	return printed;
}

static int parse_top(struct request *request, const char *text)
{
	if (parse_whole(&request->top, text, 0, UINT64_MAX))
		return 0;
	warnx("--top takes a number, 0 for all, not '%s'", text);
	return -1;
}

static int take_option(int option, struct request *request)
{
	switch (option) {
	case OPTION_TOP:
		return parse_top(request, optarg);
	case OPTION_CLASS:
		return sharing_classes_parse(&request->classes, optarg);
	case OPTION_BY_CLASS:
		request->by_class = true;
		return 0;
	case OPTION_HTML:
		request->html = optarg;
		return 0;
	}
	return -1;
}

static int run(int argc, char **argv, struct options *options)
{
	struct request request = { .options = options, .top = TOP };
	struct matrix_machine machine = { 0 };
	int option, result;

	while ((option = options_next(argc, argv, &command_matrix, options)) != -1)
		if (take_option(option, &request))
			return EXIT_FAILURE;
	if (options_no_operands(argc, argv) || table_check(columns, &options->output) ||
	    (request.html && html_check(request.html)) ||
	    options_processes(options, NEEDS_MEMORY))
		return EXIT_FAILURE;
	result = read_machine(&machine, &request);
	if (!result)
		result = print_machine(&machine, &request);
	matrix_free(machine.matrix);
	spaces_free(&machine.spaces);
	return result ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command command_matrix = {
	.name = "matrix",
	.takes = TAKES_TABLE "pR",
	.help = "Pairs of processes: the frames that both map, and each one's size",
	.columns = columns,
	.run = run,
	.own = own,
};
