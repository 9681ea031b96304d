// SPDX-License-Identifier: GPL-2.0
/* Fills findings, and makes verdicts of conditions and witnesses. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/finding.h"
#include "lib/quantity.h"
#include "model/machine.h"

void side_number(struct side *side, double *samples, size_t count, const char *unit)
{
	side->number = true;
	side->value = summarize(samples, count);
	side->unit = unit;
	if (count > 1)
		format_interval(side->text, sizeof(side->text), side->value.median,
				side->value.low, side->value.high, unit);
	else
		format_quantity(side->text, sizeof(side->text), side->value.median, unit);
}

void side_count(struct side *side, double value, const char *unit)
{
	side_number(side, &value, 1, unit);
}

void side_label(struct side *side, const char *format, ...)
{
	size_t used = 0;
	va_list args;

	if (side->value.count > 1) {
		used = strlen(side->text);
		used += (size_t)snprintf(side->text + used, sizeof(side->text) - used, ", ");
	}
	va_start(args, format);
	vsnprintf(side->text + used, sizeof(side->text) - used, format, args);
	va_end(args);
}

void side_text(struct side *side, const char *format, ...)
{
	va_list args;

	memset(side, 0, sizeof(*side));
	va_start(args, format);
	vsnprintf(side->text, sizeof(side->text), format, args);
	va_end(args);
}

static void evidence_add(struct finding *finding, const char *source,
			 const char *format, va_list args)
{
	struct evidence *evidence = &finding->evidence[finding->nevidence];

	if (finding->nevidence == EVIDENCE_MAX)
		abort();	/* an experiment with so much to say is two */
	snprintf(evidence->source, sizeof(evidence->source), "%s", source);
	vsnprintf(evidence->text, sizeof(evidence->text), format, args);
	finding->nevidence++;
}

void finding_evidence(struct finding *finding, const char *source, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	evidence_add(finding, source, format, args);
	va_end(args);
}

void finding_witness(struct finding *finding, const char *source, bool agrees,
		     const char *format, ...)
{
	va_list args;

	va_start(args, format);
	evidence_add(finding, source, format, args);
	va_end(args);
	finding->disputed |= !agrees;
}

static struct series *series_of(struct finding *finding, const struct series *wanted)
{
	struct series *series = finding->series;

	for (; series < finding->series + finding->nseries; series++) {
		if (!strcmp(series->name, wanted->name))
			return series;
	}
	if (finding->nseries == SERIES_MAX)
		abort();
	finding->nseries++;
	*series = *wanted;
	series->count = 0;
	return series;
}

void finding_point(struct finding *finding, const struct series *wanted, double x,
		   struct summary y)
{
	struct series *series = series_of(finding, wanted);

	if (series->count == POINTS_MAX)
		abort();
	series->points[series->count++] = (struct point) { x, y };
}

void finding_unwitnessed(struct finding *finding, const char *source,
			 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	evidence_add(finding, source, format, args);
	va_end(args);
	snprintf(finding->unwitnessed, sizeof(finding->unwitnessed), "%s", source);
}

void finding_require(struct finding *finding, bool holds, const char *format, ...)
{
	va_list args;

	finding->required++;
	if (holds || *finding->failed)
		return;
	va_start(args, format);
	vsnprintf(finding->failed, sizeof(finding->failed), format, args);
	va_end(args);
}

void finding_decide(struct finding *finding, const char *format, ...)
{
	char found[224];
	va_list args;

	if (finding->disputed) {
		finding_impossible(finding, "the module and an independent witness disagree, see the evidence");
		return;
	}
	if (!finding->required) {
		finding_impossible(finding, "no condition of its rule was looked at");
		return;
	}
	va_start(args, format);
	vsnprintf(found, sizeof(found), format, args);
	va_end(args);
	finding->verdict = *finding->failed ? REFUTED : CONFIRMED;
	snprintf(finding->reason, sizeof(finding->reason), "%s%s%s%s%s%s",
		 *finding->failed ? "it is not so that " : "", finding->failed,
		 *finding->failed ? ": " : "", found,
		 *finding->unwitnessed ? "; no word from the witness " : "", finding->unwitnessed);
}

void finding_impossible(struct finding *finding, const char *format, ...)
{
	va_list args;

	finding->verdict = NOT_MEASURABLE;
	va_start(args, format);
	vsnprintf(finding->reason, sizeof(finding->reason), format, args);
	va_end(args);
}

bool finding_needs_probe(struct finding *finding, const char *name)
{
	const struct environment_probe *probe = environment_probe(name);

	if (probe && !probe->offered)
		finding_impossible(finding, "this kernel does not offer the probe \"%s\": %s",
				   name, probe->why);
	return probe && probe->offered;
}
