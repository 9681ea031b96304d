// SPDX-License-Identifier: GPL-2.0
/* What `stat` counted, as one JSON object. */

#include "model/machine.h"
#include "model/run-counts.h"
#include "read/names.h"
#include "show/json.h"
#include "show/machine-json.h"
#include "show/stat.h"

/* How one count is put into the object: its median, or its spread. */
typedef struct json_object *(*count_json)(const struct stat_result *stat,
					  enum account_count index, bool own);

static struct json_object *real(double value)
{
	return json_object_new_double(value);
}

static struct json_object *whole(double value)
{
	return json_object_new_int64((int64_t)value);
}

static struct json_object *median(const struct stat_result *stat, enum account_count index,
				  bool own)
{
	double value = stat_summary(stat, index, own).median;

	return value == (double)(int64_t)value ? whole(value) : real(value);
}

static struct json_object *spread_object(const struct summary *summary, double mean)
{
	struct json_object *object = json_object_new_object();

	json_add(object, "mean", real(mean));
	json_add(object, "low", real(summary->low));
	json_add(object, "high", real(summary->high));
	json_add(object, "min", real(summary->min));
	json_add(object, "max", real(summary->max));
	return object;
}

static struct json_object *spread(const struct stat_result *stat, enum account_count index,
				  bool own)
{
	struct summary summary = stat_summary(stat, index, own);

	return spread_object(&summary, stat_mean(stat, index, own));
}

static struct json_object *list(const struct stat_result *stat, enum account_count first,
				const char *const *names, size_t count, bool own,
				count_json value)
{
	struct json_object *object = json_object_new_object();

	for (size_t i = 0; i < count; i++)
		json_add(object, names[i], value(stat, first + i, own));
	return object;
}

static struct json_object *flushes(const struct stat_result *stat, bool own, count_json value)
{
	struct json_object *tlb = json_object_new_object();

	for (size_t i = 0; i < TLB_REASONS; i++)
		json_add(tlb, tlb_reason_names[i],
			 list(stat, ACCOUNT_TLB + i * TLB_OUTCOMES, tlb_outcome_names,
			      TLB_OUTCOMES, own, value));
	return tlb;
}

/* null: this kernel does not count them. */
static void put_counts(struct json_object *object, const struct stat_result *stat, bool own,
		       count_json value)
{
	static const char *const made[] = { "pgtables", "vmas", "pages" };
	const bool traced = environment_offers("tlb");

	json_add(object, "switches", list(stat, ACCOUNT_SWITCHES, switch_names, SWITCH_CLASSES,
					  own, value));
	json_add(object, "tlb", traced ? flushes(stat, own, value) : NULL);
	json_add(object, "tlb_pages", traced ? value(stat, ACCOUNT_TLB_PAGES, own) : NULL);
	json_add(object, "births", list(stat, ACCOUNT_BIRTHS, birth_names, BIRTH_KINDS,
					own, value));
	json_add(object, "made", list(stat, ACCOUNT_BIRTH_PGTABLES, made, 3, own, value));
}

static void put_subject(struct json_object *object, const struct stat_result *stat)
{
	struct json_object *array = json_object_new_array();

	for (char **word = stat->command; word && *word; word++)
		json_object_array_add(array, json_text(*word));
	for (size_t i = 0; i < stat->npids && !stat->command; i++)
		json_object_array_add(array, json_object_new_int(stat->pids[i]));
	json_add(object, stat->command ? "command" : "tgids", array);
	if (stat->command)
		json_add(object, "exit_status", json_object_new_int(stat->status));
}

static struct json_object *costs(void)
{
	struct json_object *object = json_object_new_object();
	const struct environment *here = environment();

	for (size_t i = 0; i < ENVIRONMENT_PROBES; i++)
		json_add(object, here->probes[i].name,
			 here->probes[i].cost >= 0 ? real(here->probes[i].cost) : NULL);
	return object;
}

static struct json_object *notes_array(const struct stat_result *stat)
{
	char notes[STAT_NOTES][STAT_NOTE_LENGTH];
	size_t count = stat_notes(stat, notes);
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(array, json_text(notes[i]));
	return array;
}

static void put_spread(struct json_object *object, const struct stat_result *stat)
{
	struct json_object *spreads = json_object_new_object();
	struct summary seconds = stat_seconds(stat);
	double mean = 0;

	for (size_t i = 0; i < stat->count; i++)
		mean += stat->runs[i].seconds / (double)stat->count;
	json_add(spreads, "seconds", spread_object(&seconds, mean));
	put_counts(spreads, stat, true, spread);
	json_add(object, "spread", spreads);
}

static struct json_object *stat_object(const struct stat_result *stat)
{
	struct json_object *object = json_object_new_object();
	struct json_object *others = json_object_new_object();

	put_subject(object, stat);
	json_add(object, "runs", whole((double)stat->count));
	json_add(object, "seconds", real(stat_seconds(stat).median));
	json_add(object, "processes", whole((double)stat->runs[stat->count - 1].groups));
	put_counts(object, stat, true, median);
	put_counts(others, stat, false, median);
	json_add(object, "others", others);
	if (stat->count > 1)
		put_spread(object, stat);
	json_add(object, "cost_ns", costs());
	json_add(object, "notes", notes_array(stat));
	json_add(object, "environment", environment_json());
	return object;
}

int stat_json(const struct stat_result *stat, FILE *out)
{
	return stat->lines ? json_print_line(stat_object(stat), out) :
			     json_print(stat_object(stat), out);
}
