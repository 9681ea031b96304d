// SPDX-License-Identifier: GPL-2.0
/* sharestat tlb: why the TLB was flushed, and what became of it. */
#include "counter.h"

/* One for each outcome, then the pages of the range flushes. */
enum { VALUE_PAGES = TLB_OUTCOMES };

#define ROW(record) ((const struct counter_row *)(record))
#define TLB(record) ((const struct tlb_record *)(record))

_Static_assert(VALUE_PAGES < COUNTER_VALUES, "no room for a value an outcome");

static const char *const meanings[TLB_REASONS] = {
	[TLB_REASON_TASK_SWITCH] = "a switch to another address space",
	[TLB_REASON_REMOTE_SHOOTDOWN] = "another CPU changed an address space loaded here",
	[TLB_REASON_LOCAL_SHOOTDOWN] = "this CPU unmapped pages of several address spaces",
	[TLB_REASON_LOCAL_MM_SHOOTDOWN] = "this CPU changed the address space it runs",
	[TLB_REASON_REMOTE_SEND_IPI] = "this CPU asked others to flush",
	[TLB_REASON_REMOTE_WRONG_CPU] = "asked to flush what it no longer had",
	[TLB_REASON_OTHER] = "a reason newer than the module",
};

static void get_reason(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", tlb_reason_names[ROW(record)->item]);
}

static void get_kept(struct cell *cell, const void *record)
{
	counter_cell(cell, ROW(record), TLB_OUTCOME_KEPT);
}

static void get_range(struct cell *cell, const void *record)
{
	counter_cell(cell, ROW(record), TLB_OUTCOME_RANGE);
}

static void get_full(struct cell *cell, const void *record)
{
	counter_cell(cell, ROW(record), TLB_OUTCOME_FULL);
}

static void get_pages(struct cell *cell, const void *record)
{
	counter_cell(cell, ROW(record), VALUE_PAGES);
}

static void get_meaning(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", meanings[ROW(record)->item]);
}

static const struct column columns[] = {
	COUNTER_COLUMN_CPU,
	{ "REASON", "why", COLUMN_STRING, 18, .standard = true, .get = get_reason },
	{ "KEPT", "times that nothing was flushed (per second with an INTERVAL)",
	  COLUMN_NUMBER, 8, .standard = true, .get = get_kept },
	{ "RANGE", "times that some pages were flushed (per second with an INTERVAL)",
	  COLUMN_NUMBER, 8, .standard = true, .get = get_range },
	{ "FULL", "times that all was flushed (per second with an INTERVAL)",
	  COLUMN_NUMBER, 8, .standard = true, .get = get_full },
	{ "PAGES", "pages of the range flushes (per second with an INTERVAL)",
	  COLUMN_NUMBER, 8, .standard = true, .get = get_pages },
	COUNTER_COLUMN_SECONDS,
	{ "MEANING", "what the reason means", COLUMN_STRING, 30, .standard = true,
	  .truncate = true, .get = get_meaning },
	{ 0 }
};

static unsigned int item(const void *record)
{
	return TLB(record)->reason;
}

static unsigned int cpu(const void *record)
{
	return TLB(record)->cpu;
}

static void fold(struct counter_row *row, const void *record)
{
	counter_add(&row->value[TLB(record)->outcome], TLB(record)->count);
	if (TLB(record)->outcome == TLB_OUTCOME_RANGE)
		counter_add(&row->value[VALUE_PAGES], TLB(record)->pages);
}

static const struct counter_kind kind = {
	.command = &command_tlb,
	.format = &format_tlb,
	.probe = "tlb",
	.fold = fold,
	.item = item,
	.cpu = cpu,
};

static int run(int argc, char **argv, struct options *options)
{
	return counter_command(&kind, argc, argv, options);
}

const struct command command_tlb = {
	.name = "tlb",
	.help = "TLB flushes by reason and outcome: kept, range, full",
	.columns = columns,
	.run = run,
	.operands = COUNTER_OPERANDS,
	.own = counter_options_by_cpu,
};
