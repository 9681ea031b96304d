// SPDX-License-Identifier: GPL-2.0
/* sharestat births: how tasks came to be, and what was copied for them. */
#include "commands/counter-table.h"
#include "measure/read-accounts.h"
#include "model/accounts.h"
#include "model/counters.h"
#include "read/formats.h"
#include "read/names.h"

enum { VALUE_COUNT, VALUE_PGTABLES, VALUE_VMAS, VALUE_PAGES };

#define ROW(record) ((const struct counter_row *)(record))
#define BIRTH(record) ((const struct birth_record *)(record))

static const char *const meanings[BIRTH_KINDS] = {
	[BIRTH_FORK] = "a process: its address space is a copy",
	[BIRTH_VFORK] = "a process in its parent's address space until exec",
	[BIRTH_THREAD] = "a thread: shares the address space",
	[BIRTH_SHAREVM] = "a process that shares the address space for good",
	[BIRTH_EXEC] = "a new program and address space in a process",
	[BIRTH_KTHREAD] = "a kernel thread: has no address space",
};

static void get_kind(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", birth_names[ROW(record)->item]);
}

static void get_count(struct cell *cell, const void *record)
{
	counter_cell(cell, ROW(record), VALUE_COUNT);
}

static void get_pgtables(struct cell *cell, const void *record)
{
	counter_cell(cell, ROW(record), VALUE_PGTABLES);
}

static void get_vmas(struct cell *cell, const void *record)
{
	counter_cell(cell, ROW(record), VALUE_VMAS);
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
	{ "KIND", "fork, vfork, thread, sharevm, exec or kthread", COLUMN_STRING, 8,
	  .standard = true, .get = get_kind },
	{ "COUNT", "how many (per second with an INTERVAL)", COLUMN_NUMBER, 8,
	  .standard = true, .get = get_count },
	{ "PGTABLES", "page tables copied or begun with (per second with an INTERVAL)",
	  COLUMN_BYTES, 8, .standard = true, .get = get_pgtables },
	{ "VMAS", "mappings copied or begun with (per second with an INTERVAL)",
	  COLUMN_NUMBER, 8, .standard = true, .get = get_vmas },
	{ "PAGES", "present pages copied or begun with (per second with an INTERVAL)",
	  COLUMN_NUMBER, 8, .standard = true, .get = get_pages },
	COUNTER_COLUMN_SECONDS,
	{ "MEANING", "what the kind means", COLUMN_STRING, 30, .standard = true,
	  .truncate = true, .get = get_meaning },
	{ 0 }
};

static const struct column by_columns[] = {
	BY_COLUMNS_OWNER,
	{ "FORK", "children with a copy of its address space", COLUMN_NUMBER, 5,
	  .standard = true, BY_COUNT(ACCOUNT_BIRTHS + BIRTH_FORK) },
	{ "VFORK", "children in its address space until they execute", COLUMN_NUMBER, 5,
	  .standard = true, BY_COUNT(ACCOUNT_BIRTHS + BIRTH_VFORK) },
	{ "THREAD", "threads", COLUMN_NUMBER, 5, .standard = true,
	  BY_COUNT(ACCOUNT_BIRTHS + BIRTH_THREAD) },
	{ "SHAREVM", "children in its address space for good", COLUMN_NUMBER, 5,
	  .standard = true, BY_COUNT(ACCOUNT_BIRTHS + BIRTH_SHAREVM) },
	{ "EXEC", "programs that it executed", COLUMN_NUMBER, 5, .standard = true,
	  BY_COUNT(ACCOUNT_BIRTHS + BIRTH_EXEC) },
	{ "KTHREAD", "kernel threads", COLUMN_NUMBER, 5,
	  BY_COUNT(ACCOUNT_BIRTHS + BIRTH_KTHREAD) },
	{ "PGTABLES", "page tables that were made for these", COLUMN_BYTES, 5,
	  .standard = true, BY_COUNT(ACCOUNT_BIRTH_PGTABLES) },
	{ "VMAS", "mappings that were made for these", COLUMN_NUMBER, 5, .standard = true,
	  BY_COUNT(ACCOUNT_BIRTH_VMAS) },
	{ "PAGES", "present pages that these began with", COLUMN_NUMBER, 5, .standard = true,
	  BY_COUNT(ACCOUNT_BIRTH_PAGES) },
	BY_COLUMNS_END,
	{ 0 }
};

static void rank(uint64_t rank[BY_RANKS], const struct account_record *record)
{
	rank[0] = account_births(record);
}

static const struct by_kind by = {
	.file = ACCOUNTS_BIRTHS, .columns = by_columns, .rank = rank,
};

static unsigned int item(const void *record)
{
	return BIRTH(record)->kind;
}

static void fold(struct counter_row *row, const void *record)
{
	counter_add(&row->value[VALUE_COUNT], BIRTH(record)->count);
	counter_add(&row->value[VALUE_PGTABLES], BIRTH(record)->pgtables);
	counter_add(&row->value[VALUE_VMAS], BIRTH(record)->vmas);
	counter_add(&row->value[VALUE_PAGES], BIRTH(record)->pages);
}

static const struct counter_kind kind = {
	.command = &command_births,
	.format = &format_births,
	.probe = "births",
	.fold = fold,
	.item = item,
	.by = &by,
};

static int run(int argc, char **argv, struct options *options)
{
	return counter_command(&kind, argc, argv, options);
}

const struct command command_births = {
	.name = "births",
	.takes = TAKES_TABLE "pR",
	.help = "Tasks created and programs executed, and what was copied for them",
	.columns = columns,
	.run = run,
	.operands = COUNTER_OPERANDS,
	.own = counter_options_by,
};
