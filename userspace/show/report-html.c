// SPDX-License-Identifier: GPL-2.0
/* The report as a page: the table of all claims, its evidence, and pictures. */
#include <stdlib.h>
#include <string.h>

#include "model/finding.h"
#include "model/machine.h"
#include "model/picture.h"
#include "show/chart-frame-sets.h"
#include "show/html.h"
#include "show/report.h"

static size_t count_verdict(const struct report *report, enum verdict verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < report->count; i++)
		count += report->findings[i]->verdict == verdict;
	return count;
}

/* "NOT MEASURABLE HERE" as a class is its first word. */
static void print_verdict(FILE *out, enum verdict verdict)
{
	static const char *const signs[] = {
		[NOT_MEASURABLE] = "?", [CONFIRMED] = "\u2713", [REFUTED] = "\u2717",
	};

	fprintf(out, "<span class=\"verdict %s\"><span aria-hidden=\"true\">%s</span> %s</span>",
		verdict_name(verdict), signs[verdict], verdict_name(verdict));
}

static void print_alone(FILE *out, const char *before, const char *after)
{
	if (environment()->without_module)
		fprintf(out, "%swithout the module%s", before, after);
}

static void print_introduction(FILE *out, const struct report *report)
{
	static const enum verdict verdicts[] = { CONFIRMED, REFUTED, NOT_MEASURABLE };
	const struct environment *here = environment();

	fputs("<p>Threads share the page tables: one address space, many tasks. Processes share frames: "
	      "many address spaces, one page of memory. Each claim below was measured with a child "
	      "process and with a thread that run the same code; the verdict follows the numbers.</p>\n"
	      "<p class=\"dim\">", out);
	html_text(out, "Linux %s %s, %s, CPU %s. Measured in %.1f s.", here->kernel, here->arch,
		  here->machine, here->cpu, report->seconds);
	print_alone(out, " Seen ", ", by /proc and kcmp(2).");
	fputs("</p>\n<ul class=\"totals\">\n", out);
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		fprintf(out, "<li><b>%zu</b>", count_verdict(report, verdicts[i]));
		print_verdict(out, verdicts[i]);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static bool has_section(const struct report *report, enum section section)
{
	for (size_t i = 0; i < report->count; i++) {
		if (report->findings[i]->claim->section == section)
			return true;
	}
	return false;
}

static void print_contents(FILE *out, const struct report *report)
{
	fputs("<nav aria-label=\"Contents\">\n<ul>\n", out);
	for (enum section i = SECTION_TABLE; i < SECTIONS; i++) {
		if (has_section(report, i))
			fprintf(out, "<li><a href=\"#section-%d\">%s</a></li>\n", i,
				section_title(i));
	}
	fputs("<li><a href=\"#pictures\">Pictures</a></li>\n<li><a href=\"#machine\">The machine</a></li>\n"
	      "</ul>\n</nav>\n", out);
}

static void print_side(FILE *out, const char *label, const struct side *side)
{
	fprintf(out, "<td data-label=\"%s\">", label);
	html_text(out, "%s", side->text);
	if (side->number && side->value.count > 1)
		fprintf(out, "<span class=\"spread\">%zu samples</span>", side->value.count);
	fputs("</td>\n", out);
}

static void print_evidence(FILE *out, const struct finding *finding)
{
	if (!finding->nevidence)
		return;
	fprintf(out, "<details><summary>Evidence <span class=\"dim\">(%zu)</span></summary>\n<dl>\n",
		finding->nevidence);
	for (size_t i = 0; i < finding->nevidence; i++) {
		fputs("<dt>", out);
		html_text(out, "%s", finding->evidence[i].source);
		fputs("</dt><dd>", out);
		html_text(out, "%s", finding->evidence[i].text);
		fputs("</dd>\n", out);
	}
	fputs("</dl>\n</details>\n", out);
}

static void print_finding(FILE *out, const struct finding *finding)
{
	fprintf(out, "<tr id=\"%s\"><th scope=\"row\"><span class=\"id\">%s</span><p>",
		finding->claim->id, finding->claim->id);
	html_text(out, "%s", finding->claim->text);
	fputs("</p></th>\n", out);
	print_side(out, "Process", &finding->process);
	print_side(out, "Thread", &finding->thread);
	fputs("<td data-label=\"Verdict\">", out);
	print_verdict(out, finding->verdict);
	print_alone(out, " <span class=\"dim\">", "</span>");
	fputs("<p>", out);
	html_text(out, "%s", finding->reason);
	fputs("</p>\n", out);
	print_evidence(out, finding);
	fputs("</td></tr>\n", out);
}

static void print_section(FILE *out, const struct report *report, enum section section)
{
	if (!has_section(report, section))
		return;
	fprintf(out, "<section aria-labelledby=\"section-%d\">\n<h2 id=\"section-%d\">%s</h2>\n"
		"<table class=\"claims\">\n<caption>%s: claims, what was measured, verdicts</caption>\n"
		"<colgroup><col class=\"name\"><col><col><col class=\"verdict\"></colgroup>\n"
		"<thead><tr><th scope=\"col\">Claim</th><th scope=\"col\">Process</th>"
		"<th scope=\"col\">Thread</th><th scope=\"col\">Verdict</th></tr></thead>\n<tbody>\n",
		section, section, section_title(section), section_title(section));
	for (size_t i = 0; i < report->count; i++) {
		if (report->findings[i]->claim->section == section)
			print_finding(out, report->findings[i]);
	}
	fputs("</tbody>\n</table>\n</section>\n", out);
}

/* The two sides, where both are times or sizes of one kind. */
static size_t bars_of_sides(struct bar *bars, const struct finding *finding)
{
	const struct side *sides[2] = { &finding->process, &finding->thread };
	static const char *const names[2] = { "process", "thread" };

	if (!sides[0]->number || !sides[1]->number || strcmp(sides[0]->unit, sides[1]->unit) ||
	    sides[0]->value.count < 2)
		return 0;
	for (size_t i = 0; i < 2; i++) {
		snprintf(bars[i].name, sizeof(bars[i].name), "%s", names[i]);
		bars[i].of_threads = i;
		bars[i].value = sides[i]->value;
	}
	return 2;
}

static size_t bars_of_series(struct bar *bars, const struct finding *finding, const char *unit)
{
	size_t count = 0;

	for (size_t i = 0; i < finding->nseries; i++) {
		const struct series *series = &finding->series[i];

		if (series->x_unit || strcmp(series->unit, unit))
			continue;
		snprintf(bars[count].name, sizeof(bars[count].name), "%s", series->name);
		bars[count].of_threads = series->of_threads;
		bars[count++].value = series->points[0].y;
	}
	return count;
}

static void print_bars(FILE *out, const struct finding *finding)
{
	static const char *const units[] = { "ns", "bytes/s" };
	struct bar bars[SERIES_MAX];
	char id[64], title[160];
	size_t count, printed = 0;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		count = bars_of_series(bars, finding, units[i]);
		if (!count)
			continue;
		snprintf(id, sizeof(id), "bars-%s-%zu", finding->claim->id, i);
		snprintf(title, sizeof(title), "%s: %s", finding->claim->id,
			 i ? "bandwidth, longer is better" : "time, shorter is better");
		svg_bars(out, id, title, bars, count, units[i]);
		printed++;
	}
	count = printed ? 0 : bars_of_sides(bars, finding);
	if (!count)
		return;
	snprintf(id, sizeof(id), "bars-%s", finding->claim->id);
	snprintf(title, sizeof(title), "%s: process against thread", finding->claim->id);
	svg_bars(out, id, title, bars, count, finding->process.unit);
}

