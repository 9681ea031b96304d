/* SPDX-License-Identifier: GPL-2.0 */
/* What `stat` counted, and the two ways to print it. */
#ifndef SHARESTAT_STAT_H
#define SHARESTAT_STAT_H

#include <stdio.h>

#include "model/accounts.h"
#include "measure/descendants.h"
#include "model/statistics.h"

/* One run, or one interval. */
struct stat_run {
	uint64_t own[ACCOUNT_COUNTS];		/* of the family's thread groups */
	uint64_t others[ACCOUNT_COUNTS];	/* all else that the machine did */
	uint64_t unattributed;			/* of these, in [overflow] and [gone] */
	unsigned long groups;			/* of the family, dead ones too */
	unsigned long lost;			/* births that were not seen */
	double seconds;
};

struct stat_result {
	struct stat_run *runs;
	size_t count;
	char **command;			/* NULL with -p */
	const pid_t *pids;
	size_t npids;
	int status;			/* of the last run, as a shell gives it */
	bool interval;			/* one of several: says no more than it must */
	char why_not_followed[160];	/* "" when children are counted, too */
};

/* A counting under way. */
struct stat_counting {
	struct family family;
	struct accounts before;
	double since;
};

/**
 * stat_begin() - begin to count; the probes are attached
 * @counting: filled
 * @tgids: whom to follow
 * @count: how many
 *
 * Return: 0, or -1 explained.
 */
int stat_begin(struct stat_counting *counting, const pid_t *tgids, size_t count);
/**
 * stat_read() - what was counted since stat_begin() or the last stat_read()
 * @counting: of stat_begin()
 * @run: filled
 *
 * Return: 0, or -1 explained.
 */
int stat_read(struct stat_counting *counting, struct stat_run *run);
void stat_end(struct stat_counting *counting);

/** stat_split() - who counted what; pure */
void stat_split(struct stat_run *run, const struct accounts *accounts,
		const struct family *family);

/** stat_summary() - of count @index, of the family's or the others', over the runs */
struct summary stat_summary(const struct stat_result *stat, enum account_count index, bool own);
struct summary stat_seconds(const struct stat_result *stat);
/** stat_mean() - of the same */
double stat_mean(const struct stat_result *stat, enum account_count index, bool own);

#define STAT_NOTES 4
#define STAT_NOTE_LENGTH 320

/** stat_notes() - what a reader of the figures should know. Return: how many */
size_t stat_notes(const struct stat_result *stat, char notes[STAT_NOTES][STAT_NOTE_LENGTH]);

void stat_text(const struct stat_result *stat, FILE *out);
/** stat_json() - Return: 0, or -1 explained */
int stat_json(const struct stat_result *stat, FILE *out);

#endif
