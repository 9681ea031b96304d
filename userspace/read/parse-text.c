// SPDX-License-Identifier: GPL-2.0
/*
 * The module's text -> structs. The formats are tables of fields (formats.c);
 * this file knows how a line is cut and how each kind of field is read.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "read/field.h"
#include "read/formats.h"
#include "read/parse-text.h"
#include "read/record.h"
#include "read/records.h"
#include "read/unescape.h"

#define COLUMNS_MAX 128

struct parser {
	FILE *in;
	const struct format *format;
	struct parse_error *error;
	char *line;
	size_t capacity;
	size_t ncolumns;
	const struct field *columns[COLUMNS_MAX];	/* NULL: not known here */
};

static int __attribute__((format(printf, 2, 3)))
fail(struct parser *parser, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(parser->error->why, sizeof(parser->error->why), format, args);
	va_end(args);
	return -1;
}

/* Return: 1 with a line, 0 at the end of the file, -1 on error. */
static int read_line(struct parser *parser)
{
	ssize_t length;

	errno = 0;
	length = getline(&parser->line, &parser->capacity, parser->in);
	if (length < 0 && !ferror(parser->in))
		return 0;
	parser->error->line++;
	if (ferror(parser->in))
		return fail(parser, "cannot be read: %s", strerror(errno));
	if (strlen(parser->line) != (size_t)length)
		return fail(parser, "a NUL byte in the text");
	if (parser->line[length - 1] != '\n')
		return fail(parser, "the line is cut off: no newline at its end");
	parser->line[length - 1] = '\0';
	return 1;
}

/* strsep() that takes several spaces for one; NULL when nothing is left. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " ");
	size_t length = strcspn(word, " ");

	if (!length)
		return NULL;
	*rest = word + length;
	if (**rest)
		*(*rest)++ = '\0';
	return word;
}

static int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	return INT_MAX;
}

/* Unlike strtoull(): no sign, no space, no prefix, no upper case. */
static int read_number(struct parser *parser, const struct field *field,
		       const char *word, unsigned int base, uint64_t *value)
{
	*value = 0;
	for (const char *at = word; *at; at++) {
		unsigned int digit = digit_value(*at);

		if (digit >= base)
			return fail(parser, "%s is '%.40s', not a number",
				    field->name, word);
		if (__builtin_mul_overflow(*value, base, value) ||
		    __builtin_add_overflow(*value, digit, value))
			return fail(parser, "%s is too large: %.40s",
				    field->name, word);
	}
	return 0;
}

static int store_number(struct parser *parser, const struct field *field,
			void *record, const char *word)
{
	char *at = (char *)record + field->offset;
	bool hex = field->kind == FIELD_HEX;
	uint64_t value = ABSENT;

	if (strcmp(word, "-")) {
		if (read_number(parser, field, word, hex ? 16 : 10, &value))
			return -1;
		if (!hex && value == ABSENT)
			return fail(parser, "%s is too large: %s", field->name, word);
	} else if (!field->may_be_absent) {
		return fail(parser, "%s has no value", field->name);
	}
	if (field->size == sizeof(uint64_t)) {
		memcpy(at, &value, sizeof(value));
	} else {
		/* A process id: there is no process 0. */
		unsigned int small = value == ABSENT ? 0 : (unsigned int)value;

		if (value != ABSENT && value > INT_MAX)
			return fail(parser, "%s is too large: %.40s", field->name, word);
		memcpy(at, &small, sizeof(small));
	}
	return 0;
}

static int store_id(struct parser *parser, const struct field *field,
		    void *record, const char *word)
{
	object_id id = 0;

	if (!strcmp(word, "-")) {
		if (!field->may_be_absent)
			return fail(parser, "%s has no value", field->name);
	} else if (strlen(word) != ID_DIGITS) {
		return fail(parser, "%s is '%.40s', not an id of %d digits",
			    field->name, word, ID_DIGITS);
	} else if (read_number(parser, field, word, 16, &id)) {
		return -1;
	}
	memcpy((char *)record + field->offset, &id, sizeof(id));
	return 0;
}

static int store_choice(struct parser *parser, const struct field *field,
			void *record, const char *word)
{
	for (unsigned int i = 0; i < field->nchoices; i++) {
		if (strcmp(word, field->choices[i]))
			continue;
		memcpy((char *)record + field->offset, &i, sizeof(i));
		return 0;
	}
	return fail(parser, "%s is '%.40s', a word that this version does not know",
		    field->name, word);
}

static int store_word(struct parser *parser, const struct field *field,
		      void *record, const char *word)
{
	char *at = (char *)record + field->offset;

	if (!strcmp(word, "-"))
		word = "";
	if (strlen(word) >= field->size)
		return fail(parser, "%s is too long: %.40s", field->name, word);
	strcpy(at, word);
	return 0;
}

static int store_list(struct parser *parser, const struct field *field,
		      void *record, const char *word)
{
	char *copy = strdup(strcmp(word, "-") ? word : "");

	if (!copy)
		return fail(parser, "%s", strerror(ENOMEM));
	memcpy((char *)record + field->offset, &copy, sizeof(copy));
	return 0;
}

static int store_name(struct parser *parser, const struct field *field,
		      void *record, char *word)
{
	if (text_unescape(word))
		return fail(parser, "%s is not escaped as it should be", field->name);
	if (utf8_repair((char *)record + field->offset, field->size, word))
		return fail(parser, "%s is too long", field->name);
	return 0;
}

