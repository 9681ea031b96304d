// SPDX-License-Identifier: GPL-2.0
/* What all JSON is made with. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "lib/safe-text.h"
#include "lib/utf8.h"
#include "show/json.h"

struct json_object *json_text(const char *text)
{
	struct json_object *object;
	char *valid;

	if (!text)
		return NULL;
	valid = malloc(3 * strlen(text) + 1);
	if (!valid || utf8_repair(valid, 3 * strlen(text) + 1, text))
		err(EXIT_FAILURE, "JSON");
	object = json_object_new_string(valid);
	free(valid);
	return object;
}

void json_add(struct json_object *object, const char *key, struct json_object *value)
{
	json_object_object_add(object, key, value);
}

static int print(struct json_object *object, FILE *out, int flags)
{
	const char *printed;

	json_add(object, "schema", json_object_new_int(JSON_SCHEMA));
	printed = json_object_to_json_string_ext(object, flags | JSON_C_TO_STRING_NOSLASHESCAPE);
	if (printed) {
		safe_print(out, TO_JSON, printed);
		fputc('\n', out);
	} else {
		warnx("no memory for the JSON");
	}
	json_object_put(object);
	return printed ? 0 : -1;
}

int json_print(struct json_object *object, FILE *out)
{
	return print(object, out, JSON_C_TO_STRING_PRETTY);
}

int json_print_line(struct json_object *object, FILE *out)
{
	return print(object, out, JSON_C_TO_STRING_PLAIN);
}
