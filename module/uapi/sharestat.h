/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What the module and its readers have in common: the ABI version and the
 * names, in their order, of everything that is counted by class. The order is
 * ABI: it is the order of the columns and the value of the enums. Append only.
 */
#ifndef SHARESTAT_UAPI_SHARESTAT_H
#define SHARESTAT_UAPI_SHARESTAT_H

#include <linux/types.h>

#define SHARESTAT_ABI 1
#define SHARESTAT_VERSION "0.1.0"

/* Why a mapping is, or is not, shared. Exactly one per mapping. */
#define SHARESTAT_SHARING_CLASSES(X)	\
	X(PRIVATE,	"private")	\
	X(COW,		"cow")		\
	X(TEXT,		"text")		\
	X(RODATA,	"rodata")	\
	X(LIBTEXT,	"libtext")	\
	X(LIBRODATA,	"librodata")	\
	X(FILECOW,	"filecow")	\
	X(MAPFILE,	"mapfile")	\
	X(MAPANON,	"mapanon")	\
	X(MEMFD,	"memfd")	\
	X(POSIXSHM,	"posixshm")	\
	X(SYSVSHM,	"sysvshm")	\
	X(KSM,		"ksm")		\
	X(ZERO,		"zero")		\
	X(HUGETLB,	"hugetlb")	\
	X(SPECIAL,	"special")	\
	X(DEVICE,	"device")

/* A context switch as the address space sees it. */
#define SHARESTAT_SWITCH_CLASSES(X)	\
	X(THREAD,	"thread")	\
	X(PROCESS,	"process")	\
	X(TO_KERNEL,	"to_kernel")	\
	X(RETURN,	"return")	\
	X(RETURN_OTHER,	"return_other")	\
	X(KERNEL,	"kernel")

/* What became of the TLB. */
#define SHARESTAT_TLB_OUTCOMES(X)	\
	X(KEPT,		"kept")		\
	X(RANGE,	"range")	\
	X(FULL,		"full")

/*
 * enum tlb_flush_reason of the kernel; the last two since 7.2. A reason that
 * is not in this list is counted in one more row, "other".
 */
#define SHARESTAT_TLB_REASONS(X)			\
	X(TASK_SWITCH,		"task_switch")		\
	X(REMOTE_SHOOTDOWN,	"remote_shootdown")	\
	X(LOCAL_SHOOTDOWN,	"local_shootdown")	\
	X(LOCAL_MM_SHOOTDOWN,	"local_mm_shootdown")	\
	X(REMOTE_SEND_IPI,	"remote_send_ipi")	\
	X(REMOTE_WRONG_CPU,	"remote_wrong_cpu")	\
	X(OTHER,		"other")

/* How a task came to be, or to run another program. */
#define SHARESTAT_BIRTH_KINDS(X)	\
	X(FORK,		"fork")		\
	X(VFORK,	"vfork")	\
	X(THREAD,	"thread")	\
	X(SHAREVM,	"sharevm")	\
	X(EXEC,		"exec")		\
	X(KTHREAD,	"kthread")

#define SHARESTAT_ENUM_SHARING(id, name)	SHARING_##id,
#define SHARESTAT_ENUM_SWITCH(id, name)		SWITCH_##id,
#define SHARESTAT_ENUM_TLB_OUTCOME(id, name)	TLB_OUTCOME_##id,
#define SHARESTAT_ENUM_TLB_REASON(id, name)	TLB_REASON_##id,
#define SHARESTAT_ENUM_BIRTH(id, name)		BIRTH_##id,
#define SHARESTAT_NAME(id, name)		name,

enum sharing_class {
	SHARESTAT_SHARING_CLASSES(SHARESTAT_ENUM_SHARING)
	SHARING_CLASSES
};

enum switch_class {
	SHARESTAT_SWITCH_CLASSES(SHARESTAT_ENUM_SWITCH)
	SWITCH_CLASSES
};

enum tlb_outcome {
	SHARESTAT_TLB_OUTCOMES(SHARESTAT_ENUM_TLB_OUTCOME)
	TLB_OUTCOMES
};

enum tlb_reason {
	SHARESTAT_TLB_REASONS(SHARESTAT_ENUM_TLB_REASON)
	TLB_REASONS
};

enum birth_kind {
	SHARESTAT_BIRTH_KINDS(SHARESTAT_ENUM_BIRTH)
	BIRTH_KINDS
};

/*
 * frames.bin: records of one size, little endian. First a header, then runs of
 * neighbouring pages on neighbouring frames that agree in all that is shown,
 * last an end record, without which the stream is not whole.
 */
#define SHARESTAT_BIN_MAGIC 0x54414853U		/* "SHAT" */

#define SHARESTAT_RUN_HEADER	1
#define SHARESTAT_RUN_PAGES	2
#define SHARESTAT_RUN_END	3

/* Bits of sharestat_run.pte */
#define SHARESTAT_PTE_WRITE	0x01
#define SHARESTAT_PTE_EXEC	0x02
#define SHARESTAT_PTE_DIRTY	0x04
#define SHARESTAT_PTE_YOUNG	0x08
#define SHARESTAT_PTE_SPECIAL	0x10	/* zero page, device, vdso */
#define SHARESTAT_PTE_PMD	0x20
#define SHARESTAT_PTE_PUD	0x40
#define SHARESTAT_PTE_TABLE	0x80	/* PMD, in a page table that address spaces share */

struct sharestat_run {
	__le64 va;		/* of the first page; header: page size */
	__le64 pfn;		/* of the first frame; end: pages in all */
	__le64 flags;		/* KPF_*; end: records between header and end */
	__le32 pages;		/* base pages; header: SHARESTAT_BIN_MAGIC */
	__le32 refs, maps;	/* of each frame, 0: not counted; header: SHARESTAT_ABI and 0 */
	__le32 tgid;		/* header: size of a record in bytes */
	__u8 type;		/* SHARESTAT_RUN_* */
	__u8 sharing;		/* enum sharing_class */
	__u8 pte;		/* SHARESTAT_PTE_* */
	__u8 reserved[5];
};

#endif /* SHARESTAT_UAPI_SHARESTAT_H */
