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
	side->nraw = count < RAW_MAX ? count : RAW_MAX;
	memcpy(side->raw, samples, side->nraw * sizeof(*samples));	/* before they are sorted */
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

/* What the module shows, and who shows it without the module. */
static const char *source_name(const char *source)
{
	static const char *const names[][2] = {
		{ "debugfs:tasks", "/proc, kcmp(2)" },
		{ "debugfs:frames", "/proc/PID/pagemap" },
		{ "debugfs:vmas", "/proc/PID/maps" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (environment()->without_module && !strcmp(source, names[i][0]))
			return names[i][1];
	return source;
}

static void evidence_add(struct finding *finding, const char *source,
			 const char *format, va_list args)
{
	struct evidence *evidence = &finding->evidence[finding->nevidence];

	if (finding->nevidence == EVIDENCE_MAX)
		abort();	/* an experiment with so much to say is two */
	snprintf(evidence->source, sizeof(evidence->source), "%s", source_name(source));
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
		finding_impossible(finding, "%s disagree, see the evidence",
				   environment()->without_module ? "the witnesses" :
				   "the module and an independent witness");
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

void finding_require_seen(struct finding *finding, enum sight what, bool holds,
			  const char *format, ...)
{
	static const char *const witnesses[] = {
		[SEE_OBJECTS] = "kcmp(2)", [SEE_FRAMES] = "pagemap", [SEE_MODULE] = "the module",
	};
	char words[sizeof(finding->failed)];
	va_list args;

	if (sight_lacks(what)) {
		if (!*finding->unwitnessed)
			snprintf(finding->unwitnessed, sizeof(finding->unwitnessed), "%s",
				 witnesses[what]);
		return;
	}
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	finding_require(finding, holds, "%s", words);
}

bool finding_needs(struct finding *finding, enum sight what)
{
	const char *why = sight_lacks(what);

	if (why)
		finding_impossible(finding, "%s", why);
	return !why;
}

bool finding_counts(struct finding *finding, const char *name)
{
	const struct environment_probe *probe = environment_probe(name);
	char source[48];

	if (probe && probe->offered)
		return true;
	snprintf(source, sizeof(source), "debugfs:%s", name);
	finding_unwitnessed(finding, source, "nothing is counted: %s",
			    probe ? probe->why : "there is no such probe");
	return false;
}
