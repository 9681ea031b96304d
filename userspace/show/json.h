/* SPDX-License-Identifier: GPL-2.0 */
/* What all JSON is made with; a value that is NULL is null. */
#ifndef SHARESTAT_SHOW_JSON_H
#define SHARESTAT_SHOW_JSON_H

#include <json-c/json.h>
#include <stdio.h>

#define JSON_SCHEMA 1		/* another when a key goes or means another thing */

/** json_text() - a text as a value; NULL for none */
struct json_object *json_text(const char *text);
/** json_add() - a value under a key; it is the object's from then on */
void json_add(struct json_object *object, const char *key, struct json_object *value);
/**
 * json_print() - print an object on a line of its own, and give it back
 * @object: what to print; the key "schema" is added
 * @out: where to
 *
 * Return: 0, or -1 explained.
 */
int json_print(struct json_object *object, FILE *out);
/** json_print_line() - the same without a line break in it, for one object after the other */
int json_print_line(struct json_object *object, FILE *out);

#endif
