// SPDX-License-Identifier: GPL-2.0
/* What the commands over counter files have in common. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands/counter-table.h"
#include "commands/interval-operands.h"
#include "commands/processes.h"
#include "measure/clock.h"
#include "measure/read-accounts.h"
#include "model/accounts.h"
#include "model/counters.h"
#include "read/formats.h"
#include "read/open.h"
#include "read/probes.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

enum { OPTION_BY = 1 + 255, OPTION_BY_CPU };

#define OPTION_LINE_BY \
	{ "by", OPTION_BY, "mm|group", "a line for each address space or thread group (process)" }

const struct command_option counter_options_by[] = {
	OPTION_LINE_BY,
	{ 0 }
};

const struct command_option counter_options_by_cpu[] = {
	OPTION_LINE_BY,
	{ "by-cpu", OPTION_BY_CPU, NULL, "a line for each CPU, not only their sum" },
	{ 0 }
};

/* What the user asked for. */
struct request {
	const struct counter_kind *kind;
	const struct options *options;
	const struct output *output;	/* that of the options */
	struct column *columns;		/* CPU is a standard one with --by-cpu */
	bool by_cpu;
	enum by by;			/* rows by owner in place of those by item */
	double interval;		/* 0: totals */
	uint64_t count;
};

/* The counters at a moment. */
struct reading {
	struct counter_row *rows;
	size_t count;
	struct accounts accounts;
	double time;
};

static void free_reading(struct reading *reading)
{
	free(reading->rows);
	accounts_free(&reading->accounts);
}

void counter_cell(struct cell *cell, const struct counter_row *row, size_t index)
{
	uint64_t value = row->value[index];

	if (value == ABSENT)
		return;
	if (row->seconds > 0)
		cell_real(cell, (double)value / row->seconds);
	else
		cell_number(cell, value);
}

void counter_cell_percent(struct cell *cell, const struct counter_row *row)
{
	if (row->total)
		cell_real(cell, 100.0 * (double)row->value[0] / (double)row->total);
}

void counter_get_cpu(struct cell *cell, const void *record)
{
	cell_number(cell, ((const struct counter_row *)record)->cpu);
}

void counter_get_seconds(struct cell *cell, const void *record)
{
	const struct counter_row *row = record;

	if (row->seconds > 0)
		cell_real(cell, row->seconds);
}

static struct counter_row *find_row(const struct reading *reading, unsigned int cpu,
				    unsigned int item)
{
	for (size_t i = 0; i < reading->count; i++)
		if (reading->rows[i].cpu == cpu && reading->rows[i].item == item)
			return &reading->rows[i];
	return NULL;
}

static void fold(struct reading *reading, const struct request *request,
		 const void *record)
{
	const struct counter_kind *kind = request->kind;
	unsigned int cpu = request->by_cpu ? kind->cpu(record) : 0;
	struct counter_row *row = find_row(reading, cpu, kind->item(record));

	if (!row) {
		row = &reading->rows[reading->count++];
		*row = (struct counter_row) { .cpu = cpu, .item = kind->item(record) };
		for (size_t i = 0; i < COUNTER_VALUES; i++)
			row->value[i] = ABSENT;
	}
	kind->fold(row, record);
}

static int read_counters(struct reading *reading, const struct request *request)
{
	struct snapshot file;

	*reading = (struct reading) { .time = now_seconds() };
	if (request->by)
		return accounts_read(&reading->accounts, request->kind->by->file);
	if (snapshot_read(&file, request->kind->format, NULL, 0))
		return -1;
	reading->time = now_seconds();
	reading->rows = calloc(file.count + 1, sizeof(*reading->rows));
	if (!reading->rows)
		err(EXIT_FAILURE, "counters");
	for (size_t i = 0; i < file.count; i++)
		fold(reading, request, snapshot_record(&file, i));
	snapshot_free(&file);
	return 0;
}

/* A copy that becomes the difference; a row that was not there counts from 0. */
static struct reading since(const struct reading *now, const struct reading *before)
{
	struct reading since = { .time = now->time };

	for (size_t i = 0; i < now->accounts.count; i++)
		accounts_add(&since.accounts, &now->accounts.rows[i]);
	accounts_since(&since.accounts, &before->accounts);
	since.rows = calloc(now->count + 1, sizeof(*since.rows));
	if (!since.rows)
		err(EXIT_FAILURE, "counters");
	for (; since.count < now->count; since.count++) {
		struct counter_row *row = &since.rows[since.count];
		const struct counter_row *old;

		*row = now->rows[since.count];
		old = find_row(before, row->cpu, row->item);
		row->seconds = now->time - before->time;
		for (size_t j = 0; old && j < COUNTER_VALUES; j++)
			row->value[j] = counter_since(row->value[j], old->value[j]);
	}
	return since;
}

static uint64_t total_of_cpu(const struct reading *reading, unsigned int cpu)
{
	uint64_t total = 0;

	for (size_t i = 0; i < reading->count; i++)
		if (reading->rows[i].cpu == cpu)
			counter_add(&total, reading->rows[i].value[0]);
	return total;
}

static int print_rows(const struct reading *reading, const struct request *request)
{
	struct table *table = table_new(request->kind->command->name, request->columns,
					request->output);
	int result;

	if (!table)
		return -1;
	for (size_t i = 0; i < reading->count; i++) {
		struct counter_row *row = &reading->rows[i];

		row->total = total_of_cpu(reading, row->cpu);
		table_add(table, row, NULL);
	}
	result = table_print(table);
	table_free(table);
	return result;
}

