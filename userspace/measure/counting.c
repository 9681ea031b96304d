// SPDX-License-Identifier: GPL-2.0
/*
 * What happened while a program ran, told apart by who did it. A thread group is
 * the program's when a task of it was born from one of the program's, so
 * children that are dead by now count, too, and so does one that left its
 * parent. What a table of the module had no room for is nobody's.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "read/machine.h"
#include "measure/interval.h"
#include "measure/counting.h"

int stat_begin(struct stat_counting *counting, const pid_t *tgids, size_t count)
{
	*counting = (struct stat_counting) { 0 };
	family_begin(&counting->family);
	for (size_t i = 0; i < count; i++)
		family_add(&counting->family, tgids[i]);
	if (accounts_read(&counting->before, ACCOUNTS_ALL)) {
		family_end(&counting->family);
		return -1;
	}
	counting->since = interval_now();
	return 0;
}

static bool made_room(const struct account_record *row)
{
	return !row->tgid && (!strcmp(row->comm, "[overflow]") || !strcmp(row->comm, "[gone]"));
}

void stat_split(struct stat_run *run, const struct accounts *accounts,
		const struct family *family)
{
	for (size_t i = 0; i < accounts->count; i++) {
		const struct account_record *row = &accounts->rows[i];
		uint64_t *to = family_has(family, row->tgid) ? run->own : run->others;

		for (size_t j = 0; j < ACCOUNT_COUNTS; j++)
			to[j] += row->counts[j];
		if (made_room(row))
			run->unattributed += account_switches(row) + account_births(row);
	}
}

static void copy(struct accounts *to, const struct accounts *from)
{
	for (size_t i = 0; i < from->count; i++)
		accounts_add(to, &from->rows[i]);
}

int stat_read(struct stat_counting *counting, struct stat_run *run)
{
	struct accounts now, change = { 0 };
	double time = interval_now();

	*run = (struct stat_run) { .seconds = time - counting->since };
	if (accounts_read(&now, ACCOUNTS_ALL))
		return -1;
	family_update(&counting->family);
	copy(&change, &now);
	accounts_since(&change, &counting->before);
	stat_split(run, &change, &counting->family);
	run->groups = family_size(&counting->family);
	run->lost = counting->family.lost;
	accounts_free(&change);
	accounts_free(&counting->before);
	counting->before = now;
	counting->since = time;
	return 0;
}

void stat_end(struct stat_counting *counting)
{
	accounts_free(&counting->before);
	family_end(&counting->family);
}

static double *samples_of(const struct stat_result *stat, enum account_count index, bool own)
{
	double *samples = calloc(stat->count + 1, sizeof(*samples));

	if (!samples)
		err(EXIT_FAILURE, "stat");
	for (size_t i = 0; i < stat->count; i++)
		samples[i] = (double)(own ? stat->runs[i].own : stat->runs[i].others)[index];
	return samples;
}

struct summary stat_summary(const struct stat_result *stat, enum account_count index, bool own)
{
	double *samples = samples_of(stat, index, own);
	struct summary summary = summarize(samples, stat->count);

	free(samples);
	return summary;
}

double stat_mean(const struct stat_result *stat, enum account_count index, bool own)
{
	double sum = 0;

	for (size_t i = 0; i < stat->count; i++)
		sum += (double)(own ? stat->runs[i].own : stat->runs[i].others)[index];
	return stat->count ? sum / (double)stat->count : 0;
}

struct summary stat_seconds(const struct stat_result *stat)
{
	double *samples = calloc(stat->count + 1, sizeof(*samples));
	struct summary summary;

	if (!samples)
		err(EXIT_FAILURE, "stat");
	for (size_t i = 0; i < stat->count; i++)
		samples[i] = stat->runs[i].seconds;
	summary = summarize(samples, stat->count);
	free(samples);
	return summary;
}

static double switches_of(const struct stat_result *stat, enum switch_class class)
{
	return stat_summary(stat, ACCOUNT_SWITCHES + class, true).median;
}

/*
 * The error that most ping-pong benchmarks make: each task has a CPU of its own,
 * so that what is measured is how an idle CPU wakes up.
 */
static bool went_through_idle(const struct stat_result *stat)
{
	double direct = switches_of(stat, SWITCH_THREAD) + switches_of(stat, SWITCH_PROCESS);
	double idle = switches_of(stat, SWITCH_RETURN) + switches_of(stat, SWITCH_RETURN_OTHER);

	return environment()->cpus > 1 && idle > direct && idle >= 100;
}

size_t stat_notes(const struct stat_result *stat, char notes[STAT_NOTES][STAT_NOTE_LENGTH])
{
	uint64_t unattributed = 0;
	unsigned long lost = 0;
	size_t count = 0;

	for (size_t i = 0; i < stat->count; i++) {
		unattributed += stat->runs[i].unattributed;
		lost += stat->runs[i].lost;
	}
	if (went_through_idle(stat))
		snprintf(notes[count++], STAT_NOTE_LENGTH,
			 "most switches went to a kernel task and back, as a rule the idle task (to_kernel, return): nothing else was ready on that CPU. Tasks that wake one another from CPU to CPU look like this. To measure switches between them, let them share a CPU: taskset -c %u ...",
			 environment()->pinned_cpu);
	if (*stat->why_not_followed)
		snprintf(notes[count++], STAT_NOTE_LENGTH,
			 "children are counted with the others, for they cannot be followed: %s",
			 stat->why_not_followed);
	if (lost)
		snprintf(notes[count++], STAT_NOTE_LENGTH,
			 "%lu births were lost, so some of its children may be counted with the others",
			 lost);
	if (unattributed)
		snprintf(notes[count++], STAT_NOTE_LENGTH,
			 "the module had no room to tell the owners of %llu switches and births; they are counted with the others",
			 (unsigned long long)unattributed);
	return count;
}
