// SPDX-License-Identifier: GPL-2.0
/* Two reports of `report --json` side by side. */
#include <err.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "model/report-diff.h"

static struct json_object *get(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, key, &value);
	return value;
}

static const char *get_text(struct json_object *object, const char *key)
{
	struct json_object *value = get(object, key);

	return value ? json_object_get_string(value) : NULL;
}

static int read_report(struct json_object **report, const char *file)
{
	struct json_object *claims;

	if (access(file, R_OK)) {
		warn("%s", file);
		return -1;
	}
	*report = json_object_from_file(file);
	if (!*report) {
		const char *why = json_util_get_last_err();

		warnx("%s: cannot be read as JSON: %.*s", file, (int)strcspn(why, "\n"), why);
		return -1;
	}
	claims = get(*report, "claims");
	if (get(*report, "sharestat") && json_object_is_type(claims, json_type_array) &&
	    get_text(get(*report, "environment"), "machine"))
		return 0;
	warnx("%s: not a report; make one with: sharestat report --json >%s", file, file);
	return -1;
}

const char *compare_environment(const struct comparison *comparison, int which, const char *key)
{
	const char *value = get_text(get(comparison->reports[which], "environment"), key);

	return value ? value : "unknown";
}

static bool is_emulated(const struct comparison *comparison, int which)
{
	return !strcmp(compare_environment(comparison, which, "machine"), "emulated");
}

/* An emulated TLB costs what no real one does: ratios of such times say nothing. */
static int check_machines(const struct comparison *comparison)
{
	int emulated = is_emulated(comparison, 0) ? 0 : 1;

	if (is_emulated(comparison, 0) == is_emulated(comparison, 1))
		return 0;
	warnx("%s was measured in emulation and %s on a machine that is %s: such times do not compare",
	      comparison->files[emulated], comparison->files[!emulated],
	      compare_environment(comparison, !emulated, "machine"));
	return -1;
}

/* --- environments --- */

static void add_key(struct comparison *comparison, const char *key)
{
	struct compared_key *row;
	const char *values[2];

	for (int i = 0; i < 2; i++) {
		values[i] = get_text(get(comparison->reports[i], "environment"), key);
		values[i] = values[i] ? values[i] : "";
	}
	if (!strcmp(values[0], values[1]))
		return;
	comparison->keys = xreallocarray(comparison->keys, comparison->nkeys + 1,
					 sizeof(*comparison->keys));
	row = &comparison->keys[comparison->nkeys++];
	*row = (struct compared_key) { key, { values[0], values[1] } };
}

/* How long the experiments took says nothing about the machine. */
static void compare_keys(struct comparison *comparison)
{
	struct json_object *environments[2];

	for (int i = 0; i < 2; i++)
		environments[i] = get(comparison->reports[i], "environment");
	json_object_object_foreach(environments[0], key, value) {
		(void)value;
		if (strcmp(key, "seconds"))
			add_key(comparison, key);
	}
	json_object_object_foreach(environments[1], other, ignored) {
		(void)ignored;
		if (strcmp(other, "seconds") && !get(environments[0], other))
			add_key(comparison, other);
	}
}

/* --- claims --- */

static struct json_object *find_claim(struct json_object *report, const char *id)
{
	struct json_object *claims = get(report, "claims");

	for (size_t i = 0; i < json_object_array_length(claims); i++) {
		struct json_object *claim = json_object_array_get_idx(claims, i);
		const char *name = get_text(claim, "id");

		if (name && !strcmp(name, id))
			return claim;
	}
	return NULL;
}

static struct compared_side read_side(struct json_object *claim, const char *name)
{
	struct json_object *object = get(claim, name), *value = get(object, "value");
	struct json_object *spread = get(object, "spread");
	struct compared_side side = { .known = value };

	side.number = json_object_is_type(value, json_type_double) ||
		      json_object_is_type(value, json_type_int);
	if (!side.number) {
		side.text = value ? json_object_get_string(value) : NULL;
		return side;
	}
	side.unit = get_text(object, "unit");
	side.value = json_object_get_double(value);
	side.low = spread ? json_object_get_double(get(spread, "low")) : side.value;
	side.high = spread ? json_object_get_double(get(spread, "high")) : side.value;
	return side;
}

static bool has_interval(const struct compared_side *side)
{
	return side->low < side->high;
}

enum change compare_sides(const struct compared_side *before, const struct compared_side *now)
{
	if (!before->known || !now->known)
		return CHANGE_UNKNOWN;
	if (!before->number && !now->number)
		return strcmp(before->text, now->text) ? CHANGE_OTHER : CHANGE_SAME;
	if (before->number != now->number || !before->unit || !now->unit ||
	    strcmp(before->unit, now->unit))
		return CHANGE_OTHER;
	if (now->low > before->high)
		return CHANGE_MORE;
	if (now->high < before->low)
		return CHANGE_LESS;
	return has_interval(before) || has_interval(now) ? CHANGE_NOT_TOLD : CHANGE_SAME;
}

bool compare_ratio(const struct compared *row, struct compared_ratio *ratio)
{
	const struct compared_side *before = &row->sides[0], *now = &row->sides[1];

	if (!before->number || !now->number || row->change == CHANGE_OTHER ||
	    before->low <= 0 || now->low < 0)
		return false;
	*ratio = (struct compared_ratio) {
		.value = now->value / before->value,
		.low = now->low / before->high, .high = now->high / before->low,
	};
	return true;
}

static void add_claim(struct comparison *comparison, const char *id)
{
	static const char *const names[] = { "process", "thread" };
	struct json_object *claims[2];

	for (int i = 0; i < 2; i++)
		claims[i] = find_claim(comparison->reports[i], id);
	for (int name = 0; name < 2; name++) {
		struct compared *row = &comparison->rows[comparison->count++];

		row->id = id;
		row->of_thread = name;
		for (int i = 0; i < 2; i++) {
			row->sides[i] = read_side(claims[i], names[name]);
			row->verdicts[i] = get_text(claims[i], "verdict");
		}
		row->change = compare_sides(&row->sides[0], &row->sides[1]);
	}
}

/* In the order of the first; then what only the second has. */
static void compare_claims(struct comparison *comparison)
{
	size_t room = 0;

	for (int i = 0; i < 2; i++)
		room += json_object_array_length(get(comparison->reports[i], "claims"));
	comparison->rows = xcalloc(2 * room + 1, sizeof(*comparison->rows));
	for (int which = 0; which < 2; which++) {
		struct json_object *claims = get(comparison->reports[which], "claims");

		for (size_t i = 0; i < json_object_array_length(claims); i++) {
			const char *id = get_text(json_object_array_get_idx(claims, i), "id");

			if (id && (!which || !find_claim(comparison->reports[0], id)))
				add_claim(comparison, id);
		}
	}
}

int compare_reports(struct comparison *comparison, const char *first, const char *second)
{
	*comparison = (struct comparison) { .files = { first, second } };
	if (read_report(&comparison->reports[0], first) ||
	    read_report(&comparison->reports[1], second) || check_machines(comparison)) {
		compare_free(comparison);
		return -1;
	}
	compare_keys(comparison);
	compare_claims(comparison);
	return 0;
}

void compare_free(struct comparison *comparison)
{
	for (int i = 0; i < 2; i++)
		json_object_put(comparison->reports[i]);
	free(comparison->rows);
	free(comparison->keys);
	*comparison = (struct comparison) { 0 };
}
