// SPDX-License-Identifier: GPL-2.0
/* Figures from samples. */
#include <math.h>
#include <stdlib.h>

#include "model/statistics.h"

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/*
 * The k-th lowest and k-th highest of @count samples hold the median between
 * them unless fewer than k samples fall on one of its sides. Return: the
 * greatest k for which that happens on either side with a probability of at most
 * @tail; 1 when there are too few samples for any.
 */
static size_t interval_rank(size_t count, double tail)
{
	double below = 0;
	size_t rank = 0;

	while (rank < count / 2) {
		below += exp(lgamma(count + 1.0) - lgamma(rank + 1.0) -
			     lgamma(count - rank + 1.0) - count * M_LN2);
		if (below > tail)
			break;
		rank++;
	}
	return rank ? rank : 1;
}

/* Of sorted samples; Tukey's far out. */
static size_t count_outliers(const double *samples, size_t count)
{
	const double first = samples[count / 4], third = samples[count - 1 - count / 4];
	const double far = 3 * (third - first);
	size_t outliers = 0;

	for (size_t i = 0; i < count; i++)
		outliers += samples[i] < first - far || samples[i] > third + far;
	return outliers;
}

struct summary summarize_within(double *samples, size_t count, double confidence)
{
	struct summary summary = { .count = count };
	size_t rank = interval_rank(count, (1 - confidence) / 2);

	if (!count)
		return summary;
	qsort(samples, count, sizeof(*samples), compare);
	summary.median = (samples[(count - 1) / 2] + samples[count / 2]) / 2;
	summary.low = samples[rank - 1];
	summary.high = samples[count - rank];
	summary.min = samples[0];
	summary.max = samples[count - 1];
	summary.outliers = count_outliers(samples, count);
	return summary;
}

struct summary summarize(double *samples, size_t count)
{
	return summarize_within(samples, count, 0.95);
}

double log2_quantile(const uint64_t buckets[], size_t count, double quantile)
{
	double total = 0, wanted, below = 0;

	for (size_t i = 0; i < count; i++)
		total += (double)buckets[i];
	wanted = total * quantile;
	for (size_t i = 0; i < count && total > 0; i++) {
		double here = (double)buckets[i];

		if (here > 0 && below + here >= wanted)
			return ldexp(1 + (wanted - below) / here, (int)i);
		below += here;
	}
	return 0;
}

double fit_slope(const double *x, const double *y, size_t count)
{
	double mean_x = 0, mean_y = 0, covariance = 0, variance = 0;

	if (count < 2)
		return 0;
	for (size_t i = 0; i < count; i++) {
		mean_x += x[i] / count;
		mean_y += y[i] / count;
	}
	for (size_t i = 0; i < count; i++) {
		covariance += (x[i] - mean_x) * (y[i] - mean_y);
		variance += (x[i] - mean_x) * (x[i] - mean_x);
	}
	return variance > 0 ? covariance / variance : 0;
}
