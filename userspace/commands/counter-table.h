/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands over the counter files (switches, tlb, births): totals, or
 * rates per interval as vmstat gives them.
 */
#ifndef SHARESTAT_COMMANDS_COUNTER_TABLE_H
#define SHARESTAT_COMMANDS_COUNTER_TABLE_H

#include "commands/by-owner.h"
#include "commands/command.h"
#include "commands/interval-operands.h"
#include "read/formats.h"

#define COUNTER_VALUES 4

/* A line: what one item counted, on one CPU or on all. */
struct counter_row {
	unsigned int cpu;			/* 0 when summed over the CPUs */
	unsigned int item;			/* class, reason or kind */
	uint64_t value[COUNTER_VALUES];		/* as the kind says; ABSENT: not known */
	double seconds;				/* of the interval; 0 for totals */
	uint64_t total;				/* of value[0] over the items of its CPU */
};

struct counter_kind {
	const struct command *command;
	const struct format *format;
	const char *probe;			/* whose counters these are */
	/* Adds a record of the file to the row it belongs to. */
	void (*fold)(struct counter_row *row, const void *record);
	unsigned int (*item)(const void *record);
	unsigned int (*cpu)(const void *record);	/* NULL: not per CPU */
	const struct by_kind *by;			/* what --by shows */
	/* Prints rows in another way than by the command's columns; or NULL. */
	int (*print)(const struct counter_row *rows, size_t count,
		     const struct output *output);
};

/** counter_command() - run() of such a command */
int counter_command(const struct counter_kind *kind, int argc, char **argv,
		    struct options *options);

/** counter_cell() - fill a cell with value @index: the total, or the rate */
void counter_cell(struct cell *cell, const struct counter_row *row, size_t index);
/** counter_cell_percent() - value[0] as a part of row->total */
void counter_cell_percent(struct cell *cell, const struct counter_row *row);
/** counter_get_cpu() - getter of the column CPU, which is shown with --by-cpu */
void counter_get_cpu(struct cell *cell, const void *record);
/** counter_get_seconds() - getter: the length of the interval */
void counter_get_seconds(struct cell *cell, const void *record);

/* The own options of a kind with `by`, and of one whose file is per CPU, too. */
extern const struct command_option counter_options_by[], counter_options_by_cpu[];

#define COUNTER_OPERANDS INTERVAL_OPERANDS

#define COUNTER_COLUMN_CPU \
	{ "CPU", "CPU (with --by-cpu)", COLUMN_NUMBER, 3, .get = counter_get_cpu }
#define COUNTER_COLUMN_SECONDS \
	{ "SECONDS", "length of the interval", COLUMN_FLOAT, 5, .get = counter_get_seconds }

#endif
