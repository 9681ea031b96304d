// SPDX-License-Identifier: GPL-2.0
/* sharestat sum: what processes take together, each frame once. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/processes.h"
#include "commands/sum-sets.h"
#include "lib/xalloc.h"
#include "measure/find-spaces.h"
#include "model/set-sums.h"
#include "model/space-size.h"
#include "model/sums-by-name.h"
#include "read/formats.h"
#include "read/frame-runs.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

#define NO_MEMORY "not enough memory; look at fewer processes (-p)"

enum { OPTION_BY = 256 };

static const struct command_option own[] = {
	{ "by", OPTION_BY, "WHAT",
	  "what a line is: comm, user, session, tree or cgroup" },
	{ 0 }
};

/* A set, in bytes; or all of them. */
struct row {
	const char *name, *with;	/* "" of all; "" for nobody in particular */
	uint64_t groups, spaces, tasks;
	uint64_t rss, pss, exclusive, inside, shared, with_bytes, hugetlb, swap, pgtables;
	uint64_t one_more;
};

/* An address space, by its number: whose it is, and the bytes that it has alone. */
struct member {
	uint32_t set;			/* NO_SET: of none yet */
	uint64_t own;
};

struct line {
	const struct row *row;
	const char *total;		/* what to call all of them; NULL: it has no name */
};

/* Processes as they are read. */
struct machine {
	const struct options *options;
	struct sum_sets by;
	struct spaces spaces;
	struct member *members;		/* spaces that have been met */
	size_t nmembers;
	struct comms sets;
	struct set_sums *sums;
	struct space_sizer sizer;	/* of the space whose runs come */
	long space;			/* which that is, or -1 */
	uint64_t page_size;
	int error;
};

static void get_name(struct cell *cell, const void *record)
{
	const struct line *line = record;
	const char *name = *line->row->name ? line->row->name : line->total;

	if (name)
		cell_text(cell, "%s", name);
}

static void get_with(struct cell *cell, const void *record)
{
	const char *with = ((const struct line *)record)->row->with;

	if (*with)
		cell_text(cell, "%s", with);
}

#define MEMBER(member) .field = FIELD(struct row, member)

static const struct column columns[] = {
	{ "NAME", "of the programs, the user or the cgroup, or PID:NAME that the session or the tree begins with; the last line is all of them together",
	  COLUMN_STRING, 12, .standard = true, .truncate = true, .get = get_name },
	{ "GROUPS", "thread groups (processes)", COLUMN_NUMBER, 3, .standard = true,
	  MEMBER(groups) },
	{ "SPACES", "address spaces they have", COLUMN_NUMBER, 3, MEMBER(spaces) },
	{ "TASKS", "tasks (threads) they have", COLUMN_NUMBER, 3, MEMBER(tasks) },
	{ "RSS", "frames that they map, each once: EXCLUSIVE and SHARED", COLUMN_BYTES, 5,
	  .standard = true, MEMBER(rss) },
	{ "PSS", "proportional share: each page divided by its mappings", COLUMN_BYTES, 5,
	  .standard = true, MEMBER(pss) },
	{ "EXCLUSIVE", "frames that nobody else maps", COLUMN_BYTES, 5, .standard = true,
	  MEMBER(exclusive) },
	{ "INSIDE", "of these: of several mappings, all of them here", COLUMN_BYTES, 5,
	  .standard = true, MEMBER(inside) },
	{ "SHARED", "frames that others map, too", COLUMN_BYTES, 5, .standard = true,
	  MEMBER(shared) },
	{ "WITH", "who maps most of SHARED; frames that more than 32 lines map do not count",
	  COLUMN_STRING, 10, .standard = true, .truncate = true, .get = get_with },
	{ "WITH_BYTES", "so much of it", COLUMN_BYTES, 5, MEMBER(with_bytes) },
	{ "HUGETLB", "pages of hugetlb that they map, each once; in no other column",
	  COLUMN_BYTES, 5, MEMBER(hugetlb) },
	{ "SWAP", "swapped out", COLUMN_BYTES, 5, MEMBER(swap) },
	{ "PGTABLES", "page tables", COLUMN_BYTES, 5, MEMBER(pgtables) },
	{ "ONE_MORE", "what an address space has for itself alone, page tables included, by the median: one more would take as much",
	  COLUMN_BYTES, 5, .standard = true, MEMBER(one_more) },
	{ 0 }
};

