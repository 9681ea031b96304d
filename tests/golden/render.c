// SPDX-License-Identifier: GPL-2.0
/*
 * Calls a renderer of the tool on a struct that is filled here: every figure is a prime
 * number that no other has, so that each comes out at its place or is missed, and names
 * are such as somebody may choose who wants to break a page. Linked with all objects of
 * the tool but main.o. Usage: render WHAT; the numbers that were used go to the file PRIMES.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/counters.h"
#include "model/finding.h"
#include "model/machine.h"
#include "model/picture.h"
#include "model/program.h"
#include "model/run-counts.h"
#include "model/top-sample.h"
#include "read/whole-file.h"
#include "show/program.h"
#include "show/report.h"
#include "show/stat.h"
#include "show/top.h"

#define HOSTILE "</td><b onclick=\"x\">&amp;'\\"
#define CONTROL "\033[31m\tx\n"

/* Whoever runs it has a worse one: NAME. */
static const char *name_of(const char *usual)
{
	return getenv("NAME") ? getenv("NAME") : usual;
}

static unsigned int last = 10000;
static FILE *told;			/* what was given, a line each: the file PRIMES */

static bool is_prime(unsigned int number)
{
	for (unsigned int divisor = 2; divisor * divisor <= number; divisor++)
		if (number % divisor == 0)
			return false;
	return true;
}

/* The next prime times something, told to whoever looks whether it comes out. */
static unsigned int times(unsigned int factor)
{
	do
		last++;
	while (!is_prime(last));
	if (told)
		fprintf(told, "%u\n", last * factor);
	return last * factor;
}

static unsigned int prime(void)
{
	return times(1);
}

/* What is shown in bytes. */
static unsigned int pages(void)
{
	return times(4096) / 4096;
}

/* Apart from each other also in the three digits that people are shown. */
static struct summary summary(void)
{
	return (struct summary) {
		.min = times(1), .low = times(3), .median = times(10), .high = times(30),
		.max = times(100), .count = times(1),
	};
}

static void fill_environment(bool all)
{
	static struct environment machine;
	struct environment *here = &machine;
	static const char *const names[] = { "switches", "tlb", "births", "latency" };

	*here = (struct environment) {
		.abi = prime(), .module = "m" HOSTILE, .kernel = "k" HOSTILE, .arch = "a<b>",
		.cpu = "c" HOSTILE, .pcid = !all, .pti = all,
		.thp = "always", .page_size = 4096, .cpus = prime(), .pinned_cpu = prime(),
	};
	strcpy(here->machine, all ? "emulated" : "metal");
	strcpy(here->unproven, all ? "newer_than_9.9" : "");
	for (size_t i = 0; i < ENVIRONMENT_PROBES; i++) {
		struct environment_probe *probe = &here->probes[i];

		snprintf(probe->name, sizeof(probe->name), "%s", names[i]);
		probe->offered = all || i != 1;
		probe->on = i != 2;
		probe->cost = i == 3 ? -1.0 : (double)prime();
	}
	environment_set(&machine);
}

static void leave_module(void)
{
	static struct environment machine;

	machine = *environment();
	machine.without_module = true;
	*machine.unproven = 0;
	environment_set(&machine);
}

/* --- report --- */

static const struct claim some_claims[] = {
	{ .id = "definition", .section = SECTION_TABLE, .text = "What <i>is</i> it & \"why\"" },
	{ .id = "context-switch", .section = SECTION_TABLE, .text = "One costs more" },
	{ .id = "creation-cost", .section = SECTION_PROCESS_OWNS, .text = "Another, too" },
	{ .id = "communication", .section = SECTION_WHEN, .text = "And so on" },
};

static struct finding findings[4];

