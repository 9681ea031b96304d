// SPDX-License-Identifier: GPL-2.0
/*
 * The report for people, 100 columns wide, or 80 on a narrower terminal: the
 * table, the lists, the evidence where it is asked for, the count of verdicts, the
 * environment stamp.
 */
#include <err.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/parse-number.h"
#include "lib/safe-text.h"
#include "lib/wrap.h"
#include "model/finding.h"
#include "model/machine.h"
#include "show/report.h"

#define WIDE 100
#define NARROW 80
#define EVIDENCE_INDENT 24	/* room for "  /proc/thread-self/io " */

/* What makes up the width, with a space between each two and none at the end. */
enum { COLUMN_NAME, COLUMN_PROCESS, COLUMN_THREAD, COLUMN_VERDICT, COLUMN_COUNT };

static const size_t wide[COLUMN_COUNT] = { 18, 33, 32, 14 };
static const size_t narrow[COLUMN_COUNT] = { 15, 24, 24, 14 };

/* A file is wide: who reads it has no width yet. COLUMNS has the last word. */
static bool is_narrow(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t width;

	if (columns && parse_whole(&width, columns, 1, UINT64_MAX))
		return width < WIDE;
	return isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) &&
	       size.ws_col > 0 && size.ws_col < WIDE;
}

static size_t text_width(void)
{
	return is_narrow() ? NARROW : WIDE;
}

static const size_t *column_widths(void)
{
	return is_narrow() ? narrow : wide;
}

static void side_cell(char *cell, size_t size, const struct side *side, size_t width)
{
	char safe[SAFE_TEXT_ROOM(sizeof(side->text))];

	safe_text(safe, sizeof(safe), TO_TERMINAL, side->text);
	wrap_text(cell, size, safe, width, 0);
}

/* Of what was not measured, the reason says why. */
static void verdict_cell(char *cell, size_t size, enum verdict verdict, size_t width)
{
	char text[48];

	snprintf(text, sizeof(text), "%s%s", verdict_name(verdict),
		 environment()->without_module && verdict != NOT_MEASURABLE ?
		 " without module" : "");
	wrap_text(cell, size, text, width, 0);
}

static const char *verdict_color(enum verdict verdict)
{
	return verdict == CONFIRMED ? "green" : verdict == REFUTED ? "red" : "yellow";
}

static bool set_cell(struct libscols_line *line, size_t column, const char *text)
{
	return !scols_line_set_data(line, column, text);
}

static bool add_finding(struct libscols_table *table, const struct finding *finding)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	const size_t *widths = column_widths();
	char name[64], process[384], thread[384], verdict[64];

	if (!line)
		return false;
	wrap_text(name, sizeof(name), finding->claim->id, widths[COLUMN_NAME], 0);
	side_cell(process, sizeof(process), &finding->process, widths[COLUMN_PROCESS]);
	side_cell(thread, sizeof(thread), &finding->thread, widths[COLUMN_THREAD]);
	verdict_cell(verdict, sizeof(verdict), finding->verdict, widths[COLUMN_VERDICT]);
	scols_cell_set_color(scols_line_get_cell(line, COLUMN_VERDICT),
			     verdict_color(finding->verdict));
	return set_cell(line, COLUMN_NAME, name) && set_cell(line, COLUMN_PROCESS, process) &&
	       set_cell(line, COLUMN_THREAD, thread) && set_cell(line, COLUMN_VERDICT, verdict);
}

/* Cells come already wrapped, at words; libsmartcols itself would cut words. */
static bool add_column(struct libscols_table *table, const char *name, size_t width)
{
	const int flags = SCOLS_FL_WRAP | SCOLS_FL_STRICTWIDTH;
	struct libscols_column *column = scols_table_new_column(table, name, width, flags);

	return column && !scols_column_set_safechars(column, "\n") &&
	       !scols_column_set_wrapfunc(column, scols_wrapnl_chunksize,
					  scols_wrapnl_nextchunk, NULL);
}

static struct libscols_table *new_table(const struct output *output, bool headings)
{
	static const char *const names[COLUMN_COUNT] = {
		"ASPECT", "PROCESS", "THREAD", "VERDICT",
	};
	struct libscols_table *table = scols_new_table();
	bool fine = table;

	for (size_t i = 0; fine && i < COLUMN_COUNT; i++)
		fine = add_column(table, names[i], column_widths()[i]);
	if (!fine) {
		scols_unref_table(table);
		return NULL;
	}
	scols_table_enable_noheadings(table, output->no_headings || !headings);
	scols_table_enable_colors(table, output->color);
	scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(table, text_width());
	return table;
}

/* libsmartcols fills a line of a wrapped cell with blanks to its end. */
static bool print_trimmed(struct libscols_table *table)
{
	char *all = NULL, *rest, *line;

	if (scols_print_table_to_string(table, &all))
		return false;
	rest = all;
	while ((line = strsep(&rest, "\n")) && (*line || rest)) {
		size_t length = strlen(line);

		while (length && line[length - 1] == ' ')
			length--;
		printf("%.*s\n", (int)length, line);
	}
	free(all);
	return true;
}

/* A table of one line: the columns have the same widths in each. */
static bool print_row(const struct report *report, const struct finding *finding, bool first)
{
	const bool aspects = first && finding->claim->section == SECTION_TABLE;
	struct libscols_table *table = new_table(report->output, aspects);
	bool fine = table && add_finding(table, finding) && print_trimmed(table);

	scols_unref_table(table);
	return fine;
}

