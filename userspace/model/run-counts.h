/* SPDX-License-Identifier: GPL-2.0 */
/* What `stat` counted of a program, run by run. */
#ifndef SHARESTAT_MODEL_RUN_COUNTS_H
#define SHARESTAT_MODEL_RUN_COUNTS_H

#include "model/accounts.h"
#include "model/descendants.h"
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
	bool lines;			/* JSON comes one after the other: a line each */
	char why_not_followed[160];	/* "" when children are counted, too */
};

/** stat_split() - who counted what; pure */
void stat_split(struct stat_run *run, const struct accounts *accounts,
		const struct family *family);

/** stat_summary() - of count @index, of the family's or the others', over the runs */
struct summary stat_summary(const struct stat_result *stat, enum account_count index, bool own);
struct summary stat_seconds(const struct stat_result *stat);
/** stat_mean() - of the same */
double stat_mean(const struct stat_result *stat, enum account_count index, bool own);

#endif
