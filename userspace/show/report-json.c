// SPDX-License-Identifier: GPL-2.0
/* The report as JSON, of the shape that Documentation/claims.rst gives. */
#include <stdio.h>

#include "model/finding.h"
#include "model/machine.h"
#include "show/json.h"
#include "show/machine-json.h"
#include "show/report.h"

static struct json_object *spread_object(const struct summary *value)
{
	struct json_object *spread = json_object_new_object();

	json_add(spread, "low", json_object_new_double(value->low));
	json_add(spread, "high", json_object_new_double(value->high));
	json_add(spread, "min", json_object_new_double(value->min));
	json_add(spread, "max", json_object_new_double(value->max));
	json_add(spread, "outliers", json_object_new_int64((int64_t)value->outliers));
	return spread;
}

/* A claim without a number has its text as the value. */
static struct json_object *side_object(const struct side *side)
{
	const struct summary *value = &side->value;
	struct json_object *object = json_object_new_object(), *spread = NULL;
	struct json_object *raw = json_object_new_array();

	json_add(object, "value", side->number ? json_object_new_double(value->median) :
		 json_text(side->text));
	json_add(object, "unit", side->number ? json_text(side->unit) : NULL);
	if (side->number && value->count > 1)
		spread = spread_object(value);
	json_add(object, "spread", spread);
	json_add(object, "samples", side->number ? json_object_new_int64(value->count) : NULL);
	for (size_t i = 0; i < side->nraw; i++)
		json_object_array_add(raw, json_object_new_double(side->raw[i]));
	json_add(object, "raw", raw);
	return object;
}

static struct json_object *evidence_array(const struct finding *finding)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < finding->nevidence; i++) {
		struct json_object *evidence = json_object_new_object();

		json_add(evidence, "source", json_text(finding->evidence[i].source));
		json_add(evidence, "text", json_text(finding->evidence[i].text));
		json_object_array_add(array, evidence);
	}
	return array;
}

static struct json_object *point_object(const struct series *series, const struct point *point)
{
	struct json_object *object = json_object_new_object();

	json_add(object, "x", series->x_unit ? json_object_new_double(point->x) : NULL);
	json_add(object, "value", json_object_new_double(point->y.median));
	json_add(object, "spread", point->y.count > 1 ? spread_object(&point->y) : NULL);
	json_add(object, "samples", json_object_new_int64(point->y.count));
	return object;
}

static struct json_object *series_object(const struct series *series)
{
	struct json_object *object = json_object_new_object();
	struct json_object *points = json_object_new_array();

	json_add(object, "name", json_text(series->name));
	json_add(object, "of", json_text(series->of_threads ? "thread" : "process"));
	json_add(object, "x_unit", series->x_unit ? json_text(series->x_unit) : NULL);
	json_add(object, "unit", json_text(series->unit));
	for (size_t i = 0; i < series->count; i++)
		json_object_array_add(points, point_object(series, &series->points[i]));
	json_add(object, "points", points);
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

	json_add(object, "id", json_text(finding->claim->id));
	json_add(object, "section", json_object_new_int(finding->claim->section));
	json_add(object, "claim", json_text(finding->claim->text));
	json_add(object, "process", side_object(&finding->process));
	json_add(object, "thread", side_object(&finding->thread));
	json_add(object, "evidence", evidence_array(finding));
	json_add(object, "verdict", json_text(verdict_name(finding->verdict)));
	json_add(object, "reason", json_text(finding->reason));
	json_add(object, "series", series_array(finding));
	return object;
}

static struct json_object *stamp(const struct report *report)
{
	struct json_object *object = environment_json();

	json_add(object, "pinned_cpu", json_object_new_int64(environment()->pinned_cpu));
	json_add(object, "seconds", json_object_new_double(report->seconds));
	return object;
}

static struct json_object *report_object(const struct report *report)
{
	const struct environment *here = environment();
	struct json_object *object = json_object_new_object();
	struct json_object *sharestat = json_object_new_object();
	struct json_object *array = json_object_new_array();

	json_add(sharestat, "abi", json_object_new_int64(here->abi));
	json_add(sharestat, "version", json_text(SHARESTAT_VERSION));
	for (size_t i = 0; i < report->count; i++)
		json_object_array_add(array, finding_object(report->findings[i]));
	json_add(object, "sharestat", sharestat);
	json_add(object, "environment", stamp(report));
	json_add(object, "claims", array);
	return object;
}

int report_json(const struct report *report)
{
	return json_print(report_object(report), stdout);
}
