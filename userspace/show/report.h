/* SPDX-License-Identifier: GPL-2.0 */
/* What `report` found, and the ways to print it. */
#ifndef SHARESTAT_SHOW_REPORT_H
#define SHARESTAT_SHOW_REPORT_H

#include "model/finding.h"
#include "model/picture.h"
#include "show/table.h"

struct report {
	const struct finding **findings;	/* in the order of claims[] */
	size_t count;
	double seconds;				/* that the experiments took */
	bool verbose;				/* with all evidence */
	bool explain;				/* and measure nothing */
	bool quiz;				/* ask whose each result is */
	const char *compare;			/* a report to compare with another, or NULL */
	const struct picture *picture;		/* of the page, or NULL */
	const char *html;			/* also as a page to this file, or NULL */
	const struct output *output;
};

/* Prints @before in a column of its own, then @text in lines behind it. */
void report_wrapped(const char *before, int indent, const char *text);

/**
 * report_text_row() - the row of the finding that came last, on standard output at once
 * @report: what was found so far, in the order of its sections
 *
 * Return: 0, or -1 explained.
 */
int report_text_row(const struct report *report);
/** report_text_end() - what stands below all rows */
void report_text_end(const struct report *report);
/** report_json() - to standard output. Return: 0, or -1 explained */
int report_json(const struct report *report);
/**
 * report_html() - a page, which wants a picture
 * @report: what was found
 * @file: where to, or "-" for standard output
 *
 * Return: 0, or -1 explained.
 */
int report_html(const struct report *report, const char *file);

#endif
