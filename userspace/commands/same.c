// SPDX-License-Identifier: GPL-2.0
/* sharestat same: are two addresses one frame, and why or why not. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands/address-operand.h"
#include "commands/command.h"
#include "lib/safe-text.h"
#include "measure/find-spaces.h"
#include "model/address-spaces.h"
#include "model/find-vma.h"
#include "model/same-frame.h"
#include "read/formats.h"
#include "read/frame-runs.h"
#include "read/names.h"
#include "read/open.h"
#include "read/run-list.h"
#include "read/snapshot.h"
#include "read/whole-file.h"
#include "show/pte-letters.h"
#include "witness/maps.h"
#include "witness/pagemap.h"

#define LOOKS 5			/* at pages that move meanwhile */

/* With -q, as cmp(1) and diff(1) have it. */
enum { QUIET_SAME, QUIET_DIFFERENT, QUIET_TROUBLE };

static const struct command_option own[] = {
	{ "quiet", 'q', NULL, "print nothing: status 0 same, 1 different, 2 neither can be said" },
	{ 0 }
};

static const char *const verdict_words[] = {
	[SAME_FRAME] = "SAME FRAME",
	[DIFFERENT_FRAMES] = "DIFFERENT FRAMES",
	[NO_FRAME] = "NO FRAME",
};

/* The two addresses, and the answer. */
struct question {
	struct same_side side[2];
	struct snapshot vmas;		/* side[].name lives in it */
	struct spaces spaces;
	char reason[512];
};

static int look_at_page(struct same_side *side)
{
	const struct frame_run *run;
	struct run_list list;

	if (run_list_read(&list, side->tgid, NULL))
		return -1;
	side->va -= side->va % list.page_size;
	run = run_list_at(&list, side->va);
	side->present = run;
	side->pfn = 0;
	if (run) {
		side->run = *run;
		side->pfn = run_pfn(run, side->va, list.page_size);
	}
	run_list_free(&list);
	return 0;
}

/* Two looks that agree: pages move, and the two are not looked at in one moment. */
static int look_until_still(struct question *question)
{
	uint64_t pfn[2] = { 0 };

	for (int i = 0; i < LOOKS; i++) {
		if (look_at_page(&question->side[0]) || look_at_page(&question->side[1]))
			return -1;
		if (i && question->side[0].pfn == pfn[0] && question->side[1].pfn == pfn[1])
			return 0;
		pfn[0] = question->side[0].pfn;
		pfn[1] = question->side[1].pfn;
	}
	warnx("these pages move all the time, so that two looks never agreed; try again");
	return -1;
}

/* Device, inode and offset: what the module's files do not have. */
static void read_file(struct same_side *side)
{
	size_t count = 0;
	struct proc_map *maps = source_recorded() ? NULL : proc_maps(side->tgid, &count);

	for (size_t i = 0; i < count; i++) {
		if (side->va < maps[i].start || side->va >= maps[i].end)
			continue;
		side->device = maps[i].device;
		side->inode = maps[i].inode;
		side->offset = maps[i].offset + side->va - maps[i].start;
	}
	free(maps);
}

static void read_swapped(struct same_side *side)
{
	uint64_t entry;

	if (!side->present && !source_recorded() && pagemap_read(side->tgid, side->va, &entry, 1))
		side->swapped = entry & PAGEMAP_SWAPPED;
}

static int describe(struct question *question, struct same_side *side)
{
	const struct vma_record *vma = place_vma(&question->vmas, side->tgid, side->va);
	long space = spaces_find(&question->spaces, side->tgid);

	if (space < 0)
		return -1;
	side->mm = question->spaces.list[space].mm;
	side->mapped = vma;
	side->name = vma ? vma->name : "";
	if (vma) {
		side->start = vma->start;
		snprintf(side->perms, sizeof(side->perms), "%s", vma->perms);
	}
	read_file(side);
	read_swapped(side);
	return 0;
}

static int answer(struct question *question)
{
	const pid_t tgids[] = { question->side[0].tgid, question->side[1].tgid };
	struct same_side *side = question->side;

	if (look_until_still(question) || spaces_read(&question->spaces) ||
	    snapshot_read(&question->vmas, &format_vmas, tgids, tgids[0] == tgids[1] ? 1 : 2))
		return -1;
	vmas_sort(&question->vmas);
	if (describe(question, &side[0]) || describe(question, &side[1]))
		return -1;
	same_reason(question->reason, sizeof(question->reason), &side[0], &side[1]);
	return 0;
}

struct view {
	const struct same_side *side;
	const struct question *question;
};

#define SIDE(record) (((const struct view *)(record))->side)

static void get_verdict(struct cell *cell, const void *record)
{
	const struct same_side *side = ((const struct view *)record)->question->side;

	cell_text(cell, "%s", verdict_words[same_verdict(&side[0], &side[1])]);
}

static void get_reason(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", ((const struct view *)record)->question->reason);
}

/* Of a page that is there, and of a frame whose mappings are counted. */
static void to_frame(struct cell *cell, const void *record, uint64_t value)
{
	if (SIDE(record)->present)
		cell_number(cell, value);
}

static void to_count(struct cell *cell, const void *record, uint64_t count)
{
	if (count)
		to_frame(cell, record, count);
}

