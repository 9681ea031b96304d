// SPDX-License-Identifier: GPL-2.0
/* What all JSON is made with. */
#include <err.h>

#include "show/json.h"

struct json_object *json_text(const char *text)
{
	return text ? json_object_new_string(text) : NULL;
}

void json_add(struct json_object *object, const char *key, struct json_object *value)
{
	json_object_object_add(object, key, value);
}

int json_print(struct json_object *object, FILE *out)
{
	const char *printed = json_object_to_json_string_ext(object,
			JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);

	if (printed)
		fprintf(out, "%s\n", printed);
	else
		warnx("no memory for the JSON");
	json_object_put(object);
	return printed ? 0 : -1;
}