static void fill_series(struct finding *finding)
{
	for (size_t i = 0; i < 2; i++) {
		struct series *lines = &finding->series[finding->nseries++];

		*lines = (struct series){
			.of_threads = i, .x_unit = "MiB", .unit = "ns", .count = 3
		};
		snprintf(lines->name, sizeof(lines->name), "line %zu <u>", i);
		for (size_t j = 0; j < 3; j++)
			lines->points[j] = (struct point) { .x = prime(), .y = summary() };
	}
	for (size_t i = 0; i < 4; i++) {
		struct series *bar = &finding->series[finding->nseries++];

		*bar = (struct series){ .of_threads = i % 2,
					.unit = i < 2 ? "ns" : "bytes/s",
					.count = 1 };
		snprintf(bar->name, sizeof(bar->name), "bar %zu <u>", i);
		bar->points[0].y = summary();
	}
}

static void fill_findings(const struct finding **list)
{
	for (size_t i = 0; i < 4; i++) {
		struct finding *finding = &findings[i];

		list[i] = finding;
		finding->claim = &some_claims[i];
		finding->verdict = (enum verdict)(i % 3);
		snprintf(finding->reason, sizeof(finding->reason), "because of %u %s",
			 prime(), name_of("<reasons>"));
		finding->process.number = i == 1 || i == 2;
		finding->thread.number = finding->process.number;
		finding->process.unit = "ns";
		finding->thread.unit = "ns";
		if (finding->process.number) {
			finding->process.value = summary();
			finding->process.value.outliers = 3;
			finding->process.raw[0] = 1.5;
			finding->process.raw[1] = 0.5;	/* as they came */
			finding->process.nraw = 2;
			finding->thread.value = summary();
		}
		snprintf(finding->process.text, sizeof(finding->process.text), "%u %s",
			 prime(), name_of("<b>p</b>"));
		snprintf(finding->thread.text, sizeof(finding->thread.text), "%u <b>t</b>",
			 prime());
		for (size_t j = 0; j < i; j++) {
			struct evidence *evidence = &finding->evidence[finding->nevidence++];

			snprintf(evidence->source, sizeof(evidence->source), "/proc/<%zu>", j);
			snprintf(evidence->text, sizeof(evidence->text), "%u %s", prime(),
				 name_of("& more"));
		}
	}
	fill_series(&findings[2]);
}

static void fill_overlap(struct overlap *overlap)
{
	static const struct { enum sharing_class sharing; uint64_t spaces; } groups[] = {
		{ SHARING_COW, 7 }, { SHARING_LIBTEXT, 6 }, { SHARING_PRIVATE, 1 },
		{ SHARING_PRIVATE, 4 }, { SHARING_MEMFD, 3 }, { SHARING_SYSVSHM, 5 },
	};

	*overlap = (struct overlap) { .nspaces = 3, .ngroups = 6, .page_size = 4096 };
	overlap->groups = calloc(6, sizeof(*overlap->groups));
	for (size_t i = 0; i < 3; i++) {
		struct overlap_space *space = &overlap->spaces[i];

		*space = (struct overlap_space){
			.tgid = (pid_t)prime(),
			.groups = prime(),
			.tasks = prime(),
			.size = { .rss = pages(), .uss = pages(), .exclusive = pages(),
				  .hugetlb_private = pages(), .hugetlb_shared = pages() },
			.pgtables = times(30),
		};
		snprintf(space->comm, sizeof(space->comm), "n%zu%s", i, name_of(HOSTILE));
	}
	for (size_t i = 0; i < 6; i++)
		overlap->groups[i] = (struct overlap_group) {
			groups[i].sharing, groups[i].spaces, prime(), 0,
		};
	overlap->groups[5].written = overlap->groups[5].frames - 1;
	overlap->tables = prime();
	overlap->repeating = prime();
	overlap->entries = prime();
}

static void fill_picture(struct picture *picture)
{
	*picture = (struct picture) { .has_family = true, .has_latencies = true };
	fill_overlap(&picture->family);
	for (size_t i = 0; i < 5; i++) {
		picture->latencies.buckets[0][8 + i] = prime();
		picture->latencies.buckets[1][10 + i] = prime();
	}
}

