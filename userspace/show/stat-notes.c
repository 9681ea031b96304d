// SPDX-License-Identifier: GPL-2.0
/* What a reader of the figures of `stat` should know. */
#include <stdio.h>

#include "model/run-counts.h"
#include "model/machine.h"
#include "show/stat.h"

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
