// SPDX-License-Identifier: GPL-2.0
/* Charts, each a figure with the table of its numbers. */
#include <math.h>
#include <string.h>

#include "lib/quantity.h"
#include "model/finding.h"
#include "model/statistics.h"
#include "show/html.h"

#define DESCRIPTION_MAX 1024

static const char *side_class(bool of_threads)
{
	return of_threads ? "thread" : "process";
}

/* 1, 2 or 5 times a power of ten, not below @value. */
static double round_up(double value)
{
	double power = pow(10, floor(log10(value > 0 ? value : 1)));

	for (size_t i = 0; i < 3; i++) {
		static const double steps[] = { 1, 2, 5 };

		if (steps[i] * power >= value)
			return steps[i] * power;
	}
	return 10 * power;
}

static void number_cell(FILE *out, double value, const char *unit)
{
	char text[32];

	format_quantity(text, sizeof(text), value, unit);
	fputs("<td class=\"r\">", out);
	html_text(out, "%s", text);
	fputs("</td>", out);
}

static void summary_headings(FILE *out)
{
	html_heading(out, "median", true);
	html_heading(out, "95 % interval", true);
	html_heading(out, "samples", true);
	html_rows(out);
}

static void summary_cells(FILE *out, const struct summary *value, const char *unit)
{
	char low[32], high[32];

	number_cell(out, value->median, unit);
	format_quantity(low, sizeof(low), value->low, unit);
	format_quantity(high, sizeof(high), value->high, unit);
	fputs("<td class=\"r\">", out);
	html_text(out, "%s to %s", low, high);
	fprintf(out, "</td><td class=\"r\">%zu</td></tr>\n", value->count);
}

#define BAR_STEP 40
#define BAR_RIGHT 76.0		/* percent; what is behind it is for the number */

static void draw_bar(FILE *out, const struct bar *bar, double top, double scale,
		     const char *unit)
{
	const double low = bar->value.low * scale, high = bar->value.high * scale;
	const double end = bar->value.median * scale, middle = top + 25;
	char text[32];

	format_quantity(text, sizeof(text), bar->value.median, unit);
	svg_text(out, 0, 0, top + 12, "", "start", "%s", bar->name);
	svg_rect(out, side_class(bar->of_threads), 0, top + 18, fmax(end, 0.2), 14);
	if (bar->value.count > 1) {
		svg_line(out, "whisker", low, middle, high, middle);
		svg_line(out, "whisker", low, middle - 4, low, middle + 4);
		svg_line(out, "whisker", high, middle - 4, high, middle + 4);
	}
	svg_text(out, fmax(end, high), 6, top + 29, "strong", "start", "%s", text);
}

static void describe_bars(char *text, const struct bar *bars, size_t count, const char *unit)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < count && used < DESCRIPTION_MAX - 160; i++) {
		char value[32];

		format_quantity(value, sizeof(value), bars[i].value.median, unit);
		used += snprintf(text + used, DESCRIPTION_MAX - used, "%s%s %s", i ? "; " : "",
				 bars[i].name, value);
	}
}

static void bars_table(FILE *out, const char *title, const struct bar *bars, size_t count,
		       const char *unit)
{
	html_table_begin(out, title);
	html_heading(out, "what", false);
	summary_headings(out);
	for (size_t i = 0; i < count; i++) {
		fputs("<tr><th scope=\"row\">", out);
		html_text(out, "%s", bars[i].name);
		fputs("</th>", out);
		summary_cells(out, &bars[i].value, unit);
	}
	html_table_end(out);
}

void svg_bars(FILE *out, const char *id, const char *title, const struct bar *bars,
	      size_t count, const char *unit)
{
	char description[DESCRIPTION_MAX];
	double most = 0, scale;

	for (size_t i = 0; i < count; i++)
		most = fmax(most, fmax(bars[i].value.high, bars[i].value.median));
	scale = BAR_RIGHT / (most > 0 ? most : 1);
	describe_bars(description, bars, count, unit);
	html_figure_begin(out, title);
	svg_begin(out, id, (int)count * BAR_STEP + 4, title, description);
	for (size_t i = 0; i < count; i++)
		draw_bar(out, &bars[i], (double)i * BAR_STEP, scale, unit);
	svg_end(out);
	bars_table(out, title, bars, count, unit);
	html_figure_end(out);
}

#define PLOT_LEFT 13.0		/* percent */
#define PLOT_RIGHT 97.0
#define PLOT_TOP 16.0		/* pixels */
#define PLOT_BOTTOM 246.0
#define LABEL_STEP 14.0		/* the least between the names of two series */

struct plot {
	double x_most, y_most;
	const char *x_name, *unit;
	double labels[SERIES_MAX];	/* where the name of each series stands */
};

static double at_x(const struct plot *plot, double x)
{
	return PLOT_LEFT + (PLOT_RIGHT - PLOT_LEFT) * x / plot->x_most;
}

static double at_y(const struct plot *plot, double y)
{
	return PLOT_BOTTOM - (PLOT_BOTTOM - PLOT_TOP) * y / plot->y_most;
}