static int render_page(struct report *report, bool hung)
{
	struct picture picture;
	int result;

	fill_picture(&picture);
	picture.has_family = !environment()->without_module && !hung;
	picture.has_latencies = picture.has_family;
	if (hung) {
		strcpy(picture.no_family, "a <family> hung");
		strcpy(picture.no_latencies, "latencies hung");
	}
	report->picture = &picture;
	result = report_html(report, "-");
	overlap_free(&picture.family);
	return result;
}

static int render_report(const char *how)
{
	const struct finding *list[4];
	struct output output = { 0 };
	struct report report = {
		.findings = list, .count = 4, .output = &output, .verbose = !strcmp(how, "verbose"),
	};

	fill_environment(true);
	fill_findings(list);
	report.seconds = prime();
	if (strstr(how, "alone"))
		leave_module();
	if (!strncmp(how, "json", 4))
		return report_json(&report);
	if (!strncmp(how, "html", 4))
		return render_page(&report, strstr(how, "hung"));
	if (strstr(how, "-80"))
		setenv("COLUMNS", "80", 1);
	output.color = !strcmp(how, "color");
	for (report.count = 1; report.count <= 4; report.count++)
		if (report_text_row(&report))
			return -1;
	report.count = 4;
	report_text_end(&report);
	return 0;
}

/* --- stat --- */

static int render_stat(const char *how)
{
	static char *command[] = { "true", NULL, NULL };
	static const pid_t pids[] = { 11, 12 };
	struct stat_run runs[3] = { 0 };
	struct stat_result stat = { .runs = runs, .count = 1, .status = 3, .command = command };

	command[1] = (char *)name_of("<b>\"&");
	fill_environment(strcmp(how, "bare-json") && strcmp(how, "bare"));
	if (strstr(how, "runs"))
		stat.count = 3;
	if (strstr(how, "pids")) {
		stat.command = NULL;
		stat.pids = pids;
		stat.npids = 2;
	}
	stat.interval = strstr(how, "interval");
	for (size_t i = 0; i < stat.count; i++) {
		for (size_t j = 0; j < ACCOUNT_COUNTS; j++) {
			runs[i].own[j] = prime();
			runs[i].others[j] = prime();
		}
		runs[i].unattributed = strstr(how, "notes") ? prime() : 0;
		runs[i].lost = strstr(how, "notes") ? prime() : 0;
		runs[i].groups = prime();
		runs[i].seconds = prime();
	}
	if (strstr(how, "notes"))
		strcpy(stat.why_not_followed, "<nobody> follows");
	if (strstr(how, "json"))
		return stat_json(&stat, stdout);
	stat_text(&stat, stdout);
	return 0;
}

/* --- top --- */

static void fill_counters(struct counters *counters)
{
	uint64_t *value = (uint64_t *)counters;

	for (size_t i = 0; i < sizeof(*counters) / sizeof(*value); i++)
		value[i] = prime();
}

static int render_top(const char *how)
{
	struct account_record rows[4] = { 0 };
	struct counters cpus[2];
	struct top_sample sample = { .accounts = { .rows = rows, .count = 4 }, .cpus = cpus,
				     .ncpus = 2, .time = 2 };
	struct top_choice choice = { .delay = 1.5, .sort = { 1, 0 } };
	static const pid_t pids[] = { 101, 103 };
	struct top_page page;

	fill_environment(strcmp(how, "bare"));
	for (size_t i = 0; i < 4; i++) {
		rows[i].tgid = i == 3 ? 0 : 100 + (pid_t)i;
		rows[i].mm = i + 1;
		snprintf(rows[i].comm, sizeof(rows[i].comm),
			 i == 3 ? "[gone]" : "n%zu%s", i,
			 name_of(HOSTILE CONTROL "\xc3\xa4\xe6\x97\xa5\xff"));
		for (size_t j = 0; j < ACCOUNT_COUNTS; j++)
			rows[i].counts[j] = 2 * prime();
	}
	fill_counters(&sample.all);
	fill_counters(&cpus[0]);
	fill_counters(&cpus[1]);
	choice.view = !strcmp(how, "cpus") ? TOP_CPUS : TOP_PROCESSES;
	choice.reverse = !strcmp(how, "reverse");
	choice.pids = pids;
	choice.npids = !strcmp(how, "pids") ? 2 : 0;
	for (size_t sort = 0; top_columns(choice.view)[sort].name; sort++) {
		choice.sort[choice.view] = sort;
		top_render(&page, &sample, &choice, sort % 2 ? 512 : 80, sort % 3 ? SIZE_MAX : 10);
		/* The clock of the heading is nobody's figure. */
		memset(page.lines[0] + strlen("sharestat top - "), '-', 8);
		for (size_t i = 0; i < page.count; i++)
			puts(page.lines[i]);
		printf("(heading %zu, sorted by %zu of %zu)\n\n", page.heading, page.sort_at,
		       page.sort_width);
		top_page_free(&page);
	}
	return 0;
}