static uint32_t find_set(struct machine *machine, long space)
{
	char *name = sum_sets_name(&machine->by, &machine->spaces.list[space]);
	const struct comm *set = comms_get(&machine->sets, name);

	free(name);
	return (uint32_t)(set - machine->sets.list);
}

static struct member *member_of(struct machine *machine, long space)
{
	while (machine->nmembers <= (size_t)space) {
		const size_t wanted = 2 * machine->spaces.count;

		machine->members = xreallocarray(machine->members, wanted,
						 sizeof(*machine->members));
		while (machine->nmembers < wanted)
			machine->members[machine->nmembers++] = (struct member) { NO_SET, 0 };
	}
	if (machine->members[space].set == NO_SET)
		machine->members[space].set = find_set(machine, space);
	return &machine->members[space];
}

static uint64_t *sums_of(struct machine *machine, long space)
{
	const uint32_t set = member_of(machine, space)->set;

	return machine->sets.list[set].sums;
}

/* All its runs were added. */
static void end_space(struct machine *machine)
{
	const struct space_size size = space_sizer_end(&machine->sizer);

	if (machine->space >= 0)
		member_of(machine, machine->space)->own +=
			(size.exclusive + size.hugetlb_private) * machine->page_size;
}

static int add_run(const struct frame_run *run, void *arg)
{
	struct machine *machine = arg;
	const long space = spaces_find(&machine->spaces, run->tgid);

	if (space < 0)
		return ENOMEM;
	if (!spaces_first(&machine->spaces, space, run->tgid))
		return 0;
	if (space != machine->space)
		end_space(machine);
	machine->space = space;
	machine->error = set_sums_add(machine->sums, run,
				      member_of(machine, space)->set);
	if (!machine->error && space_sizer_add(&machine->sizer, run))
		machine->error = ENOMEM;
	return machine->error;
}

static int read_frames(struct machine *machine)
{
	const struct runs_filter filter = {
		.tgids = machine->options->pids, .count = machine->options->npids,
	};
	struct bin_totals totals;
	const int result = runs_read(&filter, add_run, machine, &totals);

	if (!result)
		end_space(machine);
	if (machine->error == E2BIG)
		warnx("more than %u runs of shared frames; look at fewer processes (-p)",
		      SET_RUNS_MAX);
	else if (machine->error)
		warnx(NO_MEMORY);
	return result || machine->error ? -1 : 0;
}

static void add_mm(struct machine *machine, const struct mm_record *mm)
{
	const long space = spaces_known(&machine->spaces, mm->tgid);
	uint64_t *sums;

	if (space < 0 || !machine->spaces.list[space].walked)
		return;
	sums = sums_of(machine, space);
	sums[COMM_TASKS] += mm->tasks;
	sums[COMM_SWAP] += mm->swap;
	sums[COMM_PGTABLES] += mm->pgtables;
	member_of(machine, space)->own += mm->pgtables;
}

/* What the frames do not tell. */
static int read_rest(struct machine *machine)
{
	struct snapshot mms;

	if (snapshot_read(&mms, &format_mms, NULL, 0))
		return -1;
	for (size_t i = 0; i < mms.count; i++)
		add_mm(machine, snapshot_record(&mms, i));
	snapshot_free(&mms);
	for (size_t i = 0; i < machine->spaces.count; i++) {
		const struct space *space = &machine->spaces.list[i];

		if (!space->walked)
			continue;
		sums_of(machine, (long)i)[COMM_SPACES]++;
		sums_of(machine, (long)i)[COMM_GROUPS] += space->groups;
	}
	return 0;
}

