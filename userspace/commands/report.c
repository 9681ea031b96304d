// SPDX-License-Identifier: GPL-2.0
/* report: measure the claims of the textbook, print what was found. */
#include <err.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/program.h"
#include "commands/report-quiz.h"
#include "experiments/claims.h"
#include "experiments/picture-samples.h"
#include "experiments/registry.h"
#include "lib/progress.h"
#include "measure/clock.h"
#include "measure/machine.h"
#include "model/finding.h"
#include "model/picture.h"
#include "read/open.h"
#include "read/probes.h"
#include "show/html.h"
#include "show/report-diff.h"
#include "show/report.h"

enum { OPTION_CLAIM = 256, OPTION_EXPLAIN, OPTION_QUIZ, OPTION_HTML, OPTION_COMPARE };

static const struct command_option report_options[] = {
	{ "claim", OPTION_CLAIM, "ID[,ID]", "only these claims, with their evidence" },
	{ "explain", OPTION_EXPLAIN, NULL,
	  "measure nothing: print the experiment in words, and what to try" },
	{ "quiz", OPTION_QUIZ, NULL,
	  "measure, and ask whose result it is before it is told" },
	{ "html", OPTION_HTML, "FILE",
	  "write a page with pictures, too; - for only that, to standard output" },
	{ "seconds", PROGRAM_SECONDS, "N", "watch the processes of -p for so long; 2 without it" },
	{ "verbose", 'v', NULL, "print the evidence of each claim" },
	{ "compare", OPTION_COMPARE, "A B",
	  "print two reports side by side, files that --json wrote; measures nothing" },
	{ 0 }
};

/* For -r and -o; the usual text has a layout of its own. */
static void get_id(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", ((const struct finding *)record)->claim->id);
}

static void get_section(struct cell *cell, const void *record)
{
	cell_number(cell, ((const struct finding *)record)->claim->section);
}

static void get_claim(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", ((const struct finding *)record)->claim->text);
}

static void get_process(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", ((const struct finding *)record)->process.text);
}

static void get_thread(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", ((const struct finding *)record)->thread.text);
}

static void get_verdict(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", verdict_name(((const struct finding *)record)->verdict));
}

static void get_reason(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", ((const struct finding *)record)->reason);
}

static const struct column report_columns[] = {
	{ .name = "ID", .help = "name of the claim, for --claim", .standard = true,
	  .get = get_id },
	{ .name = "SECTION", .help = "part of the report, 1 to 8", .type = COLUMN_NUMBER,
	  .get = get_section },
	{ .name = "CLAIM", .help = "what the textbook says", .get = get_claim },
	{ .name = "PROCESS", .help = "what was found of a process", .standard = true,
	  .get = get_process },
	{ .name = "THREAD", .help = "what was found of a thread", .standard = true,
	  .get = get_thread },
	{ .name = "VERDICT", .help = "CONFIRMED, REFUTED or NOT MEASURABLE HERE",
	  .standard = true, .get = get_verdict },
	{ .name = "REASON", .help = "why this verdict", .get = get_reason },
	{ 0 }
};

static int choose_claim(bool *chosen, const char *id)
{
	for (size_t i = 0; i < nclaims; i++) {
		if (!strcmp(claims[i].id, id)) {
			chosen[i] = true;
			return 0;
		}
	}
	warnx("no such claim: '%s'; the claims are:", id);
	for (size_t i = 0; i < nclaims; i++)
		fprintf(stderr, "  %-28s %s\n", claims[i].id, claims[i].text);
	return -1;
}

static int choose_claims(bool *chosen, char *list)
{
	char *id;

	while ((id = strsep(&list, ","))) {
		if (choose_claim(chosen, id))
			return -1;
	}
	return 0;
}

/* A table of -r and -o, or the usual text: both by rows. */
static bool is_table(const struct output *output)
{
	return output->raw || output->columns || output->all;
}

static int parse_options(int argc, char **argv, struct options *options,
			 struct report *report, bool *chosen, double *seconds)
{
	bool some = false;
	int option;

	while ((option = options_next(argc, argv, &command_report, options)) != -1) {
		if (option == OPTION_HTML)
			report->html = optarg;
		else if (option == OPTION_COMPARE)
			report->compare = optarg;
		else if (option == OPTION_EXPLAIN)
			report->explain = true;
		else if (option == OPTION_QUIZ)
			report->quiz = true;
		else if (option == PROGRAM_SECONDS && program_seconds(seconds, optarg))
			return -1;
		else if (option == 'v' || option == OPTION_CLAIM)
			report->verbose = true;
		else if (option != PROGRAM_SECONDS)
			return -1;
		if (option == OPTION_CLAIM && choose_claims(chosen, optarg))
			return -1;
		some |= option == OPTION_CLAIM;
	}
	for (size_t i = 0; i < nclaims && !some; i++)
		chosen[i] = true;
	if ((report->explain || report->quiz) &&
	    (options->output.json || is_table(&options->output) || report->html ||
	     report->explain == report->quiz || options->npids || optind < argc))
		warnx("%s prints words: it goes with --claim alone",
		      report->explain ? "--explain" : "--quiz");
	else if (report->compare && (optind + 1 != argc || options->npids || some))
		warnx("--compare takes two reports, behind all options: report --compare A.json B.json");
	else if (report->compare)
		return 0;
	else if (some && (optind < argc || options->npids))
		warnx("--claim is for the experiments: it goes with no program");
	else if (report->html && (optind < argc || options->npids))
		warnx("there is no page of a program yet: it goes without --html");
	else
		return 0;
	return -1;
}

