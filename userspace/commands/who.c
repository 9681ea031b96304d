// SPDX-License-Identifier: GPL-2.0
/* sharestat who: every mapping of one frame. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <linux/kernel-page-flags.h>
#include <stdlib.h>
#include <string.h>

#include "commands/address-operand.h"
#include "commands/command.h"
#include "lib/parse-number.h"
#include "measure/find-spaces.h"
#include "model/address-spaces.h"
#include "model/find-vma.h"
#include "read/formats.h"
#include "read/frame-runs.h"
#include "read/names.h"
#include "read/parse-runs.h"
#include "read/run-list.h"
#include "read/snapshot.h"
#include "read/whole-file.h"
#include "show/pte-letters.h"
#include "show/table-cells.h"

#define MAPPINGS_MAX (1 << 20)	/* the zero page can have more: then these will do */
#define LOOKS 4			/* at a frame whose mappings change meanwhile */

struct mapping {
	struct frame_run run;		/* cut to the frame; zero pages: all of them */
	uint32_t space;
	const struct vma_record *vma;	/* or NULL */
};

/* What is known of the frame that is asked for. */
struct search {
	uint64_t pfn;
	bool shared;			/* it has two mappings and more */
	uint64_t page_size;
	struct spaces spaces;
	struct mapping *list;
	size_t count, capacity;
	uint64_t found;			/* mappings: not less than count */
	bool cut;
};

struct view {
	const struct mapping *mapping;
	const struct search *search;
};

#define RUN(record) (((const struct view *)(record))->mapping->run)

static const struct space *space_at(const void *record)
{
	const struct view *view = record;

	return &view->search->spaces.list[view->mapping->space];
}

static void get_pid(struct cell *cell, const void *record)
{
	cell_number(cell, space_at(record)->tgid);
}

static void get_command(struct cell *cell, const void *record)
{
	space_name(cell, space_at(record));
}

static void get_pte(struct cell *cell, const void *record)
{
	char text[8];

	pte_text(text, RUN(record).pte);
	cell_text(cell, "%s", text);
}

static void get_class(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", sharing_names[RUN(record).sharing]);
}

/* Where the kernel keeps no count of mappings, neither count means anything. */
static void to_count(struct cell *cell, const void *record, uint64_t count)
{
	cell_number(cell, RUN(record).maps ? count : ABSENT);
}

static void get_perms(struct cell *cell, const void *record)
{
	const struct vma_record *vma = ((const struct view *)record)->mapping->vma;

	if (vma)
		cell_text(cell, "%s", vma->perms);
}

static void get_name(struct cell *cell, const void *record)
{
	const struct vma_record *vma = ((const struct view *)record)->mapping->vma;

	if (vma)
		cell_text(cell, "%s", vma->name);
}

#define MEMBER(member) .field = FIELD(struct mapping, member)

static const struct column columns[] = {
	{ "TGID", "process id", COLUMN_NUMBER, 5, .standard = true, .get = get_pid },
	{ "COMM", "its name; +N: so many other processes have this address space",
	  COLUMN_STRING, 10, .standard = true, .truncate = true, .get = get_command },
	{ "VA", "virtual address", COLUMN_HEX, 12, .standard = true, MEMBER(run.va) },
	{ "PFN", "number of the frame", COLUMN_HEX, 6, MEMBER(run.pfn) },
	{ "PAGES", "more than one for neighbours that all map the zero page", COLUMN_NUMBER,
	  5, MEMBER(run.pages) },
	{ "PTE", "w writable, x executable, d dirty, y young, s special, h or H huge, t huge in a shared page table",
	  COLUMN_STRING, 6, .standard = true, .get = get_pte },
	{ "CLASS", "sharing class", COLUMN_STRING, 9, .standard = true, .get = get_class },
	{ "MAPS", "mappings of the frame, in all address spaces", COLUMN_NUMBER, 4,
	  .standard = true, MEMBER(run.maps), .convert = to_count },
	{ "REFS", "references to it, of a huge page to the whole of it", COLUMN_NUMBER, 4,
	  .standard = true, MEMBER(run.refs), .convert = to_count },
	{ "PERMS", "permissions of the mapping, as in /proc/PID/maps", COLUMN_STRING, 4,
	  .standard = true, .get = get_perms },
	{ "NAME", "file or purpose of the mapping", COLUMN_STRING, 20, .standard = true,
	  .truncate = true, .get = get_name },
	{ 0 }
};

static int keep(struct search *search, const struct mapping *mapping)
{
	if (search->count == MAPPINGS_MAX) {
		search->cut = true;
		return 0;
	}
	if (search->count == search->capacity) {
		size_t capacity = search->capacity ? 2 * search->capacity : 64;
		void *list = reallocarray(search->list, capacity, sizeof(*mapping));

		if (!list)
			return ENOMEM;
		search->list = list;
		search->capacity = capacity;
	}
	search->list[search->count++] = *mapping;
	return 0;
}