static void draw_axes(FILE *out, const struct plot *plot)
{
	for (int i = 0; i <= 4; i++) {
		double y = plot->y_most * i / 4, x = plot->x_most * i / 4;
		char text[32];

		format_quantity(text, sizeof(text), y, plot->unit);
		svg_line(out, "axis", PLOT_LEFT, at_y(plot, y), PLOT_RIGHT, at_y(plot, y));
		svg_text(out, PLOT_LEFT, -5, at_y(plot, y) + 4, "dim small", "end", "%s", text);
		svg_text(out, at_x(plot, x), 0, PLOT_BOTTOM + 14, "dim small",
			 i == 4 ? "end" : "middle", "%.0f", x);
	}
	svg_text(out, PLOT_RIGHT, 0, PLOT_BOTTOM + 28, "dim", "end", "%s", plot->x_name);
}

/* Colour, dashes and shape of a series: the how-many-th it is of its side. */
static void series_class(char *class, size_t size, const struct series *series, size_t number)
{
	size_t before = 0;

	for (size_t i = 0; i < number; i++)
		before += series[i].of_threads == series[number].of_threads;
	snprintf(class, size, "%s s%zu", side_class(series[number].of_threads), before % 3);
}

static double end_of(const struct plot *plot, const struct series *series)
{
	return at_y(plot, series->points[series->count - 1].y.median);
}

/*
 * The names stand over the ends of their lines: pushed up from the lowest on where
 * they would cover one another, and down again from the top.
 */
static void place_labels(struct plot *plot, const struct series *series, size_t count)
{
	size_t order[SERIES_MAX];

	for (size_t i = 0; i < count; i++) {
		size_t at = i;

		for (; at && end_of(plot, &series[order[at - 1]]) < end_of(plot, &series[i]); at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	for (size_t i = 0; i < count; i++) {
		double wanted = end_of(plot, &series[order[i]]) - 9;

		plot->labels[order[i]] = i ? fmin(wanted, plot->labels[order[i - 1]] - LABEL_STEP) :
					     wanted;
	}
	for (size_t i = count; i-- > 0;)
		plot->labels[order[i]] = fmax(plot->labels[order[i]],
					      10 + LABEL_STEP * (double)(count - 1 - i));
}

static void draw_series(FILE *out, const struct plot *plot, const struct series *series,
			size_t number)
{
	const struct point *points = series[number].points;
	const size_t count = series[number].count;
	char class[32], line[48];

	series_class(class, sizeof(class), series, number);
	snprintf(line, sizeof(line), "line %s", class);
	for (size_t i = 0; i < count; i++) {
		double x = at_x(plot, points[i].x), y = at_y(plot, points[i].y.median);

		if (i)
			svg_line(out, line, at_x(plot, points[i - 1].x),
				 at_y(plot, points[i - 1].y.median), x, y);
		svg_line(out, "whisker", x, at_y(plot, points[i].y.low), x,
			 at_y(plot, points[i].y.high));
		fprintf(out, "<circle class=\"%s\" cx=\"%.2f%%\" cy=\"%.1f\" r=\"3.5\"/>\n",
			class, x, y);
	}
}

static void draw_label(FILE *out, const struct plot *plot, const struct series *series,
		       size_t number)
{
	char class[32], label[48];

	series_class(class, sizeof(class), series, number);
	snprintf(label, sizeof(label), "label %s", class);
	svg_text(out, at_x(plot, series[number].points[series[number].count - 1].x), 0,
		 plot->labels[number], label, "end", "%s", series[number].name);
}

static void lines_table(FILE *out, const char *title, const char *x_name,
			const struct series *series, size_t count)
{
	html_table_begin(out, title);
	html_heading(out, "what", false);
	html_heading(out, x_name, true);
	summary_headings(out);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < series[i].count; j++) {
			fputs("<tr><th scope=\"row\">", out);
			html_text(out, "%s", series[i].name);
			fprintf(out, "</th><td class=\"r\">%.0f</td>", series[i].points[j].x);
			summary_cells(out, &series[i].points[j].y, series[i].unit);
		}
	}
	html_table_end(out);
}

static void describe_lines(char *text, const struct series *series, size_t count)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < count && used < DESCRIPTION_MAX - 160; i++) {
		const struct point *first = &series[i].points[0];
		const struct point *last = &series[i].points[series[i].count - 1];
		char from[32], to[32];

		format_quantity(from, sizeof(from), first->y.median, series[i].unit);
		format_quantity(to, sizeof(to), last->y.median, series[i].unit);
		used += snprintf(text + used, DESCRIPTION_MAX - used,
				 "%s%s: from %s at %.0f to %s at %.0f %s", i ? "; " : "",
				 series[i].name, from, first->x, to, last->x, series[i].x_unit);
	}
}

void svg_lines(FILE *out, const char *id, const char *title, const char *x_name,
	       const struct series *series, size_t count)
{
	struct plot plot = { .x_name = x_name, .unit = series->unit };
	char description[DESCRIPTION_MAX];

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < series[i].count; j++) {
			plot.x_most = fmax(plot.x_most, series[i].points[j].x);
			plot.y_most = fmax(plot.y_most, series[i].points[j].y.high);
		}
	}
	plot.y_most = round_up(plot.y_most);
	place_labels(&plot, series, count);
	describe_lines(description, series, count);
	html_figure_begin(out, title);
	svg_begin(out, id, (int)PLOT_BOTTOM + 36, title, description);
	draw_axes(out, &plot);
	for (size_t i = 0; i < count; i++)
		draw_series(out, &plot, series, i);
	for (size_t i = 0; i < count; i++)
		draw_label(out, &plot, series, i);
	svg_end(out);
	lines_table(out, title, x_name, series, count);
	html_figure_end(out);
}
