// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "model/statistics.h"
#include "tap.h"

/* 1, 2 ... count, shuffled: with a step that has no factor in common. */
static struct summary of_integers(size_t count)
{
	double samples[1000];

	for (size_t i = 0; i < count; i++)
		samples[i] = (double)(i * 619 % count) + 1;
	return summarize(samples, count);
}

static bool near(double left, double right)
{
	return fabs(left - right) < 0.000000001;
}

static void check_interval(size_t count, double low, double high)
{
	struct summary summary = of_integers(count);

	CHECK(near(summary.low, low) && near(summary.high, high),
	      "stats: 95 %% interval of %zu samples is from number %g to %g", count, low, high);
}

static void check_within(size_t count, double confidence, double low, double high)
{
	double samples[100];
	struct summary summary;

	for (size_t i = 0; i < count; i++)
		samples[i] = (double)(count - i);
	summary = summarize_within(samples, count, confidence);
	CHECK(near(summary.low, low) && near(summary.high, high),
	      "stats: %g interval of %zu samples is from number %g to %g", confidence, count, low,
	      high);
}

static void test_slope(void)
{
	const double x[] = { 1, 2, 4, 8 }, y[] = { 5, 8, 14, 26 };
	const double same[] = { 3, 3, 3, 3 }, noisy[] = { 1, 3, 2, 5 }, steps[] = { 1, 2, 3, 4 };

	CHECK(near(fit_slope(x, y, 4), 3), "stats: slope of y = 3x + 2");
	CHECK(near(fit_slope(x, same, 4), 0), "stats: slope of a constant");
	CHECK(near(fit_slope(same, y, 4), 0), "stats: no slope when all x are equal");
	CHECK(near(fit_slope(x, y, 1), 0), "stats: no slope from one point");
	CHECK(near(fit_slope(steps, noisy, 4), 1.1), "stats: least squares slope of noise");
}

/* The middle half of 1 ... 9 is from 3 to 7: far out is what is below -9 or above 19. */
static void test_outliers(void)
{
	double inside[] = { 1, 2, 3, 4, 5, 6, 7, 8, 19 };
	double above[] = { 1, 2, 3, 4, 5, 6, 7, 8, 19.1 };
	double below[] = { -9.1, 2, 3, 4, 5, 6, 7, 20, 21 }, same[] = { 5, 5, 5, 5, 5, 5, 5, 5, 6 };
	const size_t count = 9;

	CHECK(!summarize(inside, count).outliers, "stats: far, but not far out");
	CHECK(summarize(above, count).outliers == 1, "stats: one that is far above");
	CHECK(summarize(below, count).outliers == 3, "stats: one far below, and two above");
	CHECK(summarize(same, count).outliers == 1, "stats: beside equal ones any other is far out");
	CHECK(!summarize(same, 1).outliers && !summarize(same, 0).outliers,
	      "stats: one alone is no outlier");
}

void test_stats(void)
{
	double one[] = { 7 }, negative[] = { 2, -5, 9 };
	struct summary summary = summarize(one, 0);

	CHECK(summary.count == 0 && near(summary.median, 0) && near(summary.max, 0),
	      "stats: no samples give zeros");
	summary = summarize(one, 1);
	CHECK(summary.count == 1 && near(summary.median, 7) && near(summary.low, 7) &&
	      near(summary.high, 7), "stats: one sample is its own median");
	summary = summarize(negative, 3);
	CHECK(near(summary.median, 2) && near(summary.min, -5) && near(summary.max, 9),
	      "stats: median, least and greatest of three");
	CHECK(near(of_integers(10).median, 5.5), "stats: even count: mean of the middle two");
	CHECK(near(of_integers(101).median, 51), "stats: odd count: the middle one");
	check_within(31, 0.99, 8, 24);
	check_within(81, 0.99, 29, 53);
	check_within(7, 0.99, 1, 7);
	test_outliers();
	/* The ranks of the usual tables (Conover, Practical Nonparametric Statistics). */
	check_interval(5, 1, 5);
	check_interval(6, 1, 6);
	check_interval(8, 1, 8);
	check_interval(9, 2, 8);
	check_interval(20, 6, 15);
	check_interval(50, 18, 33);
	check_interval(100, 40, 61);
	check_interval(1000, 469, 532);
	test_slope();
}
