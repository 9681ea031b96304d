/* SPDX-License-Identifier: GPL-2.0 */
/* What the lines of the module's files are in the tool, whoever reads them. */
#ifndef SHARESTAT_READ_RECORDS_H
#define SHARESTAT_READ_RECORDS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "uapi/sharestat.h"

/* A value that the file shows as "-". */
#define ABSENT UINT64_MAX

/* Ids are keyed per module load: compare for equality only. 0 is "none". */
typedef uint64_t object_id;

#define ID_DIGITS 14			/* as shown */

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
	uint64_t rss, uss, private_hugetlb, shared_hugetlb, lazyfree, mlocked;	/* of those */
	uint64_t swap, migration, empty_tables;
	uint64_t refs, maps;		/* sums */
	uint64_t pss, hugetlb_pss;	/* bytes */
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
	uint64_t count, pgtables, vmas, pages;
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
	ACCOUNT_BIRTH_PGTABLES = ACCOUNT_BIRTHS + BIRTH_KINDS,
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
	char switched[4];		/* on or off: for all, whoever holds it */
};

/* A bit of the flags that the kernel's header has for developers, and not for programs. */
#define KPF_MLOCKED 33

/* Neighbouring pages on neighbouring frames that agree in all the rest. */
struct frame_run {
	uint64_t va, pfn, flags;	/* flags: KPF_* bits */
	uint32_t pages;			/* of the base page size */
	uint32_t refs, maps;		/* of each frame; 0 when there is none to count */
	pid_t tgid;
	uint8_t sharing;		/* enum sharing_class */
	uint8_t pte;			/* SHARESTAT_PTE_* */
};

#endif
