// SPDX-License-Identifier: GPL-2.0
/* export: switches, their latency, TLB, births. All count since the last reset. */
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "commands/export.h"
#include "model/counters.h"
#include "read/formats.h"
#include "read/names.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

/*
 * Always the same buckets, so that histograms of several machines add up: from
 * 128 ns to 1.07 s. A sample of exactly a bound is in the bucket above it.
 */
#define LATENCY_FIRST	7
#define LATENCY_BOUNDS	24

static const struct metric switches_metric = {
	"sharestat_switches", METRIC_COUNTER, NULL,
	"Context switches by class, while the probe switches was attached.",
};

static const struct metric latency_metric = {
	"sharestat_switch_latency_seconds", METRIC_HISTOGRAM, "seconds",
	"Time from sched_switch to the first instruction of finish_task_switch, while the probes switches and latency were attached.",
};

static const struct metric tlb_metric = {
	"sharestat_tlb_events", METRIC_COUNTER, NULL,
	"TLB events by reason and outcome, while the probe tlb was attached; kept means that a switch flushed nothing.",
};

static const struct metric tlb_pages_metric = {
	"sharestat_tlb_flushed_pages", METRIC_COUNTER, "pages",
	"Pages of the TLB flushes with outcome range, by reason.",
};

static const struct metric births_metric = {
	"sharestat_births", METRIC_COUNTER, NULL,
	"Tasks created and programs executed, by kind, while the probe births was attached.",
};

static const struct metric births_bytes_metric = {
	"sharestat_births_pgtable_bytes", METRIC_COUNTER, "bytes",
	"Page tables that births copied (fork) or that the new program began with (exec).",
};

static const struct metric births_vmas_metric = {
	"sharestat_births_vmas", METRIC_COUNTER, "vmas",
	"Mappings that births copied (fork) or that the new program began with (exec).",
};

static const struct metric births_pages_metric = {
	"sharestat_births_pages", METRIC_COUNTER, "pages",
	"Present pages whose entries births copied (fork) or that the new program began with (exec).",
};

/* The label of a CPU, or NULL when CPUs are summed. */
static const char *cpu_label(char text[16], const struct export_choice *choice,
			     unsigned int cpu)
{
	if (!choice->per_cpu)
		return NULL;
	snprintf(text, 16, "%u", cpu);
	return text;
}

#define NO_CPU UINT_MAX

/* The rows of one CPU are neighbours; without per_cpu all rows are one CPU's. */
static bool ends_cpu(const struct export_choice *choice, unsigned int cpu, unsigned int next)
{
	return next == NO_CPU || (choice->per_cpu && cpu != next);
}

#define NEXT_CPU(i) ((i) + 1 < file->count ? records[(i) + 1].cpu : NO_CPU)

static void put_switches(struct exposition *to, const struct snapshot *file,
			 const struct export_choice *choice)
{
	const struct switch_record *records = file->records;
	uint64_t counts[SWITCH_CLASSES] = { 0 };
	char cpu[16];

	exposition_metric(to, &switches_metric);
	for (size_t i = 0; i < file->count; i++) {
		counts[records[i].class] += records[i].count;
		if (!ends_cpu(choice, records[i].cpu, NEXT_CPU(i)))
			continue;
		for (size_t class = 0; class < SWITCH_CLASSES; class++) {
			exposition_count(to, counts[class],
					 "cpu", cpu_label(cpu, choice, records[i].cpu),
					 "class", switch_names[class], NULL);
			counts[class] = 0;
		}
	}
}

struct histograms {
	uint64_t counts[SWITCH_CLASSES][LATENCY_BOUNDS + 1];
	uint64_t ns[SWITCH_CLASSES];		/* ABSENT: never measured */
};

static void read_sums(struct histograms *histograms, const struct snapshot *switches)
{
	const struct switch_record *records = switches->records;

	for (size_t class = 0; class < SWITCH_CLASSES; class++)
		histograms->ns[class] = ABSENT;
	for (size_t i = 0; i < switches->count; i++)
		counter_add(&histograms->ns[records[i].class], records[i].ns);
}

static int read_buckets(struct histograms *histograms)
{
	struct snapshot latency;
	const struct latency_record *record;

	if (!export_has("latency"))
		return 0;
	if (snapshot_read(&latency, &format_latency, NULL, 0))
		return -1;
	for (size_t i = 0; i < latency.count; i++) {
		unsigned int bucket;

		record = snapshot_record(&latency, i);
		/* All of a bucket is below twice its lower end. */
		bucket = record->bucket < LATENCY_FIRST ? 0 : record->bucket - LATENCY_FIRST + 1;
		if (bucket > LATENCY_BOUNDS)
			bucket = LATENCY_BOUNDS;
		histograms->counts[record->class][bucket] += record->count;
	}
	snapshot_free(&latency);
	return 0;
}

