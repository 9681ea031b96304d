// SPDX-License-Identifier: GPL-2.0
/* The lines of `top`, the same for the screen and for --batch. */
#include <err.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

#include "lib/pid-list.h"
#include "lib/safe-text.h"
#include "model/accounts.h"
#include "model/counters.h"
#include "model/machine.h"
#include "model/top-sample.h"
#include "read/names.h"
#include "read/records.h"
#include "show/top.h"

#define LINE_SIZE 1024

static const struct top_column process_columns[] = {
	{ "TGID", "process id; none: of no one process", 7 },
	{ "SWITCHES", "context switches to it, or from it to a kernel task", 9 },
	{ "THREAD", "of these: between tasks of one address space", 7 },
	{ "PROCESS", "from another address space", 8 },
	{ "KERNEL", "to or from a kernel task, as a rule the idle one", 7 },
	{ "BEGUN", "TLB shootdowns that it asked other CPUs for", 6 },
	{ "RECVD", "flushes that others asked for, received while it ran", 6 },
	{ "LOCAL", "flushes for itself on its own CPU", 6 },
	{ "FULL", "flushes of the whole TLB, at its switches too", 6 },
	{ "BIRTHS", "forks, threads and programs executed", 7 },
	{ 0 }
};

static const struct top_column cpu_columns[] = {
	{ "CPU", "number", 4 },
	{ "SWITCHES", "context switches", 9 },
	{ "THREAD", "of these: between tasks of one address space", 7 },
	{ "PROCESS", "between address spaces", 8 },
	{ "TO_KERN", "to a kernel task, which borrows the address space", 8 },
	{ "RETURN", "from a kernel task back to the address space it borrowed", 7 },
	{ "RET_OTHER", "from a kernel task to another address space", 10 },
	{ "KERNEL", "between kernel tasks", 7 },
	{ "KEPT", "loads of an address space that flushed nothing", 6 },
	{ "RANGE", "flushes of some pages", 7 },
	{ "FULL", "flushes of the whole TLB", 7 },
	{ 0 }
};

const struct top_column *top_columns(enum top_view view)
{
	return view == TOP_CPUS ? cpu_columns : process_columns;
}

/* A line of a view: its numbers by column, then a name. */
struct row {
	double values[TOP_COLUMNS_MAX];		/* NAN: none */
	const char *name;
};

void top_rate(char *text, size_t size, double rate)
{
	if (rate <= 0)
		snprintf(text, size, "0");
	else if (rate < 99.95)
		snprintf(text, size, "%.1f", rate);
	else if (rate < 99999.5)
		snprintf(text, size, "%.0f", rate);
	else if (rate < 999500)
		snprintf(text, size, "%.0fk", rate / 1e3);
	else
		snprintf(text, size, "%.1fM", rate / 1e6);
}

void top_name(char *text, size_t size, const char *name, size_t width)
{
	size_t columns = 0;
	char *end = text;

	safe_text(text, size, TO_TERMINAL, name);
	while (*end) {
		wchar_t wide;
		int length = mbtowc(&wide, end, MB_CUR_MAX);
		int needs = length > 0 ? wcwidth(wide) : 1;

		columns += needs > 0 ? (size_t)needs : 0;
		if (columns > width)
			break;
		end += length > 0 ? length : 1;
	}
	*end = '\0';
}

static void __attribute__((format(printf, 2, 3)))
add_line(struct top_page *page, const char *format, ...)
{
	va_list args;
	char *line;

	page->lines = reallocarray(page->lines, page->count + 1, sizeof(*page->lines));
	va_start(args, format);
	if (!page->lines || vasprintf(&line, format, args) < 0)
		err(EXIT_FAILURE, "top");
	va_end(args);
	page->lines[page->count++] = line;
}

void top_page_free(struct top_page *page)
{
	while (page->count)
		free(page->lines[--page->count]);
	free(page->lines);
	page->lines = NULL;
}

static double sum(const uint64_t *counts, size_t count)
{
	double total = 0;

	for (size_t i = 0; i < count; i++)
		total += (double)counts[i];
	return total;
}

static double outcome_of(const struct counters *counters, enum tlb_outcome outcome)
{
	double total = 0;

	for (size_t i = 0; i < TLB_REASONS; i++)
		total += (double)counters->tlb[i][outcome];
	return total;
}

