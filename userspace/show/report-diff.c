// SPDX-License-Identifier: GPL-2.0
/* report --compare: two reports side by side, for people and as JSON. */
#include <stdio.h>
#include <string.h>

#include "lib/quantity.h"
#include "model/report-diff.h"
#include "show/json.h"
#include "show/report-diff.h"

#define ROW(record) ((const struct compared *)(record))

static const char *const change_names[] = {
	[CHANGE_UNKNOWN] = NULL, [CHANGE_SAME] = "same",
	[CHANGE_NOT_TOLD] = "not told apart", [CHANGE_LESS] = "less",
	[CHANGE_MORE] = "more", [CHANGE_OTHER] = "differs",
};

static void get_claim(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", ROW(record)->id);
}

static void get_of(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", ROW(record)->of_thread ? "thread" : "process");
}

static void get_side(struct cell *cell, const struct compared_side *side)
{
	char text[64];

	if (side->known && side->number) {
		format_quantity(text, sizeof(text), side->value, side->unit ? side->unit : "");
		cell_text(cell, "%s", text);
	} else if (side->known) {
		cell_text(cell, "%s", side->text);
	}
}

static void get_first(struct cell *cell, const void *record)
{
	get_side(cell, &ROW(record)->sides[0]);
}

static void get_second(struct cell *cell, const void *record)
{
	get_side(cell, &ROW(record)->sides[1]);
}

static void get_ratio(struct cell *cell, const void *record)
{
	struct compared_ratio ratio;

	if (compare_ratio(record, &ratio))
		cell_real(cell, ratio.value);
}

static void get_low(struct cell *cell, const void *record)
{
	struct compared_ratio ratio;

	if (compare_ratio(record, &ratio))
		cell_real(cell, ratio.low);
}

static void get_high(struct cell *cell, const void *record)
{
	struct compared_ratio ratio;

	if (compare_ratio(record, &ratio))
		cell_real(cell, ratio.high);
}

static void get_change(struct cell *cell, const void *record)
{
	const char *name = change_names[ROW(record)->change];

	if (name)
		cell_text(cell, "%s", name);
}

static const char *verdict(const struct compared *row, int which)
{
	return row->verdicts[which] ? row->verdicts[which] : "not there";
}

static bool verdict_changed(const struct compared *row)
{
	return strcmp(verdict(row, 0), verdict(row, 1));
}

static void get_verdict(struct cell *cell, const void *record)
{
	const struct compared *row = record;

	if (verdict_changed(row))
		cell_text(cell, "%s -> %s", verdict(row, 0), verdict(row, 1));
	else
		cell_text(cell, "%s", verdict(row, 0));
	if (verdict_changed(row))
		cell_color(cell, "red");
}

static const struct column columns[] = {
	{ "CLAIM", "name of the claim", COLUMN_STRING, 20, .standard = true, .get = get_claim },
	{ "OF", "process or thread", COLUMN_STRING, 7, .standard = true, .get = get_of },
	{ "A", "what the first report has", COLUMN_STRING, 22, .standard = true,
	  .truncate = true, .get = get_first },
	{ "B", "what the second report has", COLUMN_STRING, 22, .standard = true,
	  .truncate = true, .get = get_second },
	{ "RATIO", "B divided by A", COLUMN_FLOAT, 5, .standard = true, .get = get_ratio },
	{ "LOW", "the least that RATIO may be, by the intervals of both", COLUMN_FLOAT, 5,
	  .standard = true, .get = get_low },
	{ "HIGH", "the most that it may be", COLUMN_FLOAT, 5, .standard = true, .get = get_high },
	{ "CHANGE", "more or less; not told apart: the intervals meet; same or differs: what has none",
	  COLUMN_STRING, 7, .standard = true, .get = get_change },
	{ "VERDICT", "of both, or of A -> of B", COLUMN_STRING, 12, .standard = true,
	  .get = get_verdict },
	{ 0 }
};