static bool is_small_zero(const struct frame_run *run)
{
	return run->sharing == SHARING_ZERO && !(run->pte & SHARESTAT_PTE_PMD);
}

static int look_at(const struct frame_run *run, void *arg)
{
	struct search *search = arg;
	struct mapping mapping = { .run = *run };
	long space;

	if (is_small_zero(run) ? run->pfn != search->pfn :
	    search->pfn < run->pfn || search->pfn - run->pfn >= run->pages)
		return 0;
	space = spaces_find(&search->spaces, run->tgid);
	if (space < 0)
		return ENOMEM;
	if (!spaces_first(&search->spaces, space, run->tgid))
		return 0;
	mapping.space = (uint32_t)space;
	if (!is_small_zero(run)) {
		mapping.run.va += (search->pfn - run->pfn) * search->page_size;
		mapping.run.pfn = search->pfn;
		mapping.run.pages = 1;
	}
	search->found += mapping.run.pages;
	return keep(search, &mapping);
}

/* As the frame itself says it, when last looked at; 0: it has no count. */
static uint32_t maps_of(const struct search *search)
{
	return search->count ? search->list[search->count - 1].run.maps : 0;
}

static int look_once(struct search *search)
{
	const struct runs_filter filter = { .shared = search->shared };
	struct bin_totals totals;
	int result;

	spaces_free(&search->spaces);
	search->count = 0;
	search->found = 0;
	search->cut = false;
	if (spaces_read(&search->spaces))
		return -1;
	result = runs_read(&filter, look_at, search, &totals);
	if (result > 0)
		warnx("%s", strerror(result));
	return result ? -1 : 0;
}

/* Again while the counts do not fit: somebody may just map or unmap it. */
static int look(struct search *search)
{
	for (int i = 0; i < LOOKS; i++) {
		if (look_once(search))
			return -1;
		if (search->count && (!maps_of(search) || search->found == maps_of(search)))
			break;
	}
	return 0;
}

/* The processes found, for the filter of `vmas`; without doubles. */
static pid_t *found_groups(const struct search *search, size_t *count)
{
	pid_t *tgids = calloc(search->count + 1, sizeof(*tgids));

	*count = 0;
	for (size_t i = 0; tgids && i < search->count; i++)
		if (!*count || tgids[*count - 1] != search->list[i].run.tgid)
			tgids[(*count)++] = search->list[i].run.tgid;
	return tgids;
}

/* Names are a help: without them the rest is still worth to be seen. */
static int read_names(struct search *search, struct snapshot *vmas)
{
	size_t count;
	pid_t *tgids = found_groups(search, &count);
	int result = tgids ? snapshot_read(vmas, &format_vmas, tgids, count) : -1;

	free(tgids);
	if (result)
		return -1;
	vmas_sort(vmas);
	for (size_t i = 0; i < search->count; i++) {
		struct mapping *mapping = &search->list[i];

		mapping->vma = place_vma(vmas, mapping->run.tgid, mapping->run.va);
	}
	return 0;
}

static void choose_columns(struct column *chosen, const struct search *search)
{
	memcpy(chosen, columns, sizeof(columns));
	for (struct column *column = chosen; column->name; column++)
		if (column->field.offset == offsetof(struct mapping, run.pages) && !column->get)
			column->standard = search->found > search->count;
}

static int print_table(const struct search *search, const struct output *output)
{
	struct column chosen[sizeof(columns) / sizeof(columns[0])];
	struct view view = { .search = search };
	struct table *table;
	int result;

	choose_columns(chosen, search);
	table = table_new("who", chosen, output);
	if (!table)
		return -1;
	for (size_t i = 0; i < search->count; i++) {
		view.mapping = &search->list[i];
		table_add(table, &view, NULL);
	}
	result = table_print(table);
	table_free(table);
	return result;
}

/* What else than mappings holds references. */
static const char *other_references(const struct frame_run *run)
{
	bool one = run->refs == run->maps + 1;

	if (run->flags & (1ULL << KPF_THP | 1ULL << KPF_HUGE))
		return "references are those of the whole huge page";
	if (one && !(run->flags & 1ULL << KPF_ANON))
		return "the one that is no mapping is the page cache's";
	if (one && run->flags & 1ULL << KPF_SWAPCACHE)
		return "the one that is no mapping is the swap cache's";
	if (run->flags & 1ULL << KPF_SWAPCACHE)
		return "the others are the swap cache's and of whoever looks at it just now";
	if (run->flags & 1ULL << KPF_ANON)
		return "the others are of whoever looks at it just now: reclaim, a pin, direct I/O";
	return "the others are the page cache's, its buffers' and of whoever looks at it just now";
}

