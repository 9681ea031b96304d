// SPDX-License-Identifier: GPL-2.0
/* A record of any file: what it owns, and whose it is. */
#include <stdlib.h>
#include <string.h>

#include "read/field.h"
#include "read/record.h"

static bool owns_string(const struct field *field)
{
	return field->kind == FIELD_PATH || field->kind == FIELD_LIST;
}

int record_own(const struct format *format, void *record)
{
	int result = 0;

	for (size_t i = 0; i < format->nfields; i++) {
		char *at = (char *)record + format->fields[i].offset;
		char *string;

		if (!owns_string(&format->fields[i]))
			continue;
		memcpy(&string, at, sizeof(string));
		string = strdup(string);
		if (!string)
			result = -1;
		memcpy(at, &string, sizeof(string));
	}
	return result;
}

void record_free(const struct format *format, void *record)
{
	for (size_t i = 0; i < format->nfields; i++) {
		char *at = (char *)record + format->fields[i].offset;
		char *string, *none = NULL;

		if (!owns_string(&format->fields[i]))
			continue;
		memcpy(&string, at, sizeof(string));
		free(string);
		memcpy(at, &none, sizeof(none));
	}
}

pid_t record_tgid(const struct format *format, const void *record)
{
	const struct field *field = format_field(format, "tgid");
	pid_t tgid = -1;

	if (field)
		memcpy(&tgid, (const char *)record + field->offset, sizeof(tgid));
	return tgid;
}