static bool flushes_known(void)
{
	return environment_offers("tlb");
}

#define TITLE_WIDTH 22

/* "Switches  16.3/s: thread 12.3, process 4", those that happened, in as many lines. */
static void add_list(struct top_page *page, size_t width, const char *title,
		     const uint64_t *counts, const char *const *names, size_t count,
		     double seconds)
{
	char line[LINE_SIZE], item[64], rate[16];
	size_t used;

	top_rate(rate, sizeof(rate), sum(counts, count) / seconds);
	used = (size_t)snprintf(line, sizeof(line), "%-12s %6s/s", title, rate);
	for (size_t i = 0; i < count; i++) {
		size_t length;

		if (!counts[i])
			continue;
		top_rate(rate, sizeof(rate), (double)counts[i] / seconds);
		length = (size_t)snprintf(item, sizeof(item), " %s %s", names[i], rate);
		if (used > TITLE_WIDTH && used + length + 1 > width) {
			add_line(page, "%s", line);
			used = (size_t)snprintf(line, sizeof(line), "%*s", TITLE_WIDTH - 7, "");
		}
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%s", item);
	}
	add_line(page, "%s", line);
}

static void add_summary(struct top_page *page, const struct top_sample *sample,
			const struct top_choice *choice, size_t width)
{
	const struct environment *here = environment();
	uint64_t outcomes[TLB_OUTCOMES];
	time_t now = time(NULL);
	char clock[16];

	for (size_t i = 0; i < TLB_OUTCOMES; i++)
		outcomes[i] = (uint64_t)outcome_of(&sample->all, i);
	strftime(clock, sizeof(clock), "%H:%M:%S", localtime(&now));
	add_line(page, "sharestat top - %s, %.1f s, %lu CPU%s, %s, %s, by %s%s", clock,
		 choice->delay, here->cpus, here->cpus == 1 ? "" : "s", here->machine,
		 here->pcid ? "PCID" : "no PCID",
		 top_columns(choice->view)[choice->sort[choice->view]].name,
		 choice->reverse ? " reversed" : "");
	add_list(page, width, "Switches", sample->all.switches, switch_names, SWITCH_CLASSES,
		 sample->time);
	if (flushes_known())
		add_list(page, width, "TLB flushes", outcomes, tlb_outcome_names, TLB_OUTCOMES,
			 sample->time);
	else
		add_line(page, "%-12s %6s    not traced by this kernel", "TLB flushes", "-");
	add_list(page, width, "Births", sample->all.births, birth_names, BIRTH_KINDS, sample->time);
	add_line(page, "%s", "");
}

static void add_heading(struct top_page *page, const struct top_choice *choice)
{
	const struct top_column *columns = top_columns(choice->view);
	char line[LINE_SIZE];
	size_t used = 0;

	for (size_t i = 0; columns[i].name; i++) {
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%*s",
					 columns[i].width, columns[i].name);
		if (choice->sort[choice->view] != i)
			continue;
		page->sort_width = strlen(columns[i].name);
		page->sort_at = used - page->sort_width;
	}
	page->heading = page->count;
	add_line(page, "%s%s", line, choice->view == TOP_PROCESSES ? " COMM" : "");
}

static double per(uint64_t count, double seconds)
{
	return (double)count / seconds;
}

static struct row process_row(const struct account_record *record, double seconds)
{
	const uint64_t *switches = record->counts + ACCOUNT_SWITCHES;
	struct row row = { .name = record->comm };

	row.values[0] = record->tgid ? record->tgid : NAN;
	row.values[1] = per(account_switches(record), seconds);
	row.values[2] = per(switches[SWITCH_THREAD], seconds);
	row.values[3] = per(switches[SWITCH_PROCESS], seconds);
	row.values[4] = row.values[1] - row.values[2] - row.values[3];
	row.values[5] = per(account_reason(record, TLB_REASON_REMOTE_SEND_IPI), seconds);
	row.values[6] = per(account_received(record), seconds);
	row.values[7] = per(account_local(record), seconds);
	row.values[8] = per(account_flushes(record, TLB_OUTCOME_FULL), seconds);
	for (size_t i = 5; i <= 8 && !flushes_known(); i++)
		row.values[i] = NAN;
	row.values[9] = per(account_births(record), seconds);
	return row;
}

