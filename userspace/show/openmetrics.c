// SPDX-License-Identifier: GPL-2.0
/*
 * Metrics as text.
 *
 * OpenMetrics declares a counter without the _total that its samples have, and
 * has a type for infos. The older text format, which is all that node_exporter
 * reads, declares it with the _total and refuses a file with an unknown type.
 */
#include <inttypes.h>
#include <stdarg.h>

#include "lib/safe-text.h"
#include "show/openmetrics.h"

static const char *type_name(const struct exposition *to, enum metric_type type)
{
	static const char *const names[] = {
		[METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge",
		[METRIC_HISTOGRAM] = "histogram", [METRIC_INFO] = "info",
	};

	return to->prometheus && type == METRIC_INFO ? "gauge" : names[type];
}

static const char *ending(enum metric_type type)
{
	if (type == METRIC_COUNTER)
		return "_total";
	return type == METRIC_INFO ? "_info" : "";
}

void exposition_metric(struct exposition *to, const struct metric *metric)
{
	const char *end = to->prometheus ? ending(metric->type) : "";

	to->metric = metric;
	fprintf(to->out, "# HELP %s%s %s\n", metric->name, end, metric->help);
	fprintf(to->out, "# TYPE %s%s %s\n", metric->name, end,
		type_name(to, metric->type));
	if (metric->unit && !to->prometheus)
		fprintf(to->out, "# UNIT %s %s\n", metric->name, metric->unit);
}

static void put_label(struct exposition *to, const char **separator, const char *name,
		      const char *value)
{
	fprintf(to->out, "%s%s=\"", *separator, name);
	*separator = ",";
	safe_print(to->out, TO_LABEL, value);
	fputc('"', to->out);
}

static void put_labels(struct exposition *to, va_list pairs)
{
	const char *separator = "{", *name;

	while ((name = va_arg(pairs, const char *))) {
		const char *value = va_arg(pairs, const char *);

		if (value)
			put_label(to, &separator, name, value);
	}
	if (*separator == ',')
		fputc('}', to->out);
}

void exposition_count(struct exposition *to, uint64_t value, ...)
{
	va_list pairs;

	fprintf(to->out, "%s%s", to->metric->name, ending(to->metric->type));
	va_start(pairs, value);
	put_labels(to, pairs);
	va_end(pairs);
	fprintf(to->out, " %" PRIu64 "\n", value);
}

void exposition_real(struct exposition *to, double value, ...)
{
	va_list pairs;

	fprintf(to->out, "%s%s", to->metric->name, ending(to->metric->type));
	va_start(pairs, value);
	put_labels(to, pairs);
	va_end(pairs);
	fprintf(to->out, " %.15g\n", value);
}

/* Of a histogram's samples only the last label differs from those of others. */
static void put_part(struct exposition *to, const char *part, const char *label,
		     const char *value, const char *bound)
{
	const char *separator = "{";

	fprintf(to->out, "%s_%s", to->metric->name, part);
	put_label(to, &separator, label, value);
	if (bound)
		put_label(to, &separator, "le", bound);
	fputc('}', to->out);
}

void exposition_histogram(struct exposition *to, const double *bounds,
			  const uint64_t *counts, size_t nbounds, double sum,
			  const char *label, const char *value)
{
	uint64_t total = 0;

	for (size_t i = 0; i <= nbounds; i++) {
		char bound[32] = "+Inf";

		if (i < nbounds)
			snprintf(bound, sizeof(bound), "%.15g", bounds[i]);
		total += counts[i];
		put_part(to, "bucket", label, value, bound);
		fprintf(to->out, " %" PRIu64 "\n", total);
	}
	put_part(to, "sum", label, value, NULL);
	fprintf(to->out, " %.15g\n", sum);
	put_part(to, "count", label, value, NULL);
	fprintf(to->out, " %" PRIu64 "\n", total);
}

void exposition_end(struct exposition *to)
{
	fputs("# EOF\n", to->out);
}
