/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an experiment of `report` is, and what experiments share: actors that
 * are a process or a thread but run the same code, and findings.
 */
#ifndef SHARESTAT_EXPERIMENT_H
#define SHARESTAT_EXPERIMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "show/quantity.h"
#include "read/snapshot.h"
#include "model/statistics.h"

enum verdict { NOT_MEASURABLE, CONFIRMED, REFUTED };

/* One side of a claim: a number with its spread, or a text. */
struct side {
	bool number;
	struct summary value;
	const char *unit;		/* "ns", "pages", "bytes" ... */
	char text[128];			/* for tables: short, always filled */
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
	SECTION_WHEN,
};

struct claim {
	const char *id;
	enum section section;
	const char *text;		/* the textbook's sentence */
	/*
	 * Fills the finding. A failure to measure is NOT_MEASURABLE with the
	 * reason, never a zero. Earlier findings may be looked up with
	 * finding_of(), which is what section 7 does.
	 */
	void (*measure)(struct finding *finding);	/* by experiment_run() */
	const char *experiment;		/* the same in words, for --explain */
	const char *attempt;		/* what to try next */
};

/* All 38, in the order of the report; claims.c. */
extern const struct claim claims[];
extern const size_t nclaims;

/**
 * finding_of() - the finding of a claim, measured now when it was not yet
 * @id: one of claims[]
 *
 * Return: the finding, or NULL for an id that is none.
 */
const struct finding *finding_of(const char *id);

/**
 * experiment_run() - let a claim be measured, in a process of its own
 * @finding: in memory that is shared with children; its claim is set. Becomes NOT
 *	MEASURABLE HERE, with the reason, when the experiment is killed or hangs.
 */
void experiment_run(struct finding *finding);
/** experiment_patience() - how many seconds it waits for one */
unsigned int experiment_patience(void);

/* Side with a number; the text is made of it ("12.3 us"). */
void side_number(struct side *side, double *samples, size_t count, const char *unit);
/* Side with one exact number, as a count of pages. */
void side_count(struct side *side, double value, const char *unit);
void side_text(struct side *side, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Other words for the table, with what a number means; the number stays. */
void side_label(struct side *side, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_evidence(struct finding *finding, const char *source,
		      const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/*
 * Evidence of an independent witness. One that does not agree with the module
 * makes the verdict NOT MEASURABLE HERE, whatever finding_decide() is told.
 */
void finding_witness(struct finding *finding, const char *source, bool agrees,
		     const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/*
 * Evidence that a witness could not be asked, and why. That is no disagreement; but
 * the reason of the verdict says that this witness is missing.
 */
void finding_unwitnessed(struct finding *finding, const char *source,
			 const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/**
 * finding_point() - add a figure to a series, which may be new
 * @finding: whose
 * @series: its name, whose it is and its units; points are not looked at
 * @x: ignored without an x_unit
 * @y: the figure
 */
void finding_point(struct finding *finding, const struct series *series, double x,
		   struct summary y);
/*
 * One condition of the claim's rule, in words that are true when it holds. The first
 * that does not hold refutes the claim, and its words say so.
 */
void finding_require(struct finding *finding, bool holds, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/*
 * Decides: CONFIRMED when all that was required holds, else REFUTED; the reason is
 * the condition that failed, then what was found.
 */
void finding_decide(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_impossible(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* --- actors: the same code, run by a process or by a thread --- */

enum actor_kind { ACTOR_PROCESS, ACTOR_THREAD };

struct actor;

/**
 * actor_start() - run @body in a child process or in a thread of this one
 * @kind: which
 * @body: its return value is what actor_join() gives (0 to 255)
 * @arg: a thread sees the caller's memory at it, a process its copy
 *
 * Return: the actor, or NULL with errno set.
 */
struct actor *actor_start(enum actor_kind kind, int (*body)(void *), void *arg);
/** actor_tid() - its task id, as in the column tid */
pid_t actor_tid(const struct actor *actor);
/** actor_tgid() - the thread group that it says it is in, whatever was asked for */
pid_t actor_tgid(const struct actor *actor);
/** actor_join() - wait for its end. Return: body's value, or -SIGNAL when killed */
int actor_join(struct actor *actor);

/*
 * Two-way steps between the experiment and an actor: works between processes
 * and between threads (pipes below). The actor calls actor_ready() when it is
 * where it shall be looked at and sleeps in there until actor_release().
 */
void actor_ready(void);
void actor_await(struct actor *actor);		/* the experiment: until ready */
void actor_release(struct actor *actor);

/* A body that is only there to be looked at: ready, and ends on release. */
int actor_idle(void *arg);

/* --- looking at frames --- */

/**
 * pages_map() - fresh private memory that is never a huge page, written once
 * @count: in pages
 *
 * Return: the memory, to be given back by pages_unmap(), or NULL.
 */
char *pages_map(size_t count);
void pages_unmap(char *pages, size_t count);

/* One page of a process as the module sees it. */
struct page_facts {
	uint64_t pfn, refs, maps;
	enum sharing_class sharing;
	char pte[8];
};

/** page_lookup() - the page of @tgid at @address. Return: 0, or -1 when absent */
int page_lookup(pid_t tgid, const void *address, struct page_facts *facts);
/** page_in() - the same in a snapshot of `frames` that was already taken */
int page_in(const struct snapshot *frames, pid_t tgid, const void *address,
	    struct page_facts *facts);
/** pagemap_pfn() - the witness: the same from /proc/PID/pagemap, 0 when absent */
uint64_t pagemap_pfn(pid_t pid, const void *address);
/** kpagecount() - the witness for maps, from /proc/kpagecount */
uint64_t kpagecount(uint64_t pfn);
/**
 * kcmp_same() - the witness for ids: do two tasks share an object
 * @one: a task
 * @other: another
 * @what: KCMP_VM, KCMP_FILES ... of <linux/kcmp.h>
 *
 * Return: 1 yes, 0 no, -1 kcmp(2) cannot tell, with errno set.
 */
int kcmp_same(pid_t one, pid_t other, int what);

/* --- measuring --- */

/** now_ns() - CLOCK_MONOTONIC */
uint64_t now_ns(void);
/**
 * pin_to() - bind the calling task, and those that it will start, to one CPU
 * @cpu: which
 *
 * They run there at the highest priority of normal tasks, so that others
 * hardly come between.
 *
 * Return: 0 or -1.
 */
int pin_to(unsigned int cpu);
/** unpin() - let the calling task run where it could when the tool began */
void unpin(void);
/** measuring_cpu() - the CPU that timed work is pinned to: the first allowed */
unsigned int measuring_cpu(void);

#endif
