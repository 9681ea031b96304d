// SPDX-License-Identifier: GPL-2.0
/* sharestat frames: which frames a process maps, and who else counts on them. */
#include <linux/kernel-page-flags.h>
#include <string.h>

#include "commands/command.h"
#include "commands/processes.h"
#include "read/formats.h"
#include "read/names.h"
#include "read/whole-file.h"

static const char *const flag_names[64] = {
	[KPF_LOCKED] = "locked",
	[KPF_ERROR] = "error",
	[KPF_REFERENCED] = "referenced",
	[KPF_UPTODATE] = "uptodate",
	[KPF_DIRTY] = "dirty",
	[KPF_LRU] = "lru",
	[KPF_ACTIVE] = "active",
	[KPF_SLAB] = "slab",
	[KPF_WRITEBACK] = "writeback",
	[KPF_RECLAIM] = "reclaim",
	[KPF_BUDDY] = "buddy",
	[KPF_MMAP] = "mmap",
	[KPF_ANON] = "anon",
	[KPF_SWAPCACHE] = "swapcache",
	[KPF_SWAPBACKED] = "swapbacked",
	[KPF_COMPOUND_HEAD] = "head",
	[KPF_COMPOUND_TAIL] = "tail",
	[KPF_HUGE] = "huge",
	[KPF_UNEVICTABLE] = "unevictable",
	[KPF_HWPOISON] = "hwpoison",
	[KPF_NOPAGE] = "nopage",
	[KPF_KSM] = "ksm",
	[KPF_THP] = "thp",
	[KPF_OFFLINE] = "offline",
	[KPF_ZERO_PAGE] = "zero",
	[KPF_IDLE] = "idle",
	[KPF_PGTABLE] = "pgtable",
	[KPF_MLOCKED] = "mlocked",
};

struct view {
	const struct frame_record *frame;
};

#define FRAME(record) (((const struct view *)(record))->frame)

static void get_class(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", sharing_names[FRAME(record)->sharing]);
}

static void add_flag(char *text, size_t size, unsigned int bit)
{
	size_t used = strlen(text);

	if (flag_names[bit])
		snprintf(text + used, size - used, "%s%s", used ? "," : "", flag_names[bit]);
	else
		snprintf(text + used, size - used, "%s%u", used ? "," : "", bit);
}

static void get_flag_names(struct cell *cell, const void *record)
{
	char text[512] = "";

	for (unsigned int bit = 0; bit < 64; bit++)
		if (FRAME(record)->flags >> bit & 1)
			add_flag(text, sizeof(text), bit);
	if (*text)
		cell_text(cell, "%s", text);
}

#define MEMBER(member) .field = FIELD(struct frame_record, member)

static const struct column columns[] = {
	{ "TGID", "process id", COLUMN_NUMBER, 5, .standard = true, MEMBER(tgid) },
	{ "VA", "virtual address of the first page", COLUMN_HEX, 12, .standard = true,
	  MEMBER(va) },
	{ "PFN", "number of the first frame", COLUMN_HEX, 6, .standard = true,
	  MEMBER(pfn) },
	{ "PAGES", "how many neighbours that agree in all that follows", COLUMN_NUMBER, 5,
	  .standard = true, MEMBER(pages) },
	{ "REFS", "references to each frame", COLUMN_NUMBER, 4, .standard = true,
	  MEMBER(refs) },
	{ "MAPS", "mappings of each frame, in all address spaces", COLUMN_NUMBER, 4,
	  .standard = true, MEMBER(maps) },
	{ "PTE", "w writable, x executable, d dirty, y young, s special, h or H huge, t huge in a shared page table",
	  COLUMN_STRING, 6, .standard = true, MEMBER(pte) },
	{ "CLASS", "sharing class", COLUMN_STRING, 9, .standard = true, .get = get_class },
	{ "FLAGS", "page flags, as page-types names them", COLUMN_STRING, 20,
	  .standard = true, .truncate = true, .get = get_flag_names },
	{ "FLAGS_HEX", "KPF_* bits of <linux/kernel-page-flags.h>", COLUMN_HEX, 8,
	  MEMBER(flags) },
	{ 0 }
};

static int add(const void *record, void *table)
{
	table_add(table, &(struct view){ record }, NULL);
	return 0;
}

static int print_frames(const struct options *options)
{
	struct table *table = table_new("frames", columns, &options->output);
	int result;

	if (!table)
		return -1;
	table_stream(table, TABLE_BATCH);
	result = records_read(&format_frames, options->pids, options->npids, add, table);
	if (!result)
		result = table_print(table);
	table_free(table);
	return result;
}

static int run(int argc, char **argv, struct options *options)
{
	if (options_only(argc, argv, &command_frames, options) ||
	    table_check(columns, &options->output) ||
	    options_processes(options, NEEDS_MEMORY) || print_frames(options))
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

const struct command command_frames = {
	.name = "frames",
	.takes = TAKES_TABLE "pR",
	.help = "Runs of frames that processes map, with references, mappings and class",
	.columns = columns,
	.run = run,
};