static void print_summary(const struct search *search)
{
	const struct frame_run *run = &search->list[search->count - 1].run;

	if (!run->maps) {
		printf("frame %llx: %llu mappings found; the kernel keeps no count for class %s\n",
		       (unsigned long long)search->pfn, (unsigned long long)search->found,
		       sharing_names[run->sharing]);
		return;
	}
	printf("frame %llx: %u mapping%s, %u reference%s", (unsigned long long)search->pfn,
	       run->maps, run->maps == 1 ? "" : "s", run->refs, run->refs == 1 ? "" : "s");
	if (run->refs != run->maps)
		printf("\n(%s)", other_references(run));
	if (run->pte & SHARESTAT_PTE_TABLE)
		printf("\n(the processes share the page table that maps it)");
	putchar('\n');
}

/* The frame counts mappings that no process shown here has, or the reverse. */
static void explain_difference(const struct search *search)
{
	uint32_t maps = maps_of(search);

	if (search->cut)
		warnx("only the first %d are shown", MAPPINGS_MAX);
	if (!maps || search->found == maps)
		return;
	if (search->found < maps)
		warnx("%llu of %u mappings found: the others are of processes outside of this pid namespace, or came and went meanwhile",
		      (unsigned long long)search->found, maps);
	else
		warnx("%llu mappings found, though the frame counts %u: one went meanwhile",
		      (unsigned long long)search->found, maps);
}

static int print(struct search *search, const struct output *output)
{
	struct snapshot vmas;
	bool named = !read_names(search, &vmas);
	int result;

	if (!output->json && !output->raw && !output->no_headings)
		print_summary(search);
	result = print_table(search, output);
	fflush(stdout);
	explain_difference(search);
	if (named)
		snapshot_free(&vmas);
	return result;
}

static void explain_absent(const struct place *place)
{
	const struct vma_record *vma;
	struct snapshot vmas;

	if (snapshot_read(&vmas, &format_vmas, &place->tgid, 1))
		return;
	vmas_sort(&vmas);
	vma = place_vma(&vmas, place->tgid, place->va);
	if (vma)
		warnx("%d:%llx is not present: %s there has not been touched, or it is swapped out",
		      place->tgid, (unsigned long long)place->va,
		      *vma->name ? vma->name : "the mapping");
	else
		warnx("%d:%llx: the process has nothing mapped there", place->tgid,
		      (unsigned long long)place->va);
	snapshot_free(&vmas);
}

/* PID:ADDR -> its frame. */
static int find_frame(struct search *search, const struct place *place)
{
	const struct frame_run *run;
	struct run_list list;

	if (run_list_read(&list, place->tgid, NULL))
		return -1;
	search->page_size = list.page_size;
	run = run_list_at(&list, place->va);
	if (run) {
		search->pfn = run_pfn(run, place->va - place->va % list.page_size,
				      list.page_size);
		search->shared = run->maps > 1;
	} else {
		explain_absent(place);
	}
	run_list_free(&list);
	return run ? 0 : -1;
}

static int parse_operand(struct search *search, const char *text)
{
	struct place place;

	if (strchr(text, ':'))
		return place_parse(&place, text) || find_frame(search, &place) ? -1 : 0;
	search->page_size = page_size();
	if (!search->page_size)
		return -1;
	if (parse_hex(&search->pfn, text))
		return 0;
	warnx("'%s' is neither PID:ADDR nor a frame number; both numbers are hexadecimal, as 'sharestat frames' shows them",
	      text);
	return -1;
}

static int who(const char *operand, const struct output *output)
{
	struct search search = { 0 };
	int result = parse_operand(&search, operand);

	if (!result)
		result = look(&search);
	if (!result && search.count) {
		result = print(&search, output);
	} else if (!result) {
		warnx("no process maps frame %llx now", (unsigned long long)search.pfn);
		result = -1;
	}
	free(search.list);
	spaces_free(&search.spaces);
	return result;
}

static int run(int argc, char **argv, struct options *options)
{
	if (options_next(argc, argv, &command_who, options) != -1)
		return EXIT_FAILURE;
	if (optind + 1 != argc) {
		warnx("name one frame: %s who PFN or who PID:ADDR",
		      program_invocation_short_name);
		return EXIT_FAILURE;
	}
	if (table_check(columns, &options->output))
		return EXIT_FAILURE;
	return who(argv[optind], &options->output) ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command command_who = {
	.name = "who",
	.instead = "it looks at all processes",
	.takes = TAKES_TABLE "R",
	.help = "Every mapping of a frame: which process, at what address, and why",
	.columns = columns,
	.run = run,
	.operands = "PFN|PID:ADDR",
};