int report_text_row(const struct report *report)
{
	const struct finding *const *last = &report->findings[report->count - 1];
	const enum section section = (*last)->claim->section;
	bool first = report->count == 1 || last[-1]->claim->section != section;

	if (first)
		printf("%s%d. %s\n", report->count > 1 ? "\n" : "", section,
		       section_title(section));
	if (!print_row(report, *last, first)) {
		warnx("report: no memory for its tables");
		return -1;
	}
	fflush(stdout);
	return 0;
}

void report_wrapped(const char *before, int indent, const char *text)
{
	char safe[SAFE_TEXT_ROOM(512)], lines[sizeof(safe)];

	safe_text(safe, sizeof(safe), TO_TERMINAL, text);
	wrap_text(lines, sizeof(lines), safe, text_width() - indent, indent);
	printf("%-*s%s\n", indent, before, lines);
}

/* What lies far out of the samples; it counts, as an interval of the median may have it. */
static void print_outliers(const char *who, const struct side *side)
{
	char text[96];

	if (!side->number || !side->value.outliers)
		return;
	snprintf(text, sizeof(text), "%s: %zu of %zu lie far out of the middle half", who,
		 side->value.outliers, side->value.count);
	report_wrapped("  samples", EVIDENCE_INDENT, text);
}

static void print_evidence(const struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct finding *finding = report->findings[i];
		char title[512];

		printf("%s: %s\n", finding->claim->id, finding->claim->text);
		snprintf(title, sizeof(title), "%s: %s", verdict_name(finding->verdict),
			 finding->reason);
		report_wrapped("  ", 4, title);
		for (size_t j = 0; j < finding->nevidence; j++) {
			snprintf(title, sizeof(title), "  %s", finding->evidence[j].source);
			report_wrapped(title, EVIDENCE_INDENT, finding->evidence[j].text);
		}
		print_outliers("process", &finding->process);
		print_outliers("thread", &finding->thread);
		putchar('\n');
	}
}

/* Without -v: only of claims that did not come out as the textbook says. */
static void print_reasons(const struct report *report)
{
	bool any = false;

	for (size_t i = 0; i < report->count; i++) {
		const struct finding *finding = report->findings[i];
		char title[512];

		if (finding->verdict == CONFIRMED)
			continue;
		snprintf(title, sizeof(title), "%s %s: %s", finding->claim->id,
			 verdict_name(finding->verdict), finding->reason);
		report_wrapped("", 2, title);
		any = true;
	}
	if (any)
		putchar('\n');
}

static void print_count(const struct report *report)
{
	size_t verdicts[] = { [NOT_MEASURABLE] = 0, [CONFIRMED] = 0, [REFUTED] = 0 };
	char line[256];

	for (size_t i = 0; i < report->count; i++)
		verdicts[report->findings[i]->verdict]++;
	snprintf(line, sizeof(line),
		 "%zu claim%s: %zu CONFIRMED, %zu REFUTED, %zu NOT MEASURABLE HERE.%s",
		 report->count, report->count == 1 ? "" : "s", verdicts[CONFIRMED],
		 verdicts[REFUTED], verdicts[NOT_MEASURABLE],
		 report->verbose ? "" : " The evidence: report -v, or --claim ID.");
	report_wrapped("", 0, line);
	puts("In brackets: 95 % interval of the median.");
}

/* With what it was looked at: probes of the module, or without it. */
static void describe_sight(char *text, size_t size)
{
	const struct environment *here = environment();
	size_t used = (size_t)snprintf(text, size, "probes on:");

	if (here->without_module) {
		snprintf(text, size, "seen without the module, by /proc and kcmp(2)");
		return;
	}
	for (size_t i = 0; i < ENVIRONMENT_PROBES; i++) {
		if (here->probes[i].on)
			used += (size_t)snprintf(text + used, size - used, " %s",
						 here->probes[i].name);
	}
	if (!strcmp(text, "probes on:"))
		snprintf(text + used, size - used, " none");
}

static void print_stamp(const struct report *report)
{
	const struct environment *here = environment();
	char sight[96], line[320];

	snprintf(line, sizeof(line),
		 "Linux %s %s, %s, CPU %s, %lu online; timed work pinned to CPU %u", here->kernel,
		 here->arch, here->machine, here->cpu, here->cpus, here->pinned_cpu);
	report_wrapped("", 0, line);
	describe_sight(sight, sizeof(sight));
	snprintf(line, sizeof(line),
		 "PCID %s, page-table isolation %s, THP %s, %s; measured in %.1f s",
		 here->pcid ? "yes" : "no", here->pti ? "yes" : "no", here->thp, sight,
		 report->seconds);
	report_wrapped("", 0, line);
	if (*here->unproven) {
		snprintf(line, sizeof(line),
			 "sharestat is not proven on this kernel (%s): hold it against /proc by sharestat verify.",
			 here->unproven);
		report_wrapped("", 0, line);
	}
}

void report_text_end(const struct report *report)
{
	putchar('\n');
	if (report->verbose)
		print_evidence(report);
	else
		print_reasons(report);
	print_count(report);
	print_stamp(report);
	fflush(stdout);
}