static int add_up(struct machine *machine)
{
	int error = 0;

	for (size_t i = 0; !error && i < machine->spaces.count; i++)
		if (machine->spaces.list[i].walked)
			error = set_sums_add_own(machine->sums,
						 member_of(machine, (long)i)->set,
						 machine->members[i].own);
	if (error || set_sums_end(machine->sums)) {
		warnx(NO_MEMORY);
		return -1;
	}
	return 0;
}

static struct row make_row(const struct machine *machine, const struct set_sum *sum,
			   const struct comm *set)
{
	const uint64_t page = machine->page_size, *sums = set->sums;
	struct row row = {
		.name = set->name,
		.with = sum->with == NO_SET ? "" : machine->sets.list[sum->with].name,
		.groups = sums[COMM_GROUPS], .spaces = sums[COMM_SPACES], .tasks = sums[COMM_TASKS],
		.rss = sum->rss * page, .pss = (uint64_t)(sum->pss * (double)page),
		.exclusive = sum->exclusive * page, .inside = sum->inside * page,
		.shared = sum->shared * page, .with_bytes = sum->with_pages * page,
		.hugetlb = sum->hugetlb * page, .swap = sums[COMM_SWAP],
		.pgtables = sums[COMM_PGTABLES],
		.one_more = sum->one_more,
	};

	return row;
}

static int by_share(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	const uint64_t one = a->pss + a->hugetlb, other = b->pss + b->hugetlb;

	return one != other ? (one < other) - (one > other) : strcmp(a->name, b->name);
}

/* The last one is all of them. */
static struct row *make_rows(const struct machine *machine)
{
	const size_t count = machine->sets.count;
	struct row *rows = xreallocarray(NULL, count + 1, sizeof(*rows));
	struct set_sum sum = set_sums_total(machine->sums);
	struct comm all = { .name = "" };

	for (size_t i = 0; i < count; i++)
		comms_merge(&all, &machine->sets.list[i]);
	rows[count] = make_row(machine, &sum, &all);
	for (size_t i = 0; i < count; i++) {
		sum = set_sums_of(machine->sums, (uint32_t)i);
		rows[i] = make_row(machine, &sum, &machine->sets.list[i]);
	}
	qsort(rows, count, sizeof(*rows), by_share);
	return rows;
}

static int print_rows(const struct machine *machine)
{
	const struct output *output = &machine->options->output;
	struct table *table = table_new("sum", columns, output);
	struct row *rows = make_rows(machine);
	int result = -1;

	for (size_t i = 0; table && i <= machine->sets.count; i++) {
		const struct line line = {
			&rows[i], output->json || output->raw ? NULL : "total",
		};

		table_add(table, &line, NULL);
	}
	if (table)
		result = table_print(table);
	table_free(table);
	free(rows);
	return result;
}

static int sum_up(struct machine *machine)
{
	machine->sums = set_sums_new();
	machine->page_size = page_size();
	if (!machine->sums || !machine->page_size || spaces_read(&machine->spaces) ||
	    sum_sets_begin(&machine->by, machine->options->pids, machine->options->npids) ||
	    read_frames(machine) || read_rest(machine) || add_up(machine))
		return -1;
	if (machine->sets.count)
		return print_rows(machine);
	warnx("there is nothing of the processes asked for");
	return -1;
}

static int run(int argc, char **argv, struct options *options)
{
	struct machine machine = { .options = options, .space = -1 };
	int option, result;

	while ((option = options_next(argc, argv, &command_sum, options)) != -1)
		if (option != OPTION_BY || sum_sets_choose(&machine.by, optarg))
			return EXIT_FAILURE;
	if (options_no_operands(argc, argv) || table_check(columns, &options->output) ||
	    options_processes(options, NEEDS_MEMORY))
		return EXIT_FAILURE;
	result = sum_up(&machine);
	set_sums_free(machine.sums);
	space_sizer_free(&machine.sizer);
	comms_free(&machine.sets);
	spaces_free(&machine.spaces);
	sum_sets_free(&machine.by);
	free(machine.members);
	return result ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command command_sum = {
	.name = "sum",
	.takes = TAKES_TABLE "pR",
	.help = "Programs, users, services: what their processes take together, each frame once",
	.columns = columns,
	.run = run,
	.own = own,
};
