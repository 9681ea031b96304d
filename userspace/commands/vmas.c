// SPDX-License-Identifier: GPL-2.0
/* sharestat vmas: each mapping, and by what its pages are shared. */
#include "commands/command.h"
#include "commands/processes.h"
#include "read/formats.h"
#include "read/names.h"
#include "read/whole-file.h"
#include "show/table-cells.h"

#define VMA(line) ((const struct vma_record *)((const struct line_head *)(line))->record)

static void get_size(struct cell *cell, const void *record)
{
	cell_number(cell, VMA(record)->end - VMA(record)->start);
}

/* The sums of refs and maps leave these classes out. */
static uint64_t counted_pages(const struct vma_record *vma)
{
	return vma->present - vma->pages[SHARING_SPECIAL] -
	       vma->pages[SHARING_DEVICE] - vma->pages[SHARING_ZERO];
}

static void get_refs(struct cell *cell, const void *record)
{
	cell_real(cell, (double)VMA(record)->refs / counted_pages(VMA(record)));
}

static void get_maps(struct cell *cell, const void *record)
{
	cell_real(cell, (double)VMA(record)->maps / counted_pages(VMA(record)));
}

static void get_class(struct cell *cell, const void *record)
{
	const struct vma_record *vma = VMA(record);
	enum sharing_class most = 0;

	for (enum sharing_class class = 0; class < SHARING_CLASSES; class++)
		if (vma->pages[class] > vma->pages[most])
			most = class;
	if (vma->pages[most])
		cell_text(cell, "%s", sharing_names[most]);
}

static void get_name(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", VMA(record)->name);
}

#define MEMBER(member) .field = FIELD(struct vma_record, member)
#define BYTES(member) MEMBER(member), .convert = line_bytes
#define PAGES(id, help) { #id, help, COLUMN_BYTES, 5, BYTES(pages[SHARING_##id]) }

static const struct column columns[] = {
	{ "TGID", "process id", COLUMN_NUMBER, 5, .standard = true, MEMBER(tgid) },
	{ "START", "first address", COLUMN_HEX, 12, .standard = true, MEMBER(start) },
	{ "END", "first address after it", COLUMN_HEX, 12, MEMBER(end) },
	{ "PERMS", "permissions, as in /proc/PID/maps", COLUMN_STRING, 4, .standard = true,
	  MEMBER(perms) },
	{ "SIZE", "address range", COLUMN_BYTES, 5, .standard = true, .get = get_size },
	{ "PRESENT", "all that is mapped, zero pages, devices and hugetlb, too", COLUMN_BYTES, 5,
	  BYTES(present) },
	{ "RSS", "memory present, shared or not, as smaps has it: no zero pages, no hugetlb",
	  COLUMN_BYTES, 5, .standard = true, BYTES(rss) },
	{ "USS", "memory that nothing else maps", COLUMN_BYTES, 5, BYTES(uss) },
	{ "PSS", "proportional share: each page divided by its mappings", COLUMN_BYTES, 5,
	  .standard = true, MEMBER(pss) },
	{ "MAPS", "mappings of a frame, on average: 1 means that nobody else maps it",
	  COLUMN_FLOAT, 4, .standard = true, .get = get_maps },
	{ "REFS", "references to a frame, on average", COLUMN_FLOAT, 4, .get = get_refs },
	{ "CLASS", "sharing class of most of its pages", COLUMN_STRING, 9, .standard = true,
	  .get = get_class },
	PAGES(PRIVATE, "anonymous, mapped once"),
	PAGES(COW, "anonymous, still shared after fork"),
	PAGES(TEXT, "executable file pages of the program"),
	PAGES(RODATA, "read-only file pages of the program"),
	PAGES(LIBTEXT, "executable file pages of shared libraries"),
	PAGES(LIBRODATA, "read-only file pages of shared libraries"),
	PAGES(FILECOW, "pages of a private writable file mapping, not yet written"),
	PAGES(MAPFILE, "MAP_SHARED of a regular file"),
	PAGES(MAPANON, "MAP_SHARED|MAP_ANONYMOUS"),
	PAGES(MEMFD, "memfd_create(2)"),
	PAGES(POSIXSHM, "tmpfs files, such as those of shm_open(3)"),
	PAGES(SYSVSHM, "System V shared memory"),
	PAGES(KSM, "merged by kernel samepage merging"),
	PAGES(ZERO, "the shared zero page"),
	PAGES(HUGETLB, "hugetlb pages"),
	PAGES(SPECIAL, "the kernel's own: vdso, vvar"),
	PAGES(DEVICE, "device memory"),
	{ "PRIVATE_HUGETLB", "pages of hugetlb that nothing else maps", COLUMN_BYTES, 5,
	  BYTES(private_hugetlb) },
	{ "SHARED_HUGETLB", "pages of hugetlb that have several mappings", COLUMN_BYTES, 5,
	  BYTES(shared_hugetlb) },
	{ "HUGETLB_PSS", "proportional share of these", COLUMN_BYTES, 5, MEMBER(hugetlb_pss) },
	{ "LAZYFREE", "given back by MADV_FREE: the kernel may take it away at any time",
	  COLUMN_BYTES, 5, BYTES(lazyfree) },
	{ "MLOCKED", "locked in memory (mlock(2)): never swapped out", COLUMN_BYTES, 5,
	  BYTES(mlocked) },
	{ "SWAP", "swapped out", COLUMN_BYTES, 5, BYTES(swap) },
	{ "MIGRATION", "being migrated at that moment", COLUMN_BYTES, 5,
	  BYTES(migration) },
	{ "EMPTY_TABLES", "page tables of the lowest level, wholly inside, that map nothing",
	  COLUMN_BYTES, 5, BYTES(empty_tables) },
	{ "NAME", "file or purpose", COLUMN_STRING, 20, .standard = true, .truncate = true,
	  .get = get_name },
	{ 0 }
};

struct printing {
	struct table *table;
	struct line_head line;
};

static int add(const void *record, void *arg)
{
	struct printing *printing = arg;

	printing->line.record = record;
	table_add(printing->table, &printing->line, NULL);
	return 0;
}

static int print_vmas(const struct options *options)
{
	struct printing printing = { .line.page_size = page_size() };
	int result;

	if (!printing.line.page_size)
		return -1;
	printing.table = table_new("vmas", columns, &options->output);
	if (!printing.table)
		return -1;
	table_stream(printing.table, TABLE_BATCH);
	result = records_read(&format_vmas, options->pids, options->npids, add, &printing);
	if (!result)
		result = table_print(printing.table);
	table_free(printing.table);
	return result;
}

static int run(int argc, char **argv, struct options *options)
{
	if (options_only(argc, argv, &command_vmas, options) ||
	    table_check(columns, &options->output) ||
	    options_processes(options, NEEDS_MEMORY) || print_vmas(options))
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

const struct command command_vmas = {
	.name = "vmas",
	.takes = TAKES_TABLE "pR",
	.help = "Mappings of processes: how much is present, and how it is shared",
	.columns = columns,
	.run = run,
};
