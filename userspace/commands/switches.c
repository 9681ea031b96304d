// SPDX-License-Identifier: GPL-2.0
/* sharestat switches: context switches as the address space sees them. */
#include "commands/counter-table.h"
#include "measure/read-accounts.h"
#include "model/accounts.h"
#include "model/counters.h"
#include "read/formats.h"
#include "read/names.h"

enum { VALUE_COUNT, VALUE_NS };

#define ROW(record) ((const struct counter_row *)(record))
#define SWITCH(record) ((const struct switch_record *)(record))

static const char *const meanings[SWITCH_CLASSES] = {
	[SWITCH_THREAD] = "to a task of the same address space",
	[SWITCH_PROCESS] = "to a task of another address space",
	[SWITCH_TO_KERNEL] = "to a kernel task, which borrows the address space",
	[SWITCH_RETURN] = "from a kernel task back to the address space it borrowed",
	[SWITCH_RETURN_OTHER] = "from a kernel task to another address space",
	[SWITCH_KERNEL] = "from a kernel task to a kernel task",
};

static void get_class(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", switch_names[ROW(record)->item]);
}

static void get_count(struct cell *cell, const void *record)
{
	counter_cell(cell, ROW(record), VALUE_COUNT);
}

static void get_percent(struct cell *cell, const void *record)
{
	counter_cell_percent(cell, ROW(record));
}

static void get_ns(struct cell *cell, const void *record)
{
	counter_cell(cell, ROW(record), VALUE_NS);
}

static void get_mean(struct cell *cell, const void *record)
{
	const struct counter_row *row = ROW(record);

	if (row->value[VALUE_NS] != ABSENT && row->value[VALUE_COUNT])
		cell_real(cell, (double)row->value[VALUE_NS] /
			  (double)row->value[VALUE_COUNT]);
}

static void get_meaning(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", meanings[ROW(record)->item]);
}

static const struct column columns[] = {
	COUNTER_COLUMN_CPU,
	{ "CLASS", "class of the switch", COLUMN_STRING, 12, .standard = true,
	  .get = get_class },
	{ "COUNT", "switches (per second with an INTERVAL)", COLUMN_NUMBER, 8,
	  .standard = true, .get = get_count },
	{ "PERCENT", "part of all switches", COLUMN_FLOAT, 6, .standard = true,
	  .get = get_percent },
	{ "NS", "time they took, while the probe 'latency' was attached (per second with an INTERVAL)",
	  COLUMN_NUMBER, 8, .get = get_ns },
	{ "MEAN_NS", "time of one switch, while the probe 'latency' was attached",
	  COLUMN_FLOAT, 8, .get = get_mean },
	COUNTER_COLUMN_SECONDS,
	{ "MEANING", "what the class means", COLUMN_STRING, 30, .standard = true,
	  .truncate = true, .get = get_meaning },
	{ 0 }
};

#define VIEW(record) ((const struct account_view *)(record))

static void get_total(struct cell *cell, const void *view)
{
	by_cell(cell, VIEW(view), account_switches(VIEW(view)->record));
}

static const struct column by_columns[] = {
	BY_COLUMNS_OWNER,
	{ "TOTAL", "all its switches", COLUMN_NUMBER, 6, .standard = true, .get = get_total },
	{ "THREAD", "to it from its own address space", COLUMN_NUMBER, 6, .standard = true,
	  BY_COUNT(ACCOUNT_SWITCHES + SWITCH_THREAD) },
	{ "PROCESS", "to it from another address space", COLUMN_NUMBER, 6, .standard = true,
	  BY_COUNT(ACCOUNT_SWITCHES + SWITCH_PROCESS) },
	{ "TO_KERNEL", "from it to a kernel task", COLUMN_NUMBER, 6, .standard = true,
	  BY_COUNT(ACCOUNT_SWITCHES + SWITCH_TO_KERNEL) },
	{ "RETURN", "to it from a kernel task that had borrowed its address space",
	  COLUMN_NUMBER, 6, .standard = true, BY_COUNT(ACCOUNT_SWITCHES + SWITCH_RETURN) },
	{ "RETURN_OTHER", "to it from a kernel task that had borrowed another one",
	  COLUMN_NUMBER, 6, .standard = true, BY_COUNT(ACCOUNT_SWITCHES + SWITCH_RETURN_OTHER) },
	{ "KERNEL", "between kernel tasks", COLUMN_NUMBER, 6, .standard = true,
	  BY_COUNT(ACCOUNT_SWITCHES + SWITCH_KERNEL) },
	BY_COLUMNS_END,
	{ 0 }
};

static void rank(uint64_t rank[BY_RANKS], const struct account_record *record)
{
	rank[0] = account_switches(record);
}

static const struct by_kind by = {
	.file = ACCOUNTS_SWITCHES, .columns = by_columns, .rank = rank,
};

static unsigned int item(const void *record)
{
	return SWITCH(record)->class;
}

static unsigned int cpu(const void *record)
{
	return SWITCH(record)->cpu;
}

static void fold(struct counter_row *row, const void *record)
{
	counter_add(&row->value[VALUE_COUNT], SWITCH(record)->count);
	counter_add(&row->value[VALUE_NS], SWITCH(record)->ns);
}

static const struct counter_kind kind = {
	.command = &command_switches,
	.format = &format_switches,
	.probe = "switches",
	.fold = fold,
	.item = item,
	.cpu = cpu,
	.by = &by,
};

static int run(int argc, char **argv, struct options *options)
{
	return counter_command(&kind, argc, argv, options);
}

const struct command command_switches = {
	.name = "switches",
	.takes = TAKES_TABLE "pR",
	.help = "Context switches by class: thread, process, kernel",
	.columns = columns,
	.run = run,
	.operands = COUNTER_OPERANDS,
	.own = counter_options_by_cpu,
};
