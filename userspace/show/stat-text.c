// SPDX-License-Identifier: GPL-2.0
/* What `stat` counted, as text in the manner of perf stat. */
#include <string.h>

#include "lib/safe-text.h"
#include "lib/wrap.h"
#include "model/machine.h"
#include "model/run-counts.h"
#include "read/names.h"
#include "show/stat.h"

#define WIDTH 78

/* A line: the family's count, what it is, the others' count. */
static void print_count(const struct stat_result *stat, FILE *out, enum account_count index,
			const char *name)
{
	struct summary own = stat_summary(stat, index, true);
	struct summary others = stat_summary(stat, index, false);

	fprintf(out, "%16.0f  %-28s %12.0f", own.median, name, others.median);
	if (stat->count > 1)
		fprintf(out, "   (%.0f .. %.0f)", own.min, own.max);
	fputc('\n', out);
}

static bool is_zero(const struct stat_result *stat, enum account_count index)
{
	return stat_summary(stat, index, true).max <= 0 &&
	       stat_summary(stat, index, false).max <= 0;
}

static void print_head(FILE *out, const char *what, const char *own, bool spread)
{
	fprintf(out, "\n%16s  %-28s %12s%s\n", own, what, "all others",
		spread ? "   (min .. max)" : "");
}

static void print_switches(const struct stat_result *stat, FILE *out)
{
	for (size_t i = 0; i < SWITCH_CLASSES; i++)
		print_count(stat, out, ACCOUNT_SWITCHES + i, switch_names[i]);
}

/* Flushes in full at a switch are what people look for: 0 is an answer, too. */
static void print_flushes(const struct stat_result *stat, FILE *out)
{
	char name[48];

	if (!environment_offers("tlb")) {
		fprintf(out, "%16s  %-28s %12s\n", "-", "not traced by this kernel", "-");
		return;
	}
	for (size_t reason = 0; reason < TLB_REASONS; reason++)
		for (size_t outcome = 0; outcome < TLB_OUTCOMES; outcome++) {
			enum account_count index = ACCOUNT_TLB + reason * TLB_OUTCOMES + outcome;

			if (is_zero(stat, index) && index != ACCOUNT_FLUSHES(TASK_SWITCH, FULL))
				continue;
			snprintf(name, sizeof(name), "%s %s", tlb_reason_names[reason],
				 tlb_outcome_names[outcome]);
			print_count(stat, out, index, name);
		}
	if (!is_zero(stat, ACCOUNT_TLB_PAGES))
		print_count(stat, out, ACCOUNT_TLB_PAGES, "pages of range flushes");
}

static void print_births(const struct stat_result *stat, FILE *out)
{
	for (size_t i = 0; i < BIRTH_KINDS; i++)
		if (!is_zero(stat, ACCOUNT_BIRTHS + i))
			print_count(stat, out, ACCOUNT_BIRTHS + i, birth_names[i]);
	if (is_zero(stat, ACCOUNT_BIRTH_VMAS))
		return;
	print_count(stat, out, ACCOUNT_BIRTH_PGTABLES, "page-table bytes made");
	print_count(stat, out, ACCOUNT_BIRTH_VMAS, "mappings made");
	print_count(stat, out, ACCOUNT_BIRTH_PAGES, "pages present at birth");
}

static void print_title(const struct stat_result *stat, FILE *out)
{
	fputs("\n Counted for ", out);
	if (stat->command) {
		fputc('\'', out);
		for (char **word = stat->command; *word; word++) {
			if (word != stat->command)
				fputc(' ', out);
			safe_print(out, TO_TERMINAL, *word);
		}
		fputc('\'', out);
	} else {
		fputs(stat->npids > 1 ? "the processes " : "process ", out);
		for (size_t i = 0; i < stat->npids; i++)
			fprintf(out, "%s%d", i ? ", " : "", stat->pids[i]);
	}
	if (stat->count > 1)
		fprintf(out, ", median of %zu runs", stat->count);
	fputs(":\n", out);
}

static void print_note(FILE *out, const char *note)
{
	static const char label[] = " Note: ";
	const int indent = sizeof(label) - 1;
	char lines[2 * STAT_NOTE_LENGTH];

	wrap_text(lines, sizeof(lines), note, WIDTH - indent, indent);
	fprintf(out, "%s%s\n", label, lines);
}

static void print_costs(FILE *out)
{
	const struct environment *here = environment();
	char text[160] = "";
	size_t used = 0;

	for (size_t i = 0; i < ENVIRONMENT_PROBES; i++)
		if (here->probes[i].on && here->probes[i].cost >= 0)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %.0f",
						 used ? ", " : "", here->probes[i].name,
						 here->probes[i].cost);
	if (used)
		fprintf(out, " Cost of counting, ns an event: %s\n", text);
}

static void print_stamp(FILE *out)
{
	const struct environment *here = environment();

	fprintf(out, " Linux %s, %s, %lu CPU%s, %s\n", here->kernel, here->machine, here->cpus,
		here->cpus == 1 ? "" : "s",
		here->pcid ? "PCID: a switch can keep the TLB" :
			     "no PCID: a switch of address space flushes the TLB");
}

static void print_seconds(const struct stat_result *stat, FILE *out)
{
	struct summary seconds = stat_seconds(stat);

	fprintf(out, "\n%16.6f  seconds", seconds.median);
	if (stat->count > 1)
		fprintf(out, " (%.6f .. %.6f)", seconds.min, seconds.max);
	if (stat->count)
		fprintf(out, ", %lu process%s", stat->runs[stat->count - 1].groups,
			stat->runs[stat->count - 1].groups == 1 ? "" : "es");
	fputs("\n", out);
}

void stat_text(const struct stat_result *stat, FILE *out)
{
	char notes[STAT_NOTES][STAT_NOTE_LENGTH];
	size_t count = stat_notes(stat, notes);
	bool spread = stat->count > 1;
	const char *own = stat->command ? "command" : "process";

	if (!stat->interval)
		print_title(stat, out);
	print_head(out, "context switches", own, spread);
	print_switches(stat, out);
	print_head(out, "TLB flushes", own, spread);
	print_flushes(stat, out);
	print_head(out, "births", own, spread);
	print_births(stat, out);
	print_seconds(stat, out);
	if (count || !stat->interval)
		fputc('\n', out);
	for (size_t i = 0; i < count; i++)
		print_note(out, notes[i]);
	if (stat->interval)
		return;
	print_costs(out);
	print_stamp(out);
	fputc('\n', out);
}