static int store_path(struct parser *parser, const struct field *field,
		      void *record, char *word)
{
	size_t room = 3 * strlen(word) + 1;
	char *copy;

	if (text_unescape(word))
		return fail(parser, "%s is not escaped as it should be", field->name);
	copy = malloc(room);
	if (!copy)
		return fail(parser, "%s", strerror(ENOMEM));
	utf8_repair(copy, room, word);
	memcpy((char *)record + field->offset, &copy, sizeof(copy));
	return 0;
}

static int store_probe(struct parser *parser, const struct field *field,
		       void *record, const char *word)
{
	struct probe_record *probe = record;

	if (*word != '+' && *word != '-')
		return fail(parser, "%s is '%.40s', without + or - before it",
			    field->name, word);
	probe->attached = *word == '+';
	return store_word(parser, field, record, word + 1);
}

static int store(struct parser *parser, const struct field *field, void *record,
		 char *word)
{
	switch (field->kind) {
	case FIELD_NUMBER:
	case FIELD_HEX:
		return store_number(parser, field, record, word);
	case FIELD_ID:
		return store_id(parser, field, record, word);
	case FIELD_CHOICE:
		return store_choice(parser, field, record, word);
	case FIELD_WORD:
	case FIELD_REST:
		return store_word(parser, field, record, word);
	case FIELD_LIST:
		return store_list(parser, field, record, word);
	case FIELD_NAME:
		return store_name(parser, field, record, word);
	case FIELD_PATH:
		return store_path(parser, field, record, word);
	case FIELD_PROBE:
		return store_probe(parser, field, record, word);
	}
	return fail(parser, "%s cannot be read", field->name);
}

/* A task may have an empty name: then a space is the last of its line. */
static char *empty_name(const struct field *field, char *rest)
{
	if (field && field->kind == FIELD_NAME && rest[-1] == '\0')
		return rest;
	return NULL;
}

static int read_record(struct parser *parser, void *record)
{
	char *rest = parser->line;

	for (size_t i = 0; i < parser->ncolumns; i++) {
		const struct field *field = parser->columns[i];
		char *word;

		if (field && field->kind == FIELD_REST) {
			word = rest + strspn(rest, " ");
			rest = strchr(rest, '\0');
		} else {
			word = next_word(&rest);
		}
		if (!word && i == parser->ncolumns - 1 && i)
			word = empty_name(field, rest);
		if (!word)
			return fail(parser, "%zu columns, should be %zu", i,
				    parser->ncolumns);
		if (field && store(parser, field, record, word))
			return -1;
	}
	if (next_word(&rest))
		return fail(parser, "more than %zu columns", parser->ncolumns);
	return 0;
}

static int read_first_heading(struct parser *parser)
{
	char *rest, *hash, *name, *file, *abi;
	unsigned long version;
	int got = read_line(parser);

	if (got <= 0)
		return got ? got : fail(parser, "the file is empty");
	rest = parser->line;
	hash = next_word(&rest);
	name = hash ? next_word(&rest) : NULL;
	file = name ? next_word(&rest) : NULL;
	abi = file ? next_word(&rest) : NULL;
	if (!abi || strcmp(hash, "#") || strcmp(name, "sharestat"))
		return fail(parser, "not a file of sharestat: it should begin with '# sharestat'");
	if (strcmp(file, parser->format->file))
		return fail(parser, "this is the file '%.40s', not '%s'", file,
			    parser->format->file);
	version = strtoul(abi, &rest, 10);
	if (*rest || version < 1 || version > SHARESTAT_ABI)
		return fail(parser, "the module writes ABI %.20s, this tool (%s) reads ABI %d: use module and tool of one version",
			    abi, SHARESTAT_VERSION, SHARESTAT_ABI);
	return 0;
}

static bool has_column(const struct parser *parser, const struct field *field)
{
	for (size_t i = 0; i < parser->ncolumns; i++)
		if (parser->columns[i] == field)
			return true;
	return false;
}

static int read_second_heading(struct parser *parser)
{
	char *rest, *word;
	int got = read_line(parser);

	if (got <= 0)
		return got ? got : fail(parser, "the line with the columns is missing");
	rest = parser->line;
	word = next_word(&rest);
	if (!word || strcmp(word, "#"))
		return fail(parser, "the line with the columns should begin with '# '");
	while ((word = next_word(&rest))) {
		const struct field *field = format_field(parser->format, word);

		if (parser->ncolumns == COLUMNS_MAX)
			return fail(parser, "more than %d columns", COLUMNS_MAX);
		if (field && has_column(parser, field))
			return fail(parser, "column '%s' comes twice", word);
		parser->columns[parser->ncolumns++] = field;
	}
	for (size_t i = 0; i < parser->format->nfields; i++)
		if (!has_column(parser, &parser->format->fields[i]))
			return fail(parser, "column '%s' is missing",
				    parser->format->fields[i].name);
	return 0;
}

static int read_records(struct parser *parser,
			int (*each)(const void *record, void *arg), void *arg)
{
	void *record = malloc(parser->format->size);
	int result = 0;

	if (!record)
		return fail(parser, "%s", strerror(ENOMEM));
	while (!result) {
		int got = read_line(parser);

		if (got <= 0) {
			result = got;
			break;
		}
		memset(record, 0, parser->format->size);
		result = read_record(parser, record);
		if (!result)
			result = each(record, arg);
		record_free(parser->format, record);
	}
	free(record);
	return result;
}

int parse_file(FILE *in, const struct format *format,
	       int (*each)(const void *record, void *arg), void *arg,
	       struct parse_error *error)
{
	struct parser parser = { .in = in, .format = format, .error = error };
	int result;

	*error = (struct parse_error) { 0 };
	result = read_first_heading(&parser);
	if (!result)
		result = read_second_heading(&parser);
	if (!result)
		result = read_records(&parser, each, arg);
	free(parser.line);
	return result;
}
