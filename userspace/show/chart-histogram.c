// SPDX-License-Identifier: GPL-2.0
/* Histograms of powers of two, below each other with a common scale. */
#include <math.h>
#include <stdint.h>

#include "lib/quantity.h"
#include "show/html.h"

#define ROW_HEIGHT 84
#define BARS_HEIGHT 50.0

struct range {
	size_t first, last;
};

/* The buckets that any of them uses. */
static struct range used_buckets(const struct histogram *histograms, size_t count)
{
	struct range range = { SIZE_MAX, 0 };

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < histograms[i].count; j++) {
			if (!histograms[i].buckets[j])
				continue;
			range.first = j < range.first ? j : range.first;
			range.last = j > range.last ? j : range.last;
		}
	}
	return range;
}

static uint64_t samples_of(const struct histogram *histogram)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < histogram->count; i++)
		sum += histogram->buckets[i];
	return sum;
}

static uint64_t most_of(const struct histogram *histogram)
{
	uint64_t most = 1;

	for (size_t i = 0; i < histogram->count; i++)
		most = histogram->buckets[i] > most ? histogram->buckets[i] : most;
	return most;
}

static void draw(FILE *out, const struct histogram *histogram, struct range range, double top)
{
	const double step = 100.0 / (double)(range.last - range.first + 1);
	const double bottom = top + 16 + BARS_HEIGHT;
	char text[32];

	svg_text(out, 0, 0, top + 11, "strong", "start", "%s: %llu samples", histogram->name,
		 (unsigned long long)samples_of(histogram));
	for (size_t i = range.first; i <= range.last; i++) {
		double height = BARS_HEIGHT * (double)histogram->buckets[i] /
				(double)most_of(histogram);
		double x = step * (double)(i - range.first);

		if (histogram->buckets[i])
			svg_rect(out, histogram->of_threads ? "thread" : "process", x + step * .04,
				 bottom - fmax(height, 1), step * .92, fmax(height, 1));
		if ((i - range.first) % 2)
			continue;
		format_quantity(text, sizeof(text), ldexp(1, (int)i), "ns");
		svg_text(out, x, 0, bottom + 12, "dim small", "start", "%s", text);
	}
	svg_line(out, "axis", 0, bottom, 100, bottom);
}

static void print_table(FILE *out, const char *title, const struct histogram *histograms,
			size_t count, struct range range)
{
	html_table_begin(out, title);
	html_heading(out, "from", true);
	html_heading(out, "to below", true);
	for (size_t i = 0; i < count; i++)
		html_heading(out, histograms[i].name, true);
	html_rows(out);
	for (size_t i = range.first; i <= range.last; i++) {
		char from[32], to[32];

		format_quantity(from, sizeof(from), ldexp(1, (int)i), "ns");
		format_quantity(to, sizeof(to), ldexp(1, (int)i + 1), "ns");
		fprintf(out, "<tr><th scope=\"row\" class=\"r\">%s</th><td class=\"r\">%s</td>",
			from, to);
		for (size_t j = 0; j < count; j++)
			fprintf(out, "<td class=\"r\">%llu</td>",
				(unsigned long long)histograms[j].buckets[i]);
		fputs("</tr>\n", out);
	}
	html_table_end(out);
}

void svg_histograms(FILE *out, const char *id, const char *title,
		    const struct histogram *histograms, size_t count)
{
	struct range range = used_buckets(histograms, count);

	if (range.first > range.last)
		return;
	html_figure_begin(out, title);
	svg_begin(out, id, (int)count * ROW_HEIGHT, title,
		  "Bars: how many samples fell into each power of two of nanoseconds");
	for (size_t i = 0; i < count; i++)
		draw(out, &histograms[i], range, (double)i * ROW_HEIGHT);
	svg_end(out);
	print_table(out, title, histograms, count, range);
	html_figure_end(out);
}