/* All series of the finding that go over an x, which they have in common. */
static void print_lines(FILE *out, const struct finding *finding)
{
	struct series lines[SERIES_MAX];
	char id[64], title[160], x_name[64];
	size_t count = 0;

	for (size_t i = 0; i < finding->nseries; i++) {
		if (finding->series[i].x_unit)
			lines[count++] = finding->series[i];
	}
	if (!count)
		return;
	snprintf(id, sizeof(id), "lines-%s", finding->claim->id);
	snprintf(x_name, sizeof(x_name), "%s touched", lines[0].x_unit);
	snprintf(title, sizeof(title), "%s: cost over %s", finding->claim->id, x_name);
	svg_lines(out, id, title, x_name, lines, count);
}

static void print_missing(FILE *out, const char *what, const char *why)
{
	fprintf(out, "<p class=\"dim\">No %s: ", what);
	html_text(out, "%s", why);
	fputs(".</p>\n", out);
}

static void print_latencies(FILE *out, const struct picture *picture)
{
	if (!picture->has_latencies) {
		print_missing(out, "histogram of latencies",
			      *picture->no_latencies ? picture->no_latencies :
			      environment()->without_module ? "only the module can take it" :
			      "this kernel does not offer that probe");
		return;
	}
	svg_histograms(out, "latency",
		       "Time inside the kernel for one switch, by the latency probe",
		       (struct histogram[]) {
			{ "process", false, picture->latencies.buckets[0], LATENCY_BUCKETS },
			{ "thread", true, picture->latencies.buckets[1], LATENCY_BUCKETS },
		       }, 2);
}

