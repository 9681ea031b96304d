// SPDX-License-Identifier: GPL-2.0
/* The report as JSON, of the shape that Documentation/claims.rst gives. */
#include <err.h>
#include <json-c/json.h>
#include <stdio.h>

#include "model/finding.h"
#include "model/machine.h"
#include "show/machine-json.h"
#include "show/report.h"

static struct json_object *text(const char *value)
{
	return json_object_new_string(value);
}

static void put(struct json_object *object, const char *key, struct json_object *value)
{
	json_object_object_add(object, key, value);
}

static struct json_object *spread_object(const struct summary *value)
{
	struct json_object *spread = json_object_new_object();

	put(spread, "low", json_object_new_double(value->low));
	put(spread, "high", json_object_new_double(value->high));
	put(spread, "min", json_object_new_double(value->min));
	put(spread, "max", json_object_new_double(value->max));
	return spread;
}

/* A claim without a number has its text as the value. */
static struct json_object *side_object(const struct side *side)
{
	const struct summary *value = &side->value;
	struct json_object *object = json_object_new_object(), *spread = NULL;

	put(object, "value", side->number ? json_object_new_double(value->median) :
	    text(side->text));
	put(object, "unit", side->number ? text(side->unit) : NULL);
	if (side->number && value->count > 1)
		spread = spread_object(value);
	put(object, "spread", spread);
	put(object, "samples", side->number ? json_object_new_int64(value->count) : NULL);
	return object;
}

static struct json_object *evidence_array(const struct finding *finding)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < finding->nevidence; i++) {
		struct json_object *evidence = json_object_new_object();

		put(evidence, "source", text(finding->evidence[i].source));
		put(evidence, "text", text(finding->evidence[i].text));
		json_object_array_add(array, evidence);
	}
	return array;
}

static struct json_object *point_object(const struct series *series, const struct point *point)
{
	struct json_object *object = json_object_new_object();

	put(object, "x", series->x_unit ? json_object_new_double(point->x) : NULL);
	put(object, "value", json_object_new_double(point->y.median));
	put(object, "spread", point->y.count > 1 ? spread_object(&point->y) : NULL);
	put(object, "samples", json_object_new_int64(point->y.count));
	return object;
}

static struct json_object *series_object(const struct series *series)
{
	struct json_object *object = json_object_new_object();
	struct json_object *points = json_object_new_array();

	put(object, "name", text(series->name));
	put(object, "of", text(series->of_threads ? "thread" : "process"));
	put(object, "x_unit", series->x_unit ? text(series->x_unit) : NULL);
	put(object, "unit", text(series->unit));
	for (size_t i = 0; i < series->count; i++)
		json_object_array_add(points, point_object(series, &series->points[i]));
	put(object, "points", points);
	return object;
}

static struct json_object *series_array(const struct finding *finding)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < finding->nseries; i++)
		json_object_array_add(array, series_object(&finding->series[i]));
	return array;
}

static struct json_object *finding_object(const struct finding *finding)
{
	struct json_object *object = json_object_new_object();

	put(object, "id", text(finding->claim->id));
	put(object, "section", json_object_new_int(finding->claim->section));
	put(object, "claim", text(finding->claim->text));
	put(object, "process", side_object(&finding->process));
	put(object, "thread", side_object(&finding->thread));
	put(object, "evidence", evidence_array(finding));
	put(object, "verdict", text(verdict_name(finding->verdict)));
	put(object, "reason", text(finding->reason));
	put(object, "series", series_array(finding));
	return object;
}

static struct json_object *stamp(const struct report *report)
{
	struct json_object *object = environment_json();

	put(object, "pinned_cpu", json_object_new_int64(environment()->pinned_cpu));
	put(object, "seconds", json_object_new_double(report->seconds));
	return object;
}

static struct json_object *report_object(const struct report *report)
{
	const struct environment *here = environment();
	struct json_object *object = json_object_new_object();
	struct json_object *sharestat = json_object_new_object();
	struct json_object *array = json_object_new_array();

	put(sharestat, "abi", json_object_new_int64(here->abi));
	put(sharestat, "version", text(SHARESTAT_VERSION));
	for (size_t i = 0; i < report->count; i++)
		json_object_array_add(array, finding_object(report->findings[i]));
	put(object, "sharestat", sharestat);
	put(object, "environment", stamp(report));
	put(object, "claims", array);
	return object;
}

int report_json(const struct report *report)
{
	struct json_object *object = report_object(report);
	const char *printed = json_object_to_json_string_ext(object,
			JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);

	if (printed)
		puts(printed);
	else
		warnx("report: no memory for its JSON");
	json_object_put(object);
	return printed ? 0 : -1;
}