static int put_latency(struct exposition *to, const struct snapshot *switches)
{
	struct histograms histograms = { 0 };
	double bounds[LATENCY_BOUNDS];
	bool begun = false;

	read_sums(&histograms, switches);
	if (read_buckets(&histograms))
		return -1;
	for (int i = 0; i < LATENCY_BOUNDS; i++)
		bounds[i] = ldexp(1, LATENCY_FIRST + i) / 1e9;
	for (size_t class = 0; class < SWITCH_CLASSES; class++) {
		if (histograms.ns[class] == ABSENT)
			continue;
		if (!begun)
			exposition_metric(to, &latency_metric);
		begun = true;
		exposition_histogram(to, bounds, histograms.counts[class], LATENCY_BOUNDS,
				     (double)histograms.ns[class] / 1e9,
				     "class", switch_names[class]);
	}
	return 0;
}

static int export_switches(struct exposition *to, const struct export_choice *choice)
{
	struct snapshot file;
	int result;

	if (snapshot_read(&file, &format_switches, NULL, 0))
		return -1;
	put_switches(to, &file, choice);
	result = put_latency(to, &file);
	snapshot_free(&file);
	return result;
}

static void put_tlb_events(struct exposition *to, const struct snapshot *file,
			   const struct export_choice *choice)
{
	const struct tlb_record *records = file->records;
	uint64_t counts[TLB_REASONS * TLB_OUTCOMES] = { 0 };
	char cpu[16];

	exposition_metric(to, &tlb_metric);
	for (size_t i = 0; i < file->count; i++) {
		counts[records[i].reason * TLB_OUTCOMES + records[i].outcome] += records[i].count;
		if (!ends_cpu(choice, records[i].cpu, NEXT_CPU(i)))
			continue;
		for (size_t item = 0; item < TLB_REASONS * TLB_OUTCOMES; item++) {
			exposition_count(to, counts[item],
					 "cpu", cpu_label(cpu, choice, records[i].cpu),
					 "reason", tlb_reason_names[item / TLB_OUTCOMES],
					 "outcome", tlb_outcome_names[item % TLB_OUTCOMES], NULL);
			counts[item] = 0;
		}
	}
}

static void put_tlb_pages(struct exposition *to, const struct snapshot *file,
			  const struct export_choice *choice)
{
	const struct tlb_record *records = file->records;
	uint64_t pages[TLB_REASONS] = { 0 };
	char cpu[16];

	exposition_metric(to, &tlb_pages_metric);
	for (size_t i = 0; i < file->count; i++) {
		if (records[i].outcome == TLB_OUTCOME_RANGE)
			counter_add(&pages[records[i].reason], records[i].pages);
		if (!ends_cpu(choice, records[i].cpu, NEXT_CPU(i)))
			continue;
		for (size_t reason = 0; reason < TLB_REASONS; reason++) {
			exposition_count(to, pages[reason],
					 "cpu", cpu_label(cpu, choice, records[i].cpu),
					 "reason", tlb_reason_names[reason], NULL);
			pages[reason] = 0;
		}
	}
}

/* A kernel that does not trace them has no figure, which is not 0. */
static bool has_flushes(const struct snapshot *file)
{
	return file->count && ((const struct tlb_record *)file->records)->count != ABSENT;
}

static int export_tlb(struct exposition *to, const struct export_choice *choice)
{
	struct snapshot file;

	if (snapshot_read(&file, &format_tlb, NULL, 0))
		return -1;
	if (has_flushes(&file)) {
		put_tlb_events(to, &file, choice);
		put_tlb_pages(to, &file, choice);
	}
	snapshot_free(&file);
	return 0;
}

/* The metrics of births differ only in what they show of a record. */
static const struct {
	const struct metric *metric;
	size_t offset;
} birth_metrics[] = {
	{ &births_metric, offsetof(struct birth_record, count) },
	{ &births_bytes_metric, offsetof(struct birth_record, pgtables) },
	{ &births_vmas_metric, offsetof(struct birth_record, vmas) },
	{ &births_pages_metric, offsetof(struct birth_record, pages) },
};

static int export_births(struct exposition *to)
{
	struct snapshot file;

	if (snapshot_read(&file, &format_births, NULL, 0))
		return -1;
	for (size_t i = 0; i < sizeof(birth_metrics) / sizeof(birth_metrics[0]); i++) {
		exposition_metric(to, birth_metrics[i].metric);
		for (size_t j = 0; j < file.count; j++) {
			const struct birth_record *record = snapshot_record(&file, j);
			uint64_t value = *(const uint64_t *)((const char *)record +
							     birth_metrics[i].offset);

			exposition_count(to, value, "kind", birth_names[record->kind], NULL);
		}
	}
	snapshot_free(&file);
	return 0;
}

int export_counters(struct exposition *to, const struct export_choice *choice)
{
	return export_switches(to, choice) || export_tlb(to, choice) || export_births(to) ?
	       -1 : 0;
}