static void print_family(FILE *out, const struct picture *picture)
{
	if (*picture->no_family)
		print_missing(out, "picture of a family", picture->no_family);
	if (!picture->has_family)
		return;
	fputs("<p>A parent with one more thread, and two children of it. The thread has no box of its "
	      "own, for it shares the parent's page tables. The children share frames: the first one "
	      "still all that it inherited, the second one wrote some of it.</p>\n"
	      "<div class=\"figures\">\n", out);
	svg_overlap(out, "family", "Who shares which frames", &picture->family);
	fputs("</div>\n", out);
}

static void print_pictures(FILE *out, const struct report *report)
{
	fputs("<section aria-labelledby=\"pictures\">\n<h2 id=\"pictures\">Pictures</h2>\n", out);
	print_family(out, report->picture);
	fputs("<p>Bars and points are medians, thin lines across them the 95 % interval.</p>\n"
	      "<div class=\"figures\">\n", out);
	for (size_t i = 0; i < report->count; i++) {
		print_bars(out, report->findings[i]);
		print_lines(out, report->findings[i]);
	}
	print_latencies(out, report->picture);
	fputs("</div>\n</section>\n", out);
}

static void print_key(FILE *out, const char *key, const char *value)
{
	fprintf(out, "<dt>%s</dt><dd>", key);
	html_text(out, "%s", value);
	fputs("</dd>\n", out);
}

static void print_stamp(FILE *out, const struct report *report)
{
	const struct environment *here = environment();
	char text[64];

	fputs("<section aria-labelledby=\"machine\">\n<h2 id=\"machine\">The machine</h2>\n"
	      "<dl class=\"stamp\">\n", out);
	print_key(out, "kernel", here->kernel);
	print_key(out, "architecture", here->arch);
	print_key(out, "machine", here->machine);
	print_key(out, "processor", here->cpu);
	snprintf(text, sizeof(text), "%lu online; timed work on CPU %u", here->cpus,
		 here->pinned_cpu);
	print_key(out, "processors", text);
	print_key(out, "PCID", here->pcid ? "yes" : "no");
	print_key(out, "page-table isolation", here->pti ? "yes" : "no");
	print_key(out, "transparent huge pages", here->thp);
	print_key(out, "module", here->module);
	snprintf(text, sizeof(text), "%.1f s", report->seconds);
	print_key(out, "measured in", text);
	fputs("</dl>\n", out);
	if (*here->unproven)
		fputs("<p>sharestat is not proven on this kernel: hold it against /proc by <code>sharestat verify</code>.</p>\n",
		      out);
	if (!strcmp(here->machine, "emulated"))
		fputs("<p>This machine is emulated: times tell the order of things, not how long they take on a real one.</p>\n",
		      out);
	fputs("</section>\n", out);
}

int report_html(const struct report *report, const char *file)
{
	FILE *out = html_open(file, "Processes and threads, measured");

	if (!out)
		return -1;
	print_introduction(out, report);
	print_contents(out, report);
	fputs("<main>\n", out);
	for (enum section i = SECTION_TABLE; i < SECTIONS; i++)
		print_section(out, report, i);
	print_pictures(out, report);
	print_stamp(out, report);
	fputs("</main>\n<footer><p class=\"dim\">", out);
	html_text(out, "Made by sharestat %s. The rules of the verdicts: Documentation/claims.rst.",
		  SHARESTAT_VERSION);
	fputs("</p></footer>\n", out);
	return html_close(out, file);
}