/* --- report of a program, and advice --- */

static int render_program(const char *how)
{
	static char *command[] = { NULL, NULL };
	struct program_group groups[4] = { 0 };
	struct program program = { .groups = groups, .ngroups = 4, .page_size = 4096 };
	struct output output = { .bytes = strcmp(how, "text"), .color = !strcmp(how, "color") };
	int result;

	fill_environment(true);
	fill_overlap(&program.overlap);
	for (size_t i = 0; i < 4; i++) {
		groups[i] = (struct program_group){
			.tgid = (pid_t)prime(),
			.ppid = i ? groups[i - 1].tgid : 1,
			.tasks = prime(),
			.one_mm = true,
			.one_files = i != 2,
			.forked = i % 2,
			.seen = true,
			.space = i == 3 ? -1 : (int)i,
			.shares = i,
			.inherited = prime(),
			.still_shared = prime(),
			.writable = 0,
			.cost = { prime(), prime(), prime(), prime() },
			.empty_tables = 5 + i,
		};
		snprintf(groups[i].comm, sizeof(groups[i].comm), "g%zu%s", i, name_of("<b>&\""));
		for (size_t j = 0; j < SHARED_OBJECTS; j++)
			groups[i].object[j] = 1 + i * 16 + j;
	}
	groups[3].object[OBJECT_MM] = groups[2].object[OBJECT_MM];
	command[0] = (char *)name_of("server<b>");
	program.command = !strcmp(how, "text") ? command : NULL;
	program.status = 3;
	for (size_t i = 0; i < ACCOUNT_COUNTS; i++)
		program.run.own[i] = prime();
	program.run.seconds = prime();
	program.looks = prime();
	program.cow_first = prime();
	program.cow_most = prime();
	program.cow_last = prime();
	program.switch_ns = prime();
	program.no_flushes = !strcmp(how, "bare");
	if (!strcmp(how, "text") || !strcmp(how, "json") || !strcmp(how, "advice")) {
		program.overlap.left_out = prime();
		strcpy(program.why_not_followed, "<nobody> follows");
	}
	if (strstr(how, "json"))
		result = program_json(&program, strstr(how, "advice"));
	else if (strstr(how, "advice"))
		result = advice_text(&program, &output);
	else
		result = program_text(&program, &output);
	overlap_free(&program.overlap);
	return result;
}

int main(int argc, char **argv)
{
	static const struct { const char *what; int (*render)(const char *how); } all[] = {
		{ "report-", render_report }, { "stat-", render_stat }, { "top-", render_top },
		{ "program-", render_program },
	};

	int failed = 1;

	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	if (getenv("PRIMES"))
		told = fopen(getenv("PRIMES"), "we");
	for (size_t i = 0; argc == 2 && i < sizeof(all) / sizeof(all[0]); i++) {
		size_t length = strlen(all[i].what);

		if (!strncmp(argv[1], all[i].what, length))
			failed = all[i].render(argv[1] + length);
	}
	if (told)
		fclose(told);
	if (failed <= 0)
		return failed ? EXIT_FAILURE : EXIT_SUCCESS;
	fprintf(stderr, "Usage: render WHAT; see the source\n");
	return EXIT_FAILURE;
}
