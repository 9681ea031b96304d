/* SPDX-License-Identifier: GPL-2.0 */
/* Figures from samples. Pure. */
#ifndef SHARESTAT_MODEL_STATISTICS_H
#define SHARESTAT_MODEL_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

struct summary {
	double median;
	/*
	 * 95 % interval of the median, by order statistics; fewer than 6
	 * samples have none: min and max.
	 */
	double low, high;
	double min, max;
	size_t count;
	/* Farther from the middle half of them than three times its width; all count. */
	size_t outliers;
};

/** summarize() - sorts @samples in place; all fields 0 for count 0 */
struct summary summarize(double *samples, size_t count);
/** summarize_within() - the same with an interval of @confidence: 0.99 */
struct summary summarize_within(double *samples, size_t count, double confidence);

/**
 * log2_quantile() - a quantile out of a log2 histogram
 * @buckets: bucket i counts the samples of [2^i, 2^(i+1))
 * @count: how many buckets
 * @quantile: 0.5 is the median; 1 the upper end of the last bucket in use
 *
 * Samples are taken to be spread evenly over their bucket, so the figure is
 * right to a factor of two.
 *
 * Return: the quantile; 0 without samples.
 */
double log2_quantile(const uint64_t buckets[], size_t count, double quantile);

/**
 * fit_slope() - least squares slope of y over x
 * @x: one coordinate of each point
 * @y: the other
 * @count: of points
 *
 * Return: the slope; 0 for fewer than 2 points or when all x are equal.
 */
double fit_slope(const double *x, const double *y, size_t count);

#endif
