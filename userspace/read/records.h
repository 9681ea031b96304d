/* SPDX-License-Identifier: GPL-2.0 */
/* The module's text -> structs. Pure: no file is opened, nothing is printed. */
#ifndef SHARESTAT_PARSE_H
#define SHARESTAT_PARSE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "uapi/sharestat.h"

/* A value that the file shows as "-". */
#define ABSENT UINT64_MAX

/* Ids are keyed per module load: compare for equality only. 0 is "none". */
typedef uint64_t object_id;

/* What tasks can share, in the order of the columns. */
enum shared_object {
	OBJECT_MM, OBJECT_FILES, OBJECT_FS, OBJECT_SIGHAND, OBJECT_SIGNAL,
	OBJECT_NSPROXY, OBJECT_IO, OBJECT_SYSVSEM, SHARED_OBJECTS
};

struct task_record {
	pid_t tid, tgid, ppid;
	char flags[8];			/* as printed; "" for none */
	object_id object[SHARED_OBJECTS];
	uint64_t users[SHARED_OBJECTS];	/* ABSENT where not known */
	uint64_t nvcsw, nivcsw;
	uint64_t pc, sp, stack, tls;	/* ABSENT for kernel threads */
	char comm[64];			/* unescaped, valid UTF-8 */
};

struct mm_record {
	object_id mm;
	pid_t tgid;
	uint64_t tasks, groups, mm_users, mm_count, lazy, vmas;
	uint64_t rss_anon, rss_file, rss_shmem, swap, pgtables;	/* bytes */
	char *cpus;			/* CPU list, "" for none; owned by the record */
	uint64_t tlb_gen;
	char comm[64];
};

struct vma_record {
	pid_t tgid;
	uint64_t start, end;
	char perms[5];
	uint64_t present;		/* pages */
	uint64_t pages[SHARING_CLASSES];
	uint64_t swap, migration;
	uint64_t refs, maps;		/* sums */
	uint64_t pss;			/* bytes */
	char *name;			/* owned by the record; unescaped */
};

struct frame_record {
	pid_t tgid;
	uint64_t va, pfn, pages;
	uint64_t refs, maps;		/* of each frame; ABSENT for special ... */
	char pte[8];
	uint64_t flags;			/* KPF_* bits */
	enum sharing_class sharing;
};

struct switch_record {
	unsigned int cpu;
	enum switch_class class;
	uint64_t count, ns;
};

struct latency_record {
	enum switch_class class;
	unsigned int bucket;
	uint64_t count;
};

struct tlb_record {
	unsigned int cpu;
	enum tlb_reason reason;
	enum tlb_outcome outcome;
	uint64_t count, pages;
};

struct birth_record {
	enum birth_kind kind;
	uint64_t count, pgtable_bytes, vmas, pages;
};

/*
 * What is counted for an address space and thread group. Each of the files
 * switches_mms, tlb_mms and births_mms fills its own part.
 */
enum account_count {
	ACCOUNT_SWITCHES,				/* by switch class */
	ACCOUNT_TLB = ACCOUNT_SWITCHES + SWITCH_CLASSES,	/* by reason and outcome */
	ACCOUNT_TLB_PAGES = ACCOUNT_TLB + TLB_REASONS * TLB_OUTCOMES,
	ACCOUNT_BIRTHS,					/* by kind */
	ACCOUNT_BIRTH_PGTABLE_BYTES = ACCOUNT_BIRTHS + BIRTH_KINDS,
	ACCOUNT_BIRTH_VMAS,
	ACCOUNT_BIRTH_PAGES,
	ACCOUNT_COUNTS
};

#define ACCOUNT_FLUSHES(reason, outcome) \
	(ACCOUNT_TLB + TLB_REASON_##reason * TLB_OUTCOMES + TLB_OUTCOME_##outcome)

struct account_record {
	object_id mm;			/* 0: gone, or no one's */
	pid_t tgid;			/* 0: no one's; comm says what the line is */
	uint64_t counts[ACCOUNT_COUNTS];
	char comm[64];
};

/* A key of `version` and its value, the rest of the line. */
struct version_record {
	char key[32];
	char value[96];
};

/* A probe of `enable`. */
struct probe_record {
	char name[16];
	bool attached;
};

/* One per file; they live in formats.c. `size` is that of the record. */
struct format {
	const char *file;
	size_t size;
	const struct field *fields;
	size_t nfields;
};

extern const struct format format_tasks, format_mms, format_vmas,
	format_frames, format_switches, format_latency, format_tlb,
	format_births, format_switches_mms, format_tlb_mms, format_births_mms,
	format_version, format_enable;

/* Where and why a file could not be read; `line` counts from 1. */
struct parse_error {
	unsigned long line;
	char why[160];
};

extern const char *const sharing_names[SHARING_CLASSES];
extern const char *const switch_names[SWITCH_CLASSES];
extern const char *const tlb_reason_names[TLB_REASONS];
extern const char *const tlb_outcome_names[TLB_OUTCOMES];
extern const char *const birth_names[BIRTH_KINDS];

/**
 * parse_file() - call back with each record of a stream
 * @in: the stream, at its first line
 * @format: which file this is; line 1 must name it and an ABI we know
 * @each: called with a record that lives until the next one; returns nonzero
 *	to stop. Strings owned by the record (vma name) are freed by the parser;
 *	who keeps a copy of the record calls record_own() on it.
 * @arg: handed on
 * @error: filled on failure
 *
 * Columns are found by the names in line 2, unknown ones are passed over, a
 * missing one is an error, as is every malformed or truncated line.
 *
 * Return: 0, what @each returned, or -1 with @error filled.
 */
int parse_file(FILE *in, const struct format *format,
	       int (*each)(const void *record, void *arg), void *arg,
	       struct parse_error *error);

/**
 * record_own() - make a copy of a record independent of the parser
 * @format: what the record is
 * @record: a plain copy; its strings are duplicated in place
 *
 * Return: 0, or -1 when memory ran out. Undo it with record_free().
 */
int record_own(const struct format *format, void *record);
/** record_free() - free the strings that a record owns */
void record_free(const struct format *format, void *record);
/** record_tgid() - the thread group of a record, or -1 if the format has none */
pid_t record_tgid(const struct format *format, const void *record);

#endif
