// SPDX-License-Identifier: GPL-2.0
/* sharestat births: how tasks came to be, and what was copied for them. */
#include "counter.h"

enum { VALUE_COUNT, VALUE_PGTABLES, VALUE_VMAS };

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
	COUNTER_COLUMN_SECONDS,
	{ "MEANING", "what the kind means", COLUMN_STRING, 30, .standard = true,
	  .truncate = true, .get = get_meaning },
	{ 0 }
};

static unsigned int item(const void *record)
{
	return BIRTH(record)->kind;
}

static void fold(struct counter_row *row, const void *record)
{
	counter_add(&row->value[VALUE_COUNT], BIRTH(record)->count);
	counter_add(&row->value[VALUE_PGTABLES], BIRTH(record)->pgtable_bytes);
	counter_add(&row->value[VALUE_VMAS], BIRTH(record)->vmas);
}

static const struct counter_kind kind = {
	.command = &command_births,
	.format = &format_births,
	.probe = "births",
	.fold = fold,
	.item = item,
};

static int run(int argc, char **argv, struct options *options)
{
	return counter_command(&kind, argc, argv, options);
}

const struct command command_births = {
	.name = "births",
	.help = "Tasks created and programs executed, and what was copied for them",
	.columns = columns,
	.run = run,
	.operands = COUNTER_OPERANDS,
};
