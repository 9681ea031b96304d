// SPDX-License-Identifier: GPL-2.0
/* sharestat latency: how long context switches take inside the kernel, by class. */
#include <err.h>
#include <langinfo.h>
#include <string.h>

#include "commands/counter-table.h"
#include "model/counters.h"
#include "model/statistics.h"
#include "read/formats.h"
#include "read/names.h"

#define BUCKETS 64

/* The histogram of one class. */
struct latency_row {
	enum switch_class class;
	uint64_t samples, buckets[BUCKETS];
	double seconds;			/* of the interval; 0 for totals */
};

#define LATENCY(record) ((const struct latency_record *)(record))
#define ROW(record) ((const struct latency_row *)(record))

static void get_class(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", switch_names[ROW(record)->class]);
}

static void get_samples(struct cell *cell, const void *record)
{
	const struct latency_row *row = ROW(record);

	if (row->seconds > 0)
		cell_real(cell, (double)row->samples / row->seconds);
	else
		cell_number(cell, row->samples);
}

static void quantile(struct cell *cell, const void *record, double quantile)
{
	const struct latency_row *row = ROW(record);

	if (row->samples)
		cell_number(cell, (uint64_t)log2_quantile(row->buckets, BUCKETS, quantile));
}

static void get_p50(struct cell *cell, const void *record)
{
	quantile(cell, record, 0.5);
}

static void get_p90(struct cell *cell, const void *record)
{
	quantile(cell, record, 0.9);
}

static void get_p99(struct cell *cell, const void *record)
{
	quantile(cell, record, 0.99);
}

static void get_max(struct cell *cell, const void *record)
{
	quantile(cell, record, 1);
}

/* Eight steps of height. */
static const char *step(uint64_t count, uint64_t most)
{
	static const char *const fine[] = {
		"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"
	};
	static const char *const plain[] = { ".", ":", "-", "=", "+", "*", "%", "#" };
	bool can = !strcmp(nl_langinfo(CODESET), "UTF-8");

	return count ? (can ? fine : plain)[7 * count / most] : " ";
}

/* From the first bucket in use to the last. */
static void get_histogram(struct cell *cell, const void *record)
{
	const struct latency_row *row = ROW(record);
	size_t first = 0, last = BUCKETS;
	uint64_t most = 0;
	char text[4 * BUCKETS + 1] = "";

	if (!row->samples)
		return;
	while (!row->buckets[first])
		first++;
	while (!row->buckets[last - 1])
		last--;
	for (size_t i = first; i < last; i++)
		if (row->buckets[i] > most)
			most = row->buckets[i];
	for (size_t i = first; i < last; i++)
		strcat(text, step(row->buckets[i], most));
	cell_text(cell, "%llu %s %llu", 1ULL << first, text, 2ULL << (last - 1));
}

/*
 * Of the buckets in use, from the first to the last: the bound, or how many are in it.
 * Where nothing was counted there is one bucket, with nothing.
 */
static void add_numbers(struct cell *cell, const void *record, bool bounds)
{
	const struct latency_row *row = ROW(record);
	uint64_t left = row->samples;
	char text[BUCKETS * 21] = "";
	size_t used = 0;

	for (size_t i = 0; i < BUCKETS && left; i++) {
		left -= row->buckets[i];
		if (left < row->samples)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%llu",
						 used ? "," : "", bounds ? 1ULL << i :
						 (unsigned long long)row->buckets[i]);
	}
	cell_text(cell, "%s", used ? text : bounds ? "1" : "0");
}

static void get_bounds(struct cell *cell, const void *record)
{
	add_numbers(cell, record, true);
}

static void get_buckets(struct cell *cell, const void *record)
{
	add_numbers(cell, record, false);
}

static void get_seconds(struct cell *cell, const void *record)
{
	if (ROW(record)->seconds > 0)
		cell_real(cell, ROW(record)->seconds);
}

static const struct column columns[] = {
	{ "CLASS", "class of the switch", COLUMN_STRING, 12, .standard = true,
	  .get = get_class },
	{ "SAMPLES", "switches (per second with an INTERVAL)", COLUMN_NUMBER, 8,
	  .standard = true, .get = get_samples },
	{ "P50", "half of them took at most so many ns; right to a factor of two, as all these",
	  COLUMN_NUMBER, 7, .standard = true, .get = get_p50 },
	{ "P90", "nine of ten", COLUMN_NUMBER, 7, .standard = true, .get = get_p90 },
	{ "P99", "99 of 100", COLUMN_NUMBER, 7, .standard = true, .get = get_p99 },
	{ "MAX", "none took longer", COLUMN_NUMBER, 7, .standard = true, .get = get_max },
	{ "HISTOGRAM", "how many in each power of two of ns, from the least to the greatest",
	  COLUMN_STRING, 24, .standard = true, .truncate = true, .get = get_histogram },
	{ "BUCKET_NS", "the powers of two of ns, from the least in use to the greatest",
	  COLUMN_NUMBERS, 24, .get = get_bounds },
	{ "BUCKETS", "how many took at least so many ns, and less than twice as many; no rate",
	  COLUMN_NUMBERS, 24, .get = get_buckets },
	{ "SECONDS", "length of the interval", COLUMN_FLOAT, 5, .get = get_seconds },
	{ 0 }
};

static unsigned int item(const void *record)
{
	return LATENCY(record)->class * BUCKETS + LATENCY(record)->bucket % BUCKETS;
}

static void fold(struct counter_row *row, const void *record)
{
	counter_add(&row->value[0], LATENCY(record)->count);
}

static void gather(struct latency_row *classes, const struct counter_row *row)
{
	struct latency_row *to = &classes[row->item / BUCKETS];

	to->buckets[row->item % BUCKETS] += row->value[0];
	to->samples += row->value[0];
	to->seconds = row->seconds;
}

/* Programs have no eyes for a picture, whose characters depend on the terminal. */
static void choose_columns(struct column *chosen, const struct output *output)
{
	memcpy(chosen, columns, sizeof(columns));
	for (struct column *column = chosen; column->name; column++) {
		if (column->get == get_histogram)
			column->standard = !output->json;
		else if (column->type == COLUMN_NUMBERS)
			column->standard = output->json;
		else if (column->get == get_seconds)
			column->standard = output->lines;
	}
}

static int print(const struct counter_row *rows, size_t count, const struct output *output)
{
	struct column chosen[sizeof(columns) / sizeof(columns[0])];
	struct latency_row classes[SWITCH_CLASSES] = { 0 };
	struct table *table;
	int result;

	choose_columns(chosen, output);
	table = table_new("latency", chosen, output);
	if (!table)
		return -1;
	for (size_t i = 0; i < count; i++)
		gather(classes, &rows[i]);
	for (size_t i = 0; i < SWITCH_CLASSES; i++) {
		classes[i].class = (enum switch_class)i;
		table_add(table, &classes[i], NULL);
	}
	result = table_print(table);
	table_free(table);
	return result;
}

static const struct counter_kind kind = {
	.command = &command_latency,
	.format = &format_latency,
	.probe = "latency",
	.fold = fold,
	.item = item,
	.print = print,
};

static int run(int argc, char **argv, struct options *options)
{
	return counter_command(&kind, argc, argv, options);
}

const struct command command_latency = {
	.name = "latency",
	.takes = TAKES_TABLE "R",
	.instead = "it is of the whole machine; for programs there is switches, --by mm or group",
	.help = "Time of a context switch inside the kernel, by class",
	.columns = columns,
	.run = run,
	.operands = INTERVAL_OPERANDS,
};
