// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: the text parser. Any bytes are either refused with a reason
 * or read to the same values that this file's own, plainer reading finds in the
 * text: no crash, and no wrong number.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "read/field.h"
#include "read/formats.h"
#include "read/parse-text.h"
#include "read/records.h"

#define COLUMNS_MAX 128

static const struct format *const formats[] = {
	&format_tasks, &format_mms, &format_vmas, &format_frames, &format_switches,
	&format_latency, &format_tlb, &format_births, &format_switches_mms,
	&format_tlb_mms, &format_births_mms, &format_version, &format_enable, NULL
};

struct reading {
	const struct format *format;
	char *text, *rest;		/* a copy, cut into lines as they come */
	char *columns[COLUMNS_MAX];
	size_t ncolumns, records;
};

static void die(const char *what, const struct field *field, const char *word)
{
	fprintf(stderr, "WRONG: %s: %s '%s'\n", what, field ? field->name : "-",
		word ? word : "");
	abort();
}

static const struct field *find(const struct format *format, const char *name)
{
	for (size_t i = 0; i < format->nfields; i++)
		if (!strcmp(format->fields[i].name, name))
			return &format->fields[i];
	return NULL;
}

static void check_number(const struct field *field, const char *at, const char *word)
{
	uint64_t value = 0, wanted;
	char *end;

	memcpy(&value, at, field->size);
	if (!strcmp(word, "-")) {
		wanted = field->size == sizeof(value) ? ABSENT : 0;
		if (value != wanted || !field->may_be_absent)
			die("a value out of nothing", field, word);
		return;
	}
	errno = 0;
	wanted = strtoull(word, &end, field->kind == FIELD_HEX ? 16 : 10);
	if (errno || *end || end == word || value != wanted)
		die("another number", field, word);
	/* A stack pointer can be anything: a task shall not stop the reader by one. */
	if (field->kind == FIELD_NUMBER && field->size == sizeof(value) && value == ABSENT)
		die("a number that is shown as absent", field, word);
}

static void check_id(const char *at, const struct field *field, const char *word)
{
	object_id id;

	memcpy(&id, at, sizeof(id));
	if (id != (strcmp(word, "-") ? strtoull(word, NULL, 16) : 0))
		die("another id", field, word);
}

static void check_choice(const char *at, const struct field *field, const char *word)
{
	unsigned int choice;

	memcpy(&choice, at, sizeof(choice));
	if (choice >= field->nchoices || strcmp(field->choices[choice], word))
		die("another choice", field, word);
}

static void check_string(const char *at, const struct field *field)
{
	char *string;

	if (field->kind == FIELD_PATH || field->kind == FIELD_LIST) {
		memcpy(&string, at, sizeof(string));
		if (!string)
			die("no string", field, NULL);
	} else if (!memchr(at, '\0', field->size)) {
		die("a string without an end", field, NULL);
	}
}

static void check_field(const struct field *field, const void *record, const char *word)
{
	const char *at = (const char *)record + field->offset;

	switch (field->kind) {
	case FIELD_NUMBER:
	case FIELD_HEX:
		check_number(field, at, word);
		break;
	case FIELD_ID:
		check_id(at, field, word);
		break;
	case FIELD_CHOICE:
		check_choice(at, field, word);
		break;
	default:
		check_string(at, field);
	}
}

static int check_record(const void *record, void *arg)
{
	struct reading *reading = arg;
	char *line = strsep(&reading->rest, "\n"), *state = NULL, *word;

	reading->records++;
	if (!line)
		die("a record without a line", NULL, NULL);
	word = strtok_r(line, " ", &state);
	for (size_t i = 0; i < reading->ncolumns; i++) {
		const struct field *field = find(reading->format, reading->columns[i]);

		/* An empty name is no word. */
		if (field && (word || field->kind != FIELD_NAME))
			check_field(field, record, word);
		word = strtok_r(NULL, " ", &state);
	}
	return 0;
}

static void read_columns(struct reading *reading)
{
	char *line, *state = NULL, *word;

	strsep(&reading->rest, "\n");
	line = strsep(&reading->rest, "\n");
	word = line ? strtok_r(line, " ", &state) : NULL;
	while (word && (word = strtok_r(NULL, " ", &state)) &&
	       reading->ncolumns < COLUMNS_MAX)
		reading->columns[reading->ncolumns++] = word;
}

/* That of the first line, so that a recorded file is a seed as it is. */
static const struct format *choose(const char *text)
{
	char name[16];

	if (sscanf(text, "# sharestat %15s", name) == 1)
		for (const struct format *const *format = formats; *format; format++)
			if (!strcmp((*format)->file, name))
				return *format;
	return &format_tasks;
}

static void check_result(int result, const struct reading *reading,
			 const struct parse_error *error)
{
	if (result == -1) {
		if (!*error->why || !error->line)
			die("refused without a reason", NULL, NULL);
	} else if (result || (reading->rest && *reading->rest)) {
		die("accepted, but not read to its end", NULL, reading->rest);
	}
}

/* The name that libFuzzer wants, in a form that the coding style bears. */
int try_input(const uint8_t *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

int try_input(const uint8_t *data, size_t size)
{
	struct reading reading = { 0 };
	struct parse_error error;
	FILE *in;

	if (!size)
		return 0;
	reading.text = strndup((const char *)data, size);
	in = fmemopen((void *)data, size, "r");
	if (!reading.text || !in)
		abort();
	reading.rest = reading.text;
	reading.format = choose(reading.text);
	read_columns(&reading);
	check_result(parse_file(in, reading.format, check_record, &reading, &error),
		     &reading, &error);
	fclose(in);
	free(reading.text);
	return 0;
}