/* Text has each row as soon as it is measured, and so has -r. */
static int print_row(const struct report *report, struct table *table)
{
	progress("%s", "");
	if (!table)
		return report_text_row(report);
	table_add(table, report->findings[report->count - 1], NULL);
	fflush(stdout);
	return 0;
}

static int measure_claims(struct report *report, const bool *chosen, bool rows,
			  struct table *table)
{
	uint64_t start = now_ns();

	for (size_t i = 0; i < nclaims; i++) {
		if (!chosen[i])
			continue;
		progress("measuring %s", claims[i].id);
		report->findings[report->count++] = finding_of(claims[i].id);
		if (rows && print_row(report, table))
			return -1;
	}
	progress("%s", "");
	report->seconds = (now_ns() - start) / 1e9;
	return 0;
}

static int write_page(struct report *report)
{
	struct picture picture;
	int result;

	picture_measure(&picture);
	report->picture = &picture;
	result = report_html(report, report->html);
	report->picture = NULL;
	if (picture.has_family)
		overlap_free(&picture.family);
	return result;
}

static int print_rows(struct report *report, const bool *chosen)
{
	struct table *table = NULL;
	int failed;

	if (is_table(report->output)) {
		table = table_new("claims", report_columns, report->output);
		if (!table)
			return -1;
		table_stream(table, 1);
	}
	failed = measure_claims(report, chosen, true, table);
	if (!failed && table)
		failed = table_print(table);
	else if (!failed)
		report_text_end(report);
	table_free(table);
	return failed;
}

/* JSON and a page are whole documents; with "--html -" there is but the page. */
static int measure_and_print(struct report *report, const bool *chosen)
{
	bool page_alone = report->html && !strcmp(report->html, "-");
	bool json = report->output->json && !page_alone;

	if (page_alone || json ? measure_claims(report, chosen, false, NULL) :
				 print_rows(report, chosen))
		return -1;
	if (json && report_json(report))
		return -1;
	return report->html ? write_page(report) : 0;
}

static int exit_status(const struct report *report)
{
	size_t verdicts[] = { [NOT_MEASURABLE] = 0, [CONFIRMED] = 0, [REFUTED] = 0 };

	for (size_t i = 0; i < report->count; i++)
		verdicts[report->findings[i]->verdict]++;
	if (verdicts[REFUTED])
		return EXIT_REFUTED;
	return verdicts[CONFIRMED] ? EXIT_SUCCESS : EXIT_NOT_MEASURABLE;
}

static void explain_claims(const bool *chosen)
{
	for (size_t i = 0; i < nclaims; i++) {
		if (!chosen[i])
			continue;
		printf("%s: %s\n", claims[i].id, claims[i].text);
		report_wrapped("  measured", 12, claims[i].experiment);
		report_wrapped("  try", 12, claims[i].attempt);
	}
}

/* Attaches the probes; without the module, what /proc and kcmp(2) say has to do. */
static int look_at_machine(void)
{
	if (source_there())
		return environment_read() || environment_hold_probes() ? -1 : 0;
	warnx("report goes on without the module: by what /proc and kcmp(2) show");
	environment_read_alone();
	return 0;
}

static int run_report(int argc, char **argv, struct options *options)
{
	struct report report = { .output = &options->output };
	double seconds = PROGRAM_USUAL_SECONDS;
	bool *chosen = calloc(nclaims, sizeof(*chosen));
	int status = EXIT_FAILURE;

	report.findings = calloc(nclaims, sizeof(*report.findings));
	if (!chosen || !report.findings)
		err(EXIT_FAILURE, "report");
	if (parse_options(argc, argv, options, &report, chosen, &seconds))
		goto out;
	if (report.compare) {
		status = report_compare(report.compare, argv[optind], &options->output) ?
			 EXIT_FAILURE : EXIT_SUCCESS;
		goto out;
	}
	if (report.explain) {
		explain_claims(chosen);
		status = EXIT_SUCCESS;
		goto out;
	}
	if (options->npids || optind < argc) {
		status = program_command(argc, argv, options, seconds, false);
		goto out;
	}
	if ((report.html && html_check(report.html)) ||
	    table_check(report_columns, &options->output) || look_at_machine())
		goto out;
	registry_use(claims, nclaims);
	if (report.quiz) {
		report_quiz(claims, chosen, nclaims);
		status = EXIT_SUCCESS;
	} else if (!measure_and_print(&report, chosen)) {
		status = exit_status(&report);
	}
out:
	probes_let_go();
	free(report.findings);
	free(chosen);
	return status;
}

const struct command command_report = {
	.name = "report",
	.takes = TAKES_TABLE "p",
	.help = "Compare processes and threads: measure what the textbook claims",
	.columns = report_columns,
	.run = run_report,
	.own = report_options,
	.operands = "[[--] COMMAND [ARGUMENT...] | -p PID[,PID]]",
	.runs = true,
};
