/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages that need nothing but themselves: no script, no font, no picture from
 * elsewhere. Charts are static SVG, each with its numbers in a table beside it.
 */
#ifndef SHARESTAT_SHOW_HTML_H
#define SHARESTAT_SHOW_HTML_H

#include <stdbool.h>
#include <stdio.h>

#include "model/finding.h"
#include "model/statistics.h"

extern const char html_style[];	/* html.css */

/** html_check() - can the file be written, before what takes time? Return: 0, or -1 explained */
int html_check(const char *file);
/**
 * html_open() - begin a page
 * @file: where to, or "-" for standard output
 * @title: of the page and its first heading
 *
 * Return: the stream, or NULL after an explanation.
 */
FILE *html_open(const char *file, const char *title);
/* Ends the page. Return: 0, or -1 after an explanation. */
int html_close(FILE *out, const char *file);

/** html_text() - print with all that HTML would take for markup escaped */
void html_text(FILE *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** html_table_begin() - a table of numbers, which may be wider than a phone */
void html_table_begin(FILE *out, const char *caption);
/** html_heading() - a heading of a column */
void html_heading(FILE *out, const char *text, bool right);
/** html_rows() - the headings are done */
void html_rows(FILE *out);
void html_table_end(FILE *out);

/** html_figure_begin() - a figure: its chart comes next */
void html_figure_begin(FILE *out, const char *caption);
/** html_figure_end() - after the chart and the table of its numbers */
void html_figure_end(FILE *out);

/*
 * The charts are as wide as the page lets them be: across, everything is in percent
 * of the width, down in pixels, and words keep their size.
 *
 * svg_begin() - open the picture
 * @out: the page
 * @id: unique on the page
 * @height: in pixels
 * @title: what it is, for those who cannot see it
 * @description: what can be seen on it
 */
void svg_begin(FILE *out, const char *id, int height, const char *title,
	       const char *description);
/** svg_stretched_begin() - the same for paths alone, with units of its own across and down */
void svg_stretched_begin(FILE *out, const char *id, int height, size_t across, size_t down,
			 const char *title, const char *description);
void svg_end(FILE *out);
/**
 * svg_text() - words at a place
 * @out: the page
 * @x: of the anchor, in percent of the width
 * @dx: so many pixels right of that
 * @y: of the base line
 * @class: of the style, or ""
 * @anchor: "start", "middle", "end"
 * @format: as of printf(3), then its arguments
 */
void svg_text(FILE *out, double x, double dx, double y, const char *class, const char *anchor,
	      const char *format, ...) __attribute__((format(printf, 7, 8)));
/** svg_line() - a straight one, all of it as in svg_text() */
void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2);
/** svg_rect() - an area; @width in percent, @height in pixels */
void svg_rect(FILE *out, const char *class, double x, double y, double width, double height);
/* A bar with its spread. */
struct bar {
	char name[96];
	bool of_threads;
	struct summary value;
};

/** svg_bars() - a figure of bars of one unit, with the table of its numbers */
void svg_bars(FILE *out, const char *id, const char *title, const struct bar *bars,
	      size_t count, const char *unit);

struct series;

/** svg_lines() - a figure of series over a common x, with their table */
void svg_lines(FILE *out, const char *id, const char *title, const char *x_name,
	       const struct series *series, size_t count);

/* A histogram of powers of two. */
struct histogram {
	const char *name;
	bool of_threads;		/* or of processes */
	const uint64_t *buckets;	/* bucket i: samples of [2^i, 2^(i+1)) */
	size_t count;
};

/** svg_histograms() - a figure of histograms below each other, in ns */
void svg_histograms(FILE *out, const char *id, const char *title,
		    const struct histogram *histograms, size_t count);

#endif
