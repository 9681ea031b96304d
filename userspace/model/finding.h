/* SPDX-License-Identifier: GPL-2.0 */
/* What a claim is, and what an experiment found of it. */
#ifndef SHARESTAT_MODEL_FINDING_H
#define SHARESTAT_MODEL_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include "model/statistics.h"

enum verdict { NOT_MEASURABLE, CONFIRMED, REFUTED };

#define RAW_MAX 128

/* One side of a claim: a number with its spread, or a text. */
struct side {
	bool number;
	struct summary value;
	double raw[RAW_MAX];		/* the samples as they came, the first ones of many */
	size_t nraw;
	const char *unit;		/* "ns", "pages", "bytes" ... */
	char text[128];			/* for tables: always filled, two lines of 24 at most */
};

struct evidence {
	char source[48];		/* "debugfs:tasks", "/proc/PID/pagemap", "kcmp(2)" */
	char text[192];
};

#define EVIDENCE_MAX 32

/*
 * Figures beside the two sides, for charts and for JSON: one number, or one for
 * each of several x (memory touched, pages of working set).
 */
#define POINTS_MAX 8
#define SERIES_MAX 16

struct series {
	char name[48];
	bool of_threads;		/* or of processes */
	const char *x_unit;		/* NULL: one number, without an x */
	const char *unit;
	size_t count;
	struct point {
		double x;
		struct summary y;
	} points[POINTS_MAX];
};

struct finding {
	const struct claim *claim;
	struct side process, thread;
	struct evidence evidence[EVIDENCE_MAX];
	size_t nevidence;
	struct series series[SERIES_MAX];
	size_t nseries;
	enum verdict verdict;
	char reason[448];		/* why this verdict, one sentence */
	size_t required;		/* conditions looked at: see finding_require() */
	char failed[128];		/* the first that did not hold, or "" */
	bool disputed;			/* a witness disagreed: see finding_witness() */
	char unwitnessed[48];		/* a witness that could not be asked, or "" */
};

/** verdict_name() - "CONFIRMED", "REFUTED", "NOT MEASURABLE HERE" */
const char *verdict_name(enum verdict verdict);

enum section {
	SECTION_TABLE = 1, SECTION_PROCESS_OWNS, SECTION_THREAD_OWNS,
	SECTION_THREADS_SHARE, SECTION_PROCESSES_SHARE, SECTION_INSIGHT,
	SECTION_WHEN, SECTION_THREADS_PAY, SECTIONS
};

struct claim {
	const char *id;
	enum section section;
	const char *text;		/* the textbook's sentence */
	/*
	 * Fills the finding. A failure to measure is NOT_MEASURABLE with the
	 * reason, never a zero. Earlier findings may be looked up with
	 * finding_of() of experiments/registry.h, which is what section 7 does.
	 */
	void (*measure)(struct finding *finding);
	const char *experiment;		/* the same in words, for --explain */
	const char *attempt;		/* what to try next */
};

/** section_title() - of a part of the report */
const char *section_title(enum section section);

#endif