static void print_environments(const struct comparison *comparison)
{
	for (int i = 0; i < 2; i++)
		printf("%c  %s: kernel %s, %s, %s\n", 'A' + i, comparison->files[i],
		       compare_environment(comparison, i, "kernel"),
		       compare_environment(comparison, i, "arch"),
		       compare_environment(comparison, i, "machine"));
	if (!comparison->nkeys)
		puts("The environments are the same.");
	else
		puts("The environments differ:");
	for (size_t i = 0; i < comparison->nkeys; i++) {
		const struct compared_key *key = &comparison->keys[i];

		printf("   %-22s A: %s\n   %-22s B: %s\n", key->key, key->values[0], "",
		       key->values[1]);
	}
	if (!strcmp(compare_environment(comparison, 0, "machine"), "emulated"))
		puts("Both are emulated: their times depend on what else the host did meanwhile.");
	putchar('\n');
}

static void print_verdicts(const struct comparison *comparison)
{
	size_t total = comparison->count / 2, changed = 0;

	for (size_t i = 0; i < comparison->count; i += 2)
		changed += verdict_changed(&comparison->rows[i]);
	printf("\n%zu claims: %zu with the same verdict, %zu with another.\n", total,
	       total - changed, changed);
}

static int print_table(const struct comparison *comparison, const struct output *output)
{
	struct table *table = table_new("compare", columns, output);
	int result;

	if (!table)
		return -1;
	for (size_t i = 0; i < comparison->count; i++)
		table_add(table, &comparison->rows[i], NULL);
	result = table_print(table);
	table_free(table);
	return result;
}

static struct json_object *side_object(const struct compared_side *side)
{
	struct json_object *object;

	if (!side->known)
		return NULL;
	object = json_object_new_object();
	json_add(object, "value", side->number ? json_object_new_double(side->value) :
		 json_text(side->text));
	json_add(object, "unit", side->number ? json_text(side->unit) : NULL);
	return object;
}

static struct json_object *row_object(const struct compared *row)
{
	struct json_object *object = json_object_new_object();
	struct compared_ratio ratio;
	const bool has_ratio = compare_ratio(row, &ratio);

	json_add(object, "id", json_text(row->id));
	json_add(object, "of", json_text(row->of_thread ? "thread" : "process"));
	json_add(object, "a", side_object(&row->sides[0]));
	json_add(object, "b", side_object(&row->sides[1]));
	json_add(object, "ratio", has_ratio ? json_object_new_double(ratio.value) : NULL);
	json_add(object, "ratio_low", has_ratio ? json_object_new_double(ratio.low) : NULL);
	json_add(object, "ratio_high", has_ratio ? json_object_new_double(ratio.high) : NULL);
	json_add(object, "change", json_text(change_names[row->change]));
	json_add(object, "verdict_a", json_text(row->verdicts[0]));
	json_add(object, "verdict_b", json_text(row->verdicts[1]));
	return object;
}

static struct json_object *report_object(const struct comparison *comparison, int which)
{
	struct json_object *object = json_object_new_object(), *environment = NULL;

	json_object_object_get_ex(comparison->reports[which], "environment", &environment);
	json_add(object, "file", json_text(comparison->files[which]));
	json_add(object, "environment", json_object_get(environment));
	return object;
}

static struct json_object *keys_array(const struct comparison *comparison)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < comparison->nkeys; i++)
		json_object_array_add(array, json_text(comparison->keys[i].key));
	return array;
}

static int print_json(const struct comparison *comparison)
{
	struct json_object *object = json_object_new_object();
	struct json_object *rows = json_object_new_array();

	for (size_t i = 0; i < comparison->count; i++)
		json_object_array_add(rows, row_object(&comparison->rows[i]));
	json_add(object, "a", report_object(comparison, 0));
	json_add(object, "b", report_object(comparison, 1));
	json_add(object, "environment_differs_in", keys_array(comparison));
	json_add(object, "claims", rows);
	return json_print(object, stdout);
}

static int print_text(const struct comparison *comparison, const struct output *output)
{
	bool plain = output->raw || output->columns || output->all;
	int result;

	if (!plain)
		print_environments(comparison);
	result = print_table(comparison, output);
	if (!plain && !result)
		print_verdicts(comparison);
	return result;
}

int report_compare(const char *first, const char *second, const struct output *output)
{
	struct comparison comparison;
	int result;

	if (compare_reports(&comparison, first, second))
		return -1;
	result = output->json ? print_json(&comparison) : print_text(&comparison, output);
	compare_free(&comparison);
	return result;
}
