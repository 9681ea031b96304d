/* SPDX-License-Identifier: GPL-2.0 */
/* Two reports of `report --json` side by side. Pure but for reading the files. */
#ifndef SHARESTAT_MODEL_REPORT_DIFF_H
#define SHARESTAT_MODEL_REPORT_DIFF_H

#include <stdbool.h>
#include <stddef.h>

struct json_object;

enum change {
	CHANGE_UNKNOWN, CHANGE_SAME, CHANGE_NOT_TOLD, CHANGE_LESS, CHANGE_MORE, CHANGE_OTHER,
};

/* What one report has for one side of a claim. */
struct compared_side {
	bool known, number;
	double value, low, high;	/* of a number; without a spread all the same */
	const char *unit, *text;	/* of a number; of a text */
};

/* One side of one claim, in both. */
struct compared {
	const char *id;
	bool of_thread;
	struct compared_side sides[2];
	const char *verdicts[2];	/* NULL: the report does not have the claim */
	enum change change;		/* of the second against the first */
};

/* A key of the environment whose values differ. */
struct compared_key {
	const char *key, *values[2];	/* "" where there is none */
};

struct comparison {
	const char *files[2];
	struct json_object *reports[2];
	struct compared *rows;
	size_t count;
	struct compared_key *keys;
	size_t nkeys;
};

/**
 * compare_reports() - read two reports and hold one against the other
 * @comparison: filled; free it with compare_free()
 * @first: file of the first
 * @second: file of the second
 *
 * Return: 0, or -1 after an explanation: not a report, or one measured in
 * emulation and the other not, whose times do not compare.
 */
int compare_reports(struct comparison *comparison, const char *first, const char *second);
void compare_free(struct comparison *comparison);

/** compare_environment() - a value of a report's environment, or "unknown" */
const char *compare_environment(const struct comparison *comparison, int which, const char *key);

/**
 * compare_sides() - what became of a side
 * @before: it in the first report
 * @now: it in the second one
 *
 * Two numbers whose intervals meet are not told apart; the same are texts, and numbers
 * without an interval, that are equal.
 */
enum change compare_sides(const struct compared_side *before, const struct compared_side *now);

/* How many times the second is the first: from the intervals of both. */
struct compared_ratio {
	double value, low, high;
};

/**
 * compare_ratio() - of two numbers of one unit
 * @row: both of them
 * @ratio: filled. It holds 1 between low and high just when they are not told apart
 *
 * Return: false when there is none: of texts, of other units, of what is 0 or less.
 */
bool compare_ratio(const struct compared *row, struct compared_ratio *ratio);

#endif