static int print(struct reading *reading, const struct request *request, double seconds)
{
	if (request->by)
		return by_print(request->kind->by, request->by, &reading->accounts,
				request->kind->command->name, seconds, request->options);
	if (request->kind->print)
		return request->kind->print(reading->rows, reading->count, request->output);
	return print_rows(reading, request);
}

/* Counters that stand still look like a quiet machine: say that they do. */
static void warn_when_off(const struct counter_kind *kind)
{
	if (source_recorded() || probe_attached(kind->probe) != 0)
		return;
	warnx("the probe '%s' is not attached, so these counters stand still", kind->probe);
	warnx("attach it for a while: %s %s INTERVAL; or for good: echo +%s > %s",
	      program_invocation_short_name, kind->command->name, kind->probe,
	      source_path("enable"));
}

static int print_totals(const struct request *request)
{
	struct reading reading;
	int result;

	warn_when_off(request->kind);
	if (read_counters(&reading, request))
		return -1;
	result = print(&reading, request, 0);
	free_reading(&reading);
	return result;
}

static int print_interval(struct reading *before, const struct request *request,
			  bool first)
{
	struct reading reading, change;
	int result;

	if (read_counters(&reading, request))
		return -1;
	change = since(&reading, before);
	if (!first && !request->output->json && !request->output->raw)
		putchar('\n');
	result = print(&change, request, reading.time - before->time);
	free_reading(&change);
	free_reading(before);
	*before = reading;
	return result || fflush(stdout) ? -1 : 0;
}

static int print_intervals(const struct request *request)
{
	struct reading before;
	double next;
	char words[32];
	int result = 0;

	/* By births it is known who executed what: names are right then. */
	snprintf(words, sizeof(words), "=%s%s", request->kind->probe,
		 request->by && strcmp(request->kind->probe, "births") ? " =births" : "");
	if (probes_hold(words) || read_counters(&before, request))
		return -1;
	next = before.time;
	for (uint64_t i = 0; i < request->count && !result; i++) {
		next += request->interval;
		sleep_until(next);
		result = print_interval(&before, request, i == 0);
	}
	free_reading(&before);
	probes_let_go();
	return result;
}

static int copy_columns(struct request *request)
{
	const struct column *from = request->kind->command->columns;
	size_t count = 0;

	while (from[count].name)
		count++;
	request->columns = calloc(count + 1, sizeof(*from));
	if (!request->columns)
		err(EXIT_FAILURE, "columns");
	memcpy(request->columns, from, count * sizeof(*from));
	for (size_t i = 0; i < count; i++) {
		if (request->columns[i].get == counter_get_cpu)
			request->columns[i].standard = request->by_cpu;
		/* Programs tell by it that it is a rate. */
		if (request->columns[i].get == counter_get_seconds)
			request->columns[i].standard = request->output->lines;
	}
	return 0;
}

static int parse_options(struct request *request, int argc, char **argv,
			 struct options *options)
{
	int option;

	while ((option = options_next(argc, argv, request->kind->command, options)) != -1) {
		if (option == OPTION_BY_CPU)
			request->by_cpu = true;
		else if (option == OPTION_BY)
			request->by = by_parse(optarg);
		if (option == '?' || (option == OPTION_BY && !request->by))
			return -1;
	}
	if (request->by && request->by_cpu)
		warnx("either --by or --by-cpu");
	else if (options->npids && !request->by)
		warnx("%s counts the whole machine: -p needs --by",
		      request->kind->command->name);
	else
		return interval_operands(&request->interval, &request->count, argc, argv);
	return -1;
}

/* Return: 0 when this kernel has the probe, else an exit status, explained. */
static int check_offered(const struct counter_kind *kind)
{
	struct snapshot version;
	const char *value;
	char key[32];
	int result = EXIT_SUCCESS;

	if (source_recorded())
		return EXIT_SUCCESS;
	if (snapshot_read(&version, &format_version, NULL, 0))
		return EXIT_FAILURE;
	snprintf(key, sizeof(key), "probe_%s", kind->probe);
	value = snapshot_version(&version, key);
	if (value && !strncmp(value, "no ", 3)) {
		warnx("%s: this kernel does not offer it: %s", kind->command->name, value + 3);
		result = EXIT_NOT_MEASURABLE;
	}
	snapshot_free(&version);
	return result;
}

int counter_command(const struct counter_kind *kind, int argc, char **argv,
		    struct options *options)
{
	struct request request = {
		.kind = kind, .options = options, .output = &options->output,
	};
	int result;

	if (parse_options(&request, argc, argv, options))
		return EXIT_FAILURE;
	if (table_check(request.by ? kind->by->columns : kind->command->columns,
			&options->output) || options_processes(options, NEEDS_MEMORY))
		return EXIT_FAILURE;
	options->output.lines = options->output.json && request.interval > 0;
	result = check_offered(kind);
	if (result)
		return result;
	copy_columns(&request);
	result = request.interval > 0 ? print_intervals(&request) : print_totals(&request);
	free(request.columns);
	return result ? EXIT_FAILURE : EXIT_SUCCESS;
}
