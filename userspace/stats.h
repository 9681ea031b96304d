/* SPDX-License-Identifier: GPL-2.0 */
/* Figures from samples. Pure. */
#ifndef SHARESTAT_STATS_H
#define SHARESTAT_STATS_H

#include <stddef.h>

struct summary {
	double median;
	/*
	 * 95 % interval of the median, by order statistics; fewer than 6
	 * samples have none: min and max.
	 */
	double low, high;
	double min, max;
	size_t count;
};

/** summarize() - sorts @samples in place; all fields 0 for count 0 */
struct summary summarize(double *samples, size_t count);

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
