/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A real program, looked at while it runs: its thread groups, what they share
 * and own, their switches and flushes, and what the next fork would cost.
 */
#ifndef SHARESTAT_MODEL_PROGRAM_H
#define SHARESTAT_MODEL_PROGRAM_H

#include "model/copy-on-write.h"
#include "model/finding.h"
#include "model/frame-sets.h"
#include "model/run-counts.h"
#include "read/records.h"

struct program_group {
	pid_t tgid, ppid;
	char comm[64];
	uint64_t tasks, workers;		/* its own; what the kernel runs in its name */
	object_id object[SHARED_OBJECTS];	/* of its leader */
	bool one_mm;				/* all its tasks have one address space */
	bool one_files;				/* and one table of open files */
	bool forked;				/* from its parent here, without an exec since */
	bool seen;				/* it had memory when that was looked at */
	int space;				/* in the overlap, or -1 */
	unsigned int shares;			/* with its parent here: bits of objects */
	/* Anonymous pages that it and its parent have at one address. */
	uint64_t inherited, still_shared;
	uint64_t writable;			/* shared privately, yet writable: never */
	struct fork_cost cost;
	uint64_t empty_tables;			/* page tables that map nothing */
};

#define PROGRAM_ROWS 8
#define PROGRAM_ADVICE 6

/* A line of the report or of the advice. */
struct program_row {
	const char *id;			/* of the claim that it is an instance of */
	char text[256];
	char evidence[256];
	enum verdict verdict;		/* NOT_MEASURABLE: there is nothing to judge */
	const char *leaning;		/* of advice: "threads", "processes", "either", "unknown" */
};

struct program {
	char **command;			/* or NULL: it was running already */
	int status;			/* of the command */
	struct program_group *groups;	/* at the moment of most tasks, parents first */
	size_t ngroups;
	struct overlap overlap;
	struct stat_run run;
	bool no_flushes;		/* the kernel does not trace them */
	double switch_ns;		/* that one between processes takes more; 0: not told */
	bool crash_ends_space;		/* and not the process alone: Linux before 5.16 */
	unsigned int looks;
	/* Copy-on-write pages that two and more of it have: first, most, last look. */
	uint64_t cow_first, cow_most, cow_last;
	uint64_t page_size;
	char why_not_followed[160];
};

/* Sums over what was looked at. */
struct program_sums {
	uint64_t tasks, mms, files;		/* tasks; address spaces; tables of open files */
	uint64_t common[SHARING_CLASSES];	/* frames in two and more of its address spaces */
	uint64_t all;				/* frames of all its address spaces, each once */
	uint64_t written[SHARING_CLASSES];	/* of these: that one of several can write */
	uint64_t own;				/* frames of private memory in one of them */
	uint64_t most_tasks;			/* in one process */
	uint64_t most_in_space;			/* in one address space */
	uint64_t workers;			/* of the kernel (io_uring, vhost), not tasks */
	uint64_t switches, direct;		/* direct: thread and process together */
	uint64_t flushes;
	uint64_t shared_memory;			/* frames made to be written in common */
	enum sharing_class shared_class;	/* of most of them */
};

struct program_sums program_sums(const struct program *program);

/** program_empty_tables() - page tables that map nothing, each address space's once */
uint64_t program_empty_tables(const struct program *program);

/** program_rows() - the rows of the comparison for this program. */
void program_rows(const struct program *program, struct program_row rows[PROGRAM_ROWS]);
/** program_advice() - the rows of "when to use which" for this program. */
void program_advice(const struct program *program, struct program_row rows[PROGRAM_ADVICE]);

/* What no kernel can tell of a program. */
extern const char advice_unknown[];

#endif
