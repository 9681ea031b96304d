// SPDX-License-Identifier: GPL-2.0
/* The records of frames.bin -> structs, each checked before it is believed. */
#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include "read/parse-runs.h"
#include "read/parse-text.h"
#include "read/whole-file.h"

#define BATCH 1024		/* records: 48 KiB at a time, whatever the file's size */

struct bin_parser {
	FILE *in;
	int (*each)(const struct frame_run *run, void *arg);
	void *arg;
	struct bin_totals *totals;
	struct parse_error *error;
	bool ended;
};

static int __attribute__((format(printf, 2, 3)))
fail(struct bin_parser *parser, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(parser->error->why, sizeof(parser->error->why), format, args);
	va_end(args);
	return -1;
}

static int read_header(struct bin_parser *parser, const struct sharestat_run *header)
{
	uint64_t page_size = le64toh(header->va);

	if (header->type != SHARESTAT_RUN_HEADER ||
	    le32toh(header->pages) != SHARESTAT_BIN_MAGIC)
		return fail(parser, "this is no frames.bin: it does not begin with its header");
	if (le32toh(header->refs) != SHARESTAT_ABI)
		return fail(parser, "ABI %u, but this version knows %d: use module and tool of one version",
			    le32toh(header->refs), SHARESTAT_ABI);
	if (le32toh(header->tgid) != sizeof(*header))
		return fail(parser, "records of %u bytes, but this version knows %zu: use module and tool of one version",
			    le32toh(header->tgid), sizeof(*header));
	if (page_size < 1024 || (page_size & (page_size - 1)))
		return fail(parser, "a page size of %llu bytes", (unsigned long long)page_size);
	parser->totals->page_size = page_size;
	return 0;
}

static int read_end(struct bin_parser *parser, const struct sharestat_run *end)
{
	const struct bin_totals *totals = parser->totals;

	parser->ended = true;
	if (le64toh(end->flags) == totals->records && le64toh(end->pfn) == totals->pages)
		return 0;
	return fail(parser, "%llu runs of %llu pages, but the end record counts %llu of %llu",
		    (unsigned long long)totals->records, (unsigned long long)totals->pages,
		    (unsigned long long)le64toh(end->flags),
		    (unsigned long long)le64toh(end->pfn));
}

static bool is_zero(const uint8_t *bytes, size_t count)
{
	while (count--)
		if (*bytes++)
			return false;
	return true;
}

/* It stands on one level, and tables that are shared are of PMDs. */
static bool is_entry(unsigned int pte)
{
	unsigned int level = pte & (SHARESTAT_PTE_PMD | SHARESTAT_PTE_PUD | SHARESTAT_PTE_TABLE);

	return !level || level == SHARESTAT_PTE_PMD || level == SHARESTAT_PTE_PUD ||
	       level == (SHARESTAT_PTE_PMD | SHARESTAT_PTE_TABLE);
}

/* Does the run lie in one address space, and can its fields be so? */
static int check_run(struct bin_parser *parser, const struct frame_run *run)
{
	uint64_t page_size = parser->totals->page_size;
	uint64_t size = run->pages * page_size, end;

	if (!run->pages)
		return fail(parser, "a run without a page");
	if (run->va % page_size || __builtin_add_overflow(run->va, size, &end))
		return fail(parser, "%u pages at the address %llx cannot be", run->pages,
			    (unsigned long long)run->va);
	if (run->pfn > UINT64_MAX / page_size - run->pages)
		return fail(parser, "%u pages from frame %llx on cannot be", run->pages,
			    (unsigned long long)run->pfn);
	if (run->tgid <= 0)
		return fail(parser, "a process number of %d", run->tgid);
	if (run->sharing >= SHARING_CLASSES)
		return fail(parser, "sharing class %u, which this version does not know",
			    run->sharing);
	if (!is_entry(run->pte))
		return fail(parser, "pte bits %#x, which no entry has", run->pte);
	return 0;
}

static int read_run(struct bin_parser *parser, const struct sharestat_run *record)
{
	const struct frame_run run = {
		.va = le64toh(record->va),
		.pfn = le64toh(record->pfn),
		.flags = le64toh(record->flags),
		.pages = le32toh(record->pages),
		.refs = le32toh(record->refs),
		.maps = le32toh(record->maps),
		.tgid = (pid_t)le32toh(record->tgid),
		.sharing = record->sharing,
		.pte = record->pte,
	};

	if (!is_zero(record->reserved, sizeof(record->reserved)))
		return fail(parser, "reserved bytes are not zero");
	if (check_run(parser, &run))
		return -1;
	parser->totals->records++;
	parser->totals->pages += run.pages;
	return parser->each(&run, parser->arg);
}

static int read_record(struct bin_parser *parser, const struct sharestat_run *record)
{
	if (parser->error->line++ == 0)
		return read_header(parser, record);
	if (parser->ended)
		return fail(parser, "there is more after the end record");
	if (record->type == SHARESTAT_RUN_PAGES)
		return read_run(parser, record);
	if (record->type == SHARESTAT_RUN_END)
		return read_end(parser, record);
	return fail(parser, "a record of type %u, which this version does not know",
		    record->type);
}

/* What is left of the last read, and what must have come before. */
static int check_end(struct bin_parser *parser, size_t left, int error)
{
	parser->error->line++;
	if (error)
		return fail(parser, "cannot be read: %s", strerror(error));
	if (parser->error->line == 1 && !left)
		return fail(parser, "the file is empty");
	if (left)
		return fail(parser, "the file is cut off in the middle of a record");
	if (!parser->ended)
		return fail(parser, "the file is cut off: it has no end record");
	return 0;
}

int parse_bin(FILE *in, int (*each)(const struct frame_run *run, void *arg),
	      void *arg, struct bin_totals *totals, struct parse_error *error)
{
	struct bin_parser parser = {
		.in = in, .each = each, .arg = arg, .totals = totals, .error = error,
	};
	struct sharestat_run batch[BATCH];
	size_t got;

	*error = (struct parse_error) { 0 };
	*totals = (struct bin_totals) { 0 };
	do {
		errno = 0;
		got = fread(batch, 1, sizeof(batch), in);
		for (size_t i = 0; i < got / sizeof(batch[0]); i++) {
			int result = read_record(&parser, &batch[i]);

			if (result)
				return result;
		}
	} while (got == sizeof(batch));
	return check_end(&parser, got % sizeof(batch[0]), ferror(in) ? errno : 0);
}
