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
	html_heading(out, "95 % interval from", true);
	html_heading(out, "to", true);
	html_heading(out, "samples", true);
	html_rows(out);
}

static void summary_cells(FILE *out, const struct summary *value, const char *unit)
{
	number_cell(out, value->median, unit);
	number_cell(out, value->low, unit);
	number_cell(out, value->high, unit);
	fprintf(out, "<td class=\"r\">%zu</td></tr>\n", value->count);
}

#define BAR_STEP 40
#define BAR_LEFT 4.0
#define BAR_RIGHT 286.0		/* what is behind it is for the number */

static void draw_bar(FILE *out, const struct bar *bar, double top, double scale,
		     const char *unit)
{
	const double low = BAR_LEFT + bar->value.low * scale;
	const double high = BAR_LEFT + bar->value.high * scale;
	const double end = BAR_LEFT + bar->value.median * scale;
	const double middle = top + 25;
	char text[32];

	format_quantity(text, sizeof(text), bar->value.median, unit);
	svg_text(out, BAR_LEFT, top + 12, "", "start", "%s", bar->name);
	fprintf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"14\"/>\n",
		side_class(bar->of_threads), BAR_LEFT, top + 18, fmax(end - BAR_LEFT, 0.5));
	if (bar->value.count > 1)
		fprintf(out, "<path class=\"whisker\" d=\"M%.1f %.1fv8M%.1f %.1fh%.1fM%.1f %.1fv8\"/>\n",
			low, middle - 4, low, middle, high - low, high, middle - 4);
	svg_text(out, fmax(end, high) + 6, top + 29, "strong", "start", "%s", text);
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
	scale = (BAR_RIGHT - BAR_LEFT) / (most > 0 ? most : 1);
	describe_bars(description, bars, count, unit);
	html_figure_begin(out, title);
	svg_begin(out, id, (int)count * BAR_STEP + 4, title, description);
	for (size_t i = 0; i < count; i++)
		draw_bar(out, &bars[i], (double)i * BAR_STEP, scale, unit);
	svg_end(out);
	bars_table(out, title, bars, count, unit);
	html_figure_end(out);
}

#define PLOT_LEFT 54.0
#define PLOT_RIGHT 348.0
#define PLOT_TOP 12.0
#define PLOT_BOTTOM 182.0
#define LEGEND_STEP 15

struct plot {
	double x_most, y_most;
	const char *x_name, *unit;
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
		fprintf(out, "<path class=\"axis\" d=\"M%.1f %.1fH%.1f\"/>\n", PLOT_LEFT,
			at_y(plot, y), PLOT_RIGHT);
		svg_text(out, PLOT_LEFT - 5, at_y(plot, y) + 4, "dim small", "end", "%s", text);
		svg_text(out, at_x(plot, x), PLOT_BOTTOM + 14, "dim small",
			 i == 4 ? "end" : "middle", "%.0f", x);
	}
	svg_text(out, PLOT_RIGHT, PLOT_BOTTOM + 28, "dim", "end", "%s", plot->x_name);
}

static void draw_series(FILE *out, const struct plot *plot, const struct series *series,
			size_t number)
{
	const double legend = PLOT_BOTTOM + 46 + (double)number * LEGEND_STEP;
	const char *class = side_class(series->of_threads);

	fprintf(out, "<path class=\"%s line dash%zu\" style=\"fill:none\" d=\"", class, number % 3);
	for (size_t i = 0; i < series->count; i++)
		fprintf(out, "%c%.1f %.1f", i ? 'L' : 'M', at_x(plot, series->points[i].x),
			at_y(plot, series->points[i].y.median));
	fputs("\"/>\n", out);
	for (size_t i = 0; i < series->count; i++) {
		const struct point *point = &series->points[i];
		double x = at_x(plot, point->x);

		fprintf(out, "<path class=\"whisker\" d=\"M%.1f %.1fV%.1f\"/>\n"
			"<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n", x,
			at_y(plot, point->y.low), at_y(plot, point->y.high), class, x,
			at_y(plot, point->y.median));
	}
	fprintf(out, "<path class=\"%s line dash%zu\" d=\"M%.1f %.1fh26\"/>\n", class, number % 3,
		PLOT_LEFT, legend - 4);
	svg_text(out, PLOT_LEFT + 32, legend, "", "start", "%s", series->name);
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
	describe_lines(description, series, count);
	html_figure_begin(out, title);
	svg_begin(out, id, (int)PLOT_BOTTOM + 52 + (int)count * LEGEND_STEP, title, description);
	draw_axes(out, &plot);
	for (size_t i = 0; i < count; i++)
		draw_series(out, &plot, &series[i], i);
	svg_end(out);
	lines_table(out, title, x_name, series, count);
	html_figure_end(out);
}
