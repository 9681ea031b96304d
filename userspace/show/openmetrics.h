/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Metrics as text, in either of the two formats that Prometheus knows. They
 * differ in how a counter is declared and in what types there are.
 */
#ifndef SHARESTAT_SHOW_OPENMETRICS_H
#define SHARESTAT_SHOW_OPENMETRICS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM, METRIC_INFO };

/* A metric family. The ending of its samples (_total, _info) is not in the name. */
struct metric {
	const char *name;
	enum metric_type type;
	const char *unit;		/* the end of the name, too; NULL: none */
	const char *help;
};

struct exposition {
	FILE *out;
	bool prometheus;		/* the text format 0.0.4, not OpenMetrics 1.0 */
	const struct metric *metric;	/* whose samples come now */
};

/** exposition_metric() - begin a family: its HELP, TYPE and UNIT */
void exposition_metric(struct exposition *to, const struct metric *metric);

/*
 * A sample of that family. Behind the value come pairs of a label's name and
 * its value, and a NULL; a label whose value is NULL is left out.
 */
void exposition_count(struct exposition *to, uint64_t value, ...)
	__attribute__((sentinel));
void exposition_real(struct exposition *to, double value, ...)
	__attribute__((sentinel));

/**
 * exposition_histogram() - all samples of one histogram
 * @to: the family is a METRIC_HISTOGRAM
 * @bounds: upper bounds, rising, without the infinite one
 * @counts: how many samples each bucket has, one more than @bounds
 * @nbounds: how many
 * @sum: of the samples
 * @label: a label
 * @value: and its value
 */
void exposition_histogram(struct exposition *to, const double *bounds,
			  const uint64_t *counts, size_t nbounds, double sum,
			  const char *label, const char *value);

/** exposition_end() - the mark that nothing is missing */
void exposition_end(struct exposition *to);

#endif
