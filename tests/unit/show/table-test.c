// SPDX-License-Identifier: GPL-2.0
/* What ends up on the paper: types in JSON, unset cells, sizes. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "read/records.h"
#include "show/table.h"
#include "tap.h"

struct sample {
	bool set;
	uint64_t number;
	double real;
	const char *text;
};

#define SAMPLE(record) ((const struct sample *)(record))

static void get_number(struct cell *cell, const void *record)
{
	cell_number(cell, SAMPLE(record)->number);
}

static void get_real(struct cell *cell, const void *record)
{
	cell_real(cell, SAMPLE(record)->real);
}

static void get_text(struct cell *cell, const void *record)
{
	if (SAMPLE(record)->set)
		cell_text(cell, "%s", SAMPLE(record)->text);
}

static void get_bool(struct cell *cell, const void *record)
{
	cell_bool(cell, SAMPLE(record)->set);
}

static const struct column columns[] = {
	{ "NUMBER", "a number", COLUMN_NUMBER, 1, .standard = true, .get = get_number },
	{ "SIZE", "bytes", COLUMN_BYTES, 1, .standard = true, .get = get_number },
	{ "HEX", "hexadecimal", COLUMN_HEX, 1, .standard = true, .get = get_number },
	{ "REAL", "a fraction", COLUMN_FLOAT, 1, .standard = true, .get = get_real },
	{ "RATE", "a number per second", COLUMN_NUMBER, 1, .get = get_real },
	{ "FLAG", "yes or no", COLUMN_BOOL, 1, .standard = true, .get = get_bool },
	{ "TEXT", "text", COLUMN_STRING, 1, .standard = true, .get = get_text },
	{ 0 }
};

static const struct sample full = { true, 4194304, 2.5, "two words" };
static const struct sample unset = { false, ABSENT, 0.0 / 0.0, NULL };

struct job {
	const struct output *output;
	const struct sample *sample;
	int result;
};

static void print(void *arg)
{
	struct job *job = arg;
	struct table *table = table_new("samples", columns, job->output);

	job->result = -1;
	if (!table)
		return;
	if (job->sample)
		table_add(table, job->sample, NULL);
	job->result = table_print(table);
	table_free(table);
}

static char *output_of(const struct output *output, const struct sample *sample)
{
	struct job job = { output, sample, 0 };

	return capture(stdout, print, &job);
}

static void check_output(const struct output *output, const struct sample *sample,
			 const char *expected, const char *why)
{
	char *text = output_of(output, sample);

	if (!CHECK(!strcmp(text, expected), "table: %s", why))
		tap_result(false, __FILE__, __LINE__, "got '%s', not '%s'", text, expected);
	free(text);
}

static struct json_object *member(struct json_object *row, const char *name)
{
	struct json_object *value = NULL;

	CHECK(json_object_object_get_ex(row, name, &value), "JSON has the key %s", name);
	return value;
}

static struct json_object *parse_row(const struct sample *sample, struct json_object **root)
{
	const struct output json = { .json = true, .all = true };
	char *text = output_of(&json, sample);
	struct json_object *rows = NULL;

	*root = json_tokener_parse(text);
	CHECK(*root && json_object_object_get_ex(*root, "samples", &rows) &&
	      json_object_array_length(rows) == 1, "JSON of one row is an array of one object");
	free(text);
	return rows ? json_object_array_get_idx(rows, 0) : NULL;
}

static void test_json_types(void)
{
	struct json_object *root, *row = parse_row(&full, &root);

	CHECK(json_object_is_type(member(row, "number"), json_type_int), "JSON: number is a number");
	CHECK(json_object_get_int64(member(row, "size")) == 4194304, "JSON: a size is whole bytes");
	CHECK(json_object_is_type(member(row, "hex"), json_type_string), "JSON: hex is text");
	CHECK(json_object_is_type(member(row, "real"), json_type_double), "JSON: real is a number");
	CHECK(json_object_is_type(member(row, "rate"), json_type_double), "JSON: a rate is a number");
	CHECK(json_object_is_type(member(row, "flag"), json_type_boolean), "JSON: flag is a boolean");
	CHECK(json_object_is_type(member(row, "text"), json_type_string), "JSON: text is text");
	json_object_put(root);
}

static void test_json_unset(void)
{
	static const char *const names[] = { "number", "size", "hex", "real", "rate", "text" };
	struct json_object *root, *row = parse_row(&unset, &root);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		CHECK(!member(row, names[i]), "JSON: unset %s is null", names[i]);
	json_object_put(root);
}

static void test_json_strings(void)
{
	const struct output json = { .json = true, .columns = "text" };
	const struct sample odd = { true, 0, 0, "a\"b\\c\n\x1b\xef\xbf\xbd" };
	char *text = output_of(&json, &odd);
	struct json_object *root = json_tokener_parse(text), *rows = NULL;

	CHECK(root, "JSON: quotes, backslash and control characters are escaped");
	json_object_object_get_ex(root, "samples", &rows);
	CHECK(rows && !strcmp(json_object_get_string(member(json_object_array_get_idx(rows, 0),
							    "text")), odd.text),
	      "JSON: odd text comes back as it was");
	json_object_put(root);
	free(text);
	text = output_of(&json, NULL);
	root = json_tokener_parse(text);
	CHECK(root && json_object_object_get_ex(root, "samples", &rows) &&
	      json_object_array_length(rows) == 0, "JSON: no rows are an empty array");
	json_object_put(root);
	free(text);
}

static void test_sizes(void)
{
	static const struct { uint64_t bytes; const char *text; } sizes[] = {
		{ 0, "0B" }, { 1023, "1023B" }, { 1024, "1K" }, { 1536, "1.5K" },
		{ 10 * 1024 + 512, "10K" }, { 4404019, "4.2M" }, { 1ULL << 30, "1G" },
		{ UINT64_MAX - 1, "16E" },
	};
	const struct output output = { .raw = true, .no_headings = true, .columns = "size" };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct sample sample = { .number = sizes[i].bytes };
		char *text = output_of(&output, &sample);

		text[strcspn(text, "\n")] = '\0';
		CHECK(!strcmp(text, sizes[i].text),
		      "table: %llu bytes are %s", (unsigned long long)sizes[i].bytes,
		      sizes[i].text);
		free(text);
	}
}

static void test_choice(void)
{
	struct job job = { &(struct output) { .columns = "number,nonsense" }, &full, 0 };
	char *text;

	check_output(&(struct output) { .columns = "text,NUMBER,text", .raw = true }, &full,
		     "TEXT NUMBER\ntwo\\x20words 4194304\n",
		     "-o gives the order, ignores case and what comes twice");
	check_output(&(struct output) { .columns = "+rate", .raw = true, .no_headings = true },
		     &full, "4194304 4M 400000 2.50 yes two\\x20words 2.5\n",
		     "-o +LIST comes after the usual columns");
	check_output(&(struct output) { .columns = "number,size", .raw = true, .bytes = true,
		     .no_headings = true }, &full, "4194304 4194304\n", "-b shows bytes");
	check_output(&(struct output) { .raw = true, .no_headings = true, .all = true }, &unset,
		     "- - - - - no -\n", "raw has - for what is unset, so that columns stay");
	text = capture(stderr, print, &job);
	CHECK(job.result && strstr(text, "unknown column: 'nonsense'") &&
	      strstr(text, "NUMBER,SIZE,HEX,REAL,RATE,FLAG,TEXT\n"),
	      "table: an unknown column is an error that names the known ones");
	free(text);
}

/* What could not be made is freed with the rest. */
static void test_none(void)
{
	table_free(NULL);
	CHECK(true, "table: none can be freed");
}

void test_table(void)
{
	test_none();
	test_json_types();
	test_json_unset();
	test_json_strings();
	test_sizes();
	test_choice();
}