static struct row cpu_row(const struct counters *cpu, size_t number, double seconds)
{
	struct row row = { .name = "" };

	row.values[0] = (double)number;
	row.values[1] = sum(cpu->switches, SWITCH_CLASSES) / seconds;
	for (size_t i = 0; i < SWITCH_CLASSES; i++)
		row.values[2 + i] = per(cpu->switches[i], seconds);
	for (size_t i = 0; i < TLB_OUTCOMES; i++)
		row.values[2 + SWITCH_CLASSES + i] = flushes_known() ?
			outcome_of(cpu, i) / seconds : NAN;
	return row;
}

_Static_assert(2 + SWITCH_CLASSES + TLB_OUTCOMES <= TOP_COLUMNS_MAX, "too few columns");

static bool is_quiet(const struct row *row)
{
	for (size_t i = 1; i < TOP_COLUMNS_MAX; i++)
		if (row->values[i] > 0)
			return false;
	return true;
}

static struct row *rows_of(const struct top_sample *sample, const struct top_choice *choice,
			   size_t *count)
{
	enum top_view view = choice->view;
	size_t room = (view == TOP_CPUS ? sample->ncpus : sample->accounts.count) + 1;
	struct row *rows = calloc(room, sizeof(*rows));
	struct pid_list groups;

	if (!rows)
		err(EXIT_FAILURE, "top");
	*count = 0;
	pid_list_init(&groups, choice->pids, choice->npids);
	for (size_t i = 0; i < sample->accounts.count && view == TOP_PROCESSES; i++) {
		rows[*count] = process_row(&sample->accounts.rows[i], sample->time);
		*count += !is_quiet(&rows[*count]) &&
			  pid_list_wants(&groups, sample->accounts.rows[i].tgid);
	}
	pid_list_free(&groups);
	for (size_t i = 0; i < sample->ncpus && view == TOP_CPUS; i++)
		rows[(*count)++] = cpu_row(&sample->cpus[i], i, sample->time);
	return rows;
}

static int compare_numbers(const struct row *left, const struct row *right)
{
	double a = isnan(left->values[0]) ? HUGE_VAL : left->values[0];
	double b = isnan(right->values[0]) ? HUGE_VAL : right->values[0];

	return (a > b) - (a < b);
}

/* The largest first, but the first column upwards; NAN last. */
static int compare(const void *left, const void *right, void *arg)
{
	const struct top_choice *choice = arg;
	size_t column = choice->sort[choice->view];
	double a = ((const struct row *)left)->values[column];
	double b = ((const struct row *)right)->values[column];
	int order = isnan(a) || isnan(b) ? isnan(b) - isnan(a) : (a > b) - (a < b);

	if (!column)
		order = -order;
	if (order)
		return choice->reverse ? order : -order;
	return compare_numbers(left, right);	/* a draw: always the same way */
}

static void add_row(struct top_page *page, const struct row *row,
		    const struct top_column *columns, size_t width)
{
	char line[LINE_SIZE], name[256] = "", rate[16];
	size_t used = 0;

	for (size_t i = 0; columns[i].name; i++) {
		if (isnan(row->values[i]))
			snprintf(rate, sizeof(rate), "-");
		else if (i)
			top_rate(rate, sizeof(rate), row->values[i]);
		else
			snprintf(rate, sizeof(rate), "%.0f", row->values[i]);
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%*s",
					 columns[i].width, rate);
	}
	if (width > used + 1)
		top_name(name, sizeof(name), row->name, width - used - 1);
	add_line(page, "%s%s%s", line, *name ? " " : "", name);
}

void top_render(struct top_page *page, const struct top_sample *sample,
		const struct top_choice *choice, size_t width, size_t height)
{
	size_t count;
	struct row *rows = rows_of(sample, choice, &count);

	*page = (struct top_page) { 0 };
	add_summary(page, sample, choice, width);
	add_heading(page, choice);
	qsort_r(rows, count, sizeof(*rows), compare, (void *)choice);
	for (size_t i = 0; i < count && page->count < height; i++)
		add_row(page, &rows[i], top_columns(choice->view), width);
	free(rows);
}
