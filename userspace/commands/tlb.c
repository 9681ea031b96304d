// SPDX-License-Identifier: GPL-2.0
/* sharestat tlb: why the TLB was flushed, and what became of it. */
#include "commands/counter-table.h"
#include "measure/read-accounts.h"
#include "model/accounts.h"
#include "model/counters.h"
#include "read/formats.h"
#include "read/names.h"

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

#define VIEW(record) ((const struct account_view *)(record))

#define GETTER(name, value)						\
static void by_get_##name(struct cell *cell, const void *view)		\
{									\
	const struct account_record *record = VIEW(view)->record;	\
									\
	by_cell(cell, VIEW(view), value);				\
}

GETTER(begun, account_reason(record, TLB_REASON_REMOTE_SEND_IPI))
GETTER(received, account_received(record))
GETTER(local, account_local(record))
GETTER(at_switch, account_reason(record, TLB_REASON_TASK_SWITCH))
GETTER(other, account_reason(record, TLB_REASON_OTHER))
GETTER(kept, account_flushes(record, TLB_OUTCOME_KEPT))
GETTER(range, account_flushes(record, TLB_OUTCOME_RANGE))
GETTER(full, account_flushes(record, TLB_OUTCOME_FULL))

static const struct column by_columns[] = {
	BY_COLUMNS_OWNER,
	{ "BEGUN", "shootdowns: flushes that it asked of other CPUs", COLUMN_NUMBER, 6,
	  .standard = true, .get = by_get_begun },
	{ "RECEIVED", "flushes that another CPU asked for while it ran", COLUMN_NUMBER, 6,
	  .standard = true, .get = by_get_received },
	{ "LOCAL", "flushes on the CPU that asked for them", COLUMN_NUMBER, 6,
	  .standard = true, .get = by_get_local },
	{ "AT_SWITCH", "when it was loaded; kept is one, too", COLUMN_NUMBER, 6,
	  .standard = true, .get = by_get_at_switch },
	{ "OTHER", "for reasons newer than the module", COLUMN_NUMBER, 6, .get = by_get_other },
	{ "KEPT", "of all these: nothing was flushed", COLUMN_NUMBER, 6, .standard = true,
	  .get = by_get_kept },
	{ "RANGE", "some pages were flushed", COLUMN_NUMBER, 6, .standard = true,
	  .get = by_get_range },
	{ "FULL", "all was flushed", COLUMN_NUMBER, 6, .standard = true, .get = by_get_full },
	{ "PAGES", "pages of the range flushes", COLUMN_NUMBER, 6, BY_COUNT(ACCOUNT_TLB_PAGES) },
	{ "SWITCH_KEPT", "at a switch, and nothing was flushed", COLUMN_NUMBER, 6,
	  BY_COUNT(ACCOUNT_FLUSHES(TASK_SWITCH, KEPT)) },
	{ "SWITCH_FULL", "at a switch, and all was flushed", COLUMN_NUMBER, 6,
	  BY_COUNT(ACCOUNT_FLUSHES(TASK_SWITCH, FULL)) },
	BY_COLUMNS_END,
	{ 0 }
};

/* Who causes shootdowns comes first, whoever else switches a lot. */
static void rank(uint64_t rank[BY_RANKS], const struct account_record *record)
{
	rank[0] = account_reason(record, TLB_REASON_REMOTE_SEND_IPI);
	rank[1] = account_received(record) + account_local(record);
	rank[2] = account_reason(record, TLB_REASON_TASK_SWITCH) +
		  account_reason(record, TLB_REASON_OTHER);
}

static const struct by_kind by = {
	.file = ACCOUNTS_TLB, .columns = by_columns, .rank = rank,
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
	.by = &by,
};

static int run(int argc, char **argv, struct options *options)
{
	return counter_command(&kind, argc, argv, options);
}

const struct command command_tlb = {
	.name = "tlb",
	.takes = TAKES_TABLE "pR",
	.help = "TLB flushes by reason and outcome: kept, range, full",
	.columns = columns,
	.run = run,
	.operands = COUNTER_OPERANDS,
	.own = counter_options_by_cpu,
};