static void get_pte(struct cell *cell, const void *record)
{
	char text[8];

	if (!SIDE(record)->present)
		return;
	pte_text(text, SIDE(record)->run.pte);
	cell_text(cell, "%s", text);
}

static void get_class(struct cell *cell, const void *record)
{
	if (SIDE(record)->present)
		cell_text(cell, "%s", sharing_names[SIDE(record)->run.sharing]);
}

static void get_perms(struct cell *cell, const void *record)
{
	if (SIDE(record)->mapped)
		cell_text(cell, "%s", SIDE(record)->perms);
}

static void get_name(struct cell *cell, const void *record)
{
	if (SIDE(record)->mapped)
		cell_text(cell, "%s", SIDE(record)->name);
}

#define MEMBER(member) .field = FIELD(struct same_side, member)

static const struct column columns[] = {
	{ "TGID", "process id", COLUMN_NUMBER, 5, .standard = true, MEMBER(tgid) },
	{ "VA", "virtual address of the page", COLUMN_HEX, 12, .standard = true, MEMBER(va) },
	{ "PFN", "number of the frame", COLUMN_HEX, 6, .standard = true, MEMBER(pfn),
	  .convert = to_frame },
	{ "MAPS", "mappings of the frame, in all address spaces", COLUMN_NUMBER, 4,
	  .standard = true, MEMBER(run.maps), .convert = to_count },
	{ "PTE", "w writable, x executable, d dirty, y young, s special, h or H huge, t huge in a shared page table",
	  COLUMN_STRING, 6, .standard = true, .get = get_pte },
	{ "CLASS", "sharing class", COLUMN_STRING, 9, .standard = true, .get = get_class },
	{ "PERMS", "permissions of the mapping, as in /proc/PID/maps", COLUMN_STRING, 4,
	  .standard = true, .get = get_perms },
	{ "NAME", "file or purpose of the mapping", COLUMN_STRING, 20, .standard = true,
	  .truncate = true, .get = get_name },
	{ "VERDICT", "SAME FRAME, DIFFERENT FRAMES or NO FRAME", COLUMN_STRING, 10,
	  .get = get_verdict },
	{ "REASON", "why", COLUMN_STRING, 20, .get = get_reason },
	{ 0 }
};

/* Programs have no eyes for the first line: there both are columns. */
static void choose_columns(struct column *chosen, const struct output *output)
{
	memcpy(chosen, columns, sizeof(columns));
	if (!output->json)
		return;
	for (struct column *column = chosen; column->name; column++)
		column->standard = true;
}

static void print_sentence(const char *verdict, const char *reason)
{
	printf("%s: ", verdict);
	safe_print(stdout, TO_TERMINAL, reason);
	putchar('\n');
}

static int print(const struct question *question, const struct output *output)
{
	struct column chosen[sizeof(columns) / sizeof(columns[0])];
	enum verdict_same verdict = same_verdict(&question->side[0], &question->side[1]);
	struct view view = { .question = question };
	struct table *table;
	int result;

	choose_columns(chosen, output);
	table = table_new("same", chosen, output);
	if (!table)
		return -1;
	if (!output->json && !output->raw && !output->no_headings)
		print_sentence(verdict_words[verdict], question->reason);
	for (int i = 0; i < 2; i++) {
		view.side = &question->side[i];
		table_add(table, &view, NULL);
	}
	result = table_print(table);
	table_free(table);
	return result;
}

/* It could be told: 0, whatever the answer. It could not: 4. */
static int status_of(const struct question *question, bool quiet)
{
	switch (same_verdict(&question->side[0], &question->side[1])) {
	case SAME_FRAME:
		return quiet ? QUIET_SAME : EXIT_SUCCESS;
	case DIFFERENT_FRAMES:
		return quiet ? QUIET_DIFFERENT : EXIT_SUCCESS;
	case NO_FRAME:
		break;
	}
	return quiet ? QUIET_TROUBLE : EXIT_NOT_MEASURABLE;
}

static int parse_operands(struct question *question, int argc, char **argv)
{
	struct place place;

	if (argc - optind != 2) {
		warnx("name two addresses: %s same PID:ADDR PID:ADDR",
		      program_invocation_short_name);
		return -1;
	}
	for (int i = 0; i < 2; i++) {
		if (place_parse(&place, argv[optind + i]))
			return -1;
		question->side[i].tgid = place.tgid;
		question->side[i].va = place.va;
	}
	return 0;
}

static int run(int argc, char **argv, struct options *options)
{
	struct question question = { 0 };
	bool quiet = false;
	int option, status;

	while ((option = options_next(argc, argv, &command_same, options)) == 'q')
		quiet = true;
	status = quiet ? QUIET_TROUBLE : EXIT_FAILURE;
	if (option != -1 || table_check(columns, &options->output) ||
	    parse_operands(&question, argc, argv))
		return status;
	if (!answer(&question) && (quiet || !print(&question, &options->output)))
		status = status_of(&question, quiet);
	snapshot_free(&question.vmas);
	spaces_free(&question.spaces);
	return status;
}

const struct command command_same = {
	.name = "same",
	.takes = TAKES_TABLE "R",
	.help = "Whether two addresses are one frame, and why or why not",
	.columns = columns,
	.run = run,
	.operands = "PID:ADDR PID:ADDR",
	.own = own,
};
