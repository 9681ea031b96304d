/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of our own: they fire while the probe of the same subject is
 * attached, so that perf, trace-cmd and bpftrace can record what it saw.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM sharestat

#if !defined(SHARESTAT_EVENTS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define SHARESTAT_EVENTS_TRACE_H

#include <linux/tracepoint.h>

#include "events/events.h"
#include "tasks/tasks.h"

/* The enums of uapi/sharestat.h, for the tools that print the numbers. */
#define SHARESTAT_TRACE_SWITCH(id, name)	{ SWITCH_##id, name },
#define SHARESTAT_TRACE_REASON(id, name)	{ TLB_REASON_##id, name },
#define SHARESTAT_TRACE_OUTCOME(id, name)	{ TLB_OUTCOME_##id, name },
#define SHARESTAT_TRACE_BIRTH(id, name)		{ BIRTH_##id, name },

/* Tells the tools which number a name in the print format stands for. */
#define SHARESTAT_DEFINE_SWITCH(id, name)	TRACE_DEFINE_ENUM(SWITCH_##id);
#define SHARESTAT_DEFINE_REASON(id, name)	TRACE_DEFINE_ENUM(TLB_REASON_##id);
#define SHARESTAT_DEFINE_OUTCOME(id, name)	TRACE_DEFINE_ENUM(TLB_OUTCOME_##id);
#define SHARESTAT_DEFINE_BIRTH(id, name)	TRACE_DEFINE_ENUM(BIRTH_##id);

SHARESTAT_SWITCH_CLASSES(SHARESTAT_DEFINE_SWITCH)
SHARESTAT_TLB_REASONS(SHARESTAT_DEFINE_REASON)
SHARESTAT_TLB_OUTCOMES(SHARESTAT_DEFINE_OUTCOME)
SHARESTAT_BIRTH_KINDS(SHARESTAT_DEFINE_BIRTH)

TRACE_EVENT(switch,
	TP_PROTO(enum switch_class class, const struct task_struct *prev,
		 const struct task_struct *next),
	TP_ARGS(class, prev, next),
	TP_STRUCT__entry(
		__field(u8, class)
		__field(pid_t, prev_pid)
		__field(pid_t, next_pid)
		__field(u64, prev_mm)
		__field(u64, next_mm)
	),
	TP_fast_assign(
		__entry->class = class;
		__entry->prev_pid = prev->pid;
		__entry->next_pid = next->pid;
		__entry->prev_mm = prev->mm ? sharestat_id(prev->mm) : 0;
		__entry->next_mm = next->mm ? sharestat_id(next->mm) : 0;
	),
	TP_printk("class=%s prev_pid=%d next_pid=%d prev_mm=%014llx next_mm=%014llx",
		  __print_symbolic(__entry->class,
				   SHARESTAT_SWITCH_CLASSES(SHARESTAT_TRACE_SWITCH)
				   { -1, NULL }),
		  __entry->prev_pid, __entry->next_pid, __entry->prev_mm,
		  __entry->next_mm)
);

TRACE_EVENT(tlb_flush,
	TP_PROTO(int reason, enum tlb_outcome outcome, unsigned long pages,
		 const struct task_struct *charged),
	TP_ARGS(reason, outcome, pages, charged),
	TP_STRUCT__entry(
		__field(int, reason)
		__field(u8, outcome)
		__field(unsigned long, pages)
		__field(pid_t, tgid)
		__field(u64, mm)
	),
	TP_fast_assign(
		__entry->reason = reason;
		__entry->outcome = outcome;
		__entry->pages = pages;
		__entry->tgid = charged ? charged->tgid : 0;
		__entry->mm = charged && charged->mm ? sharestat_id(charged->mm) : 0;
	),
	TP_printk("reason=%s outcome=%s pages=%ld tgid=%d mm=%014llx",
		  __print_symbolic(__entry->reason,
				   SHARESTAT_TLB_REASONS(SHARESTAT_TRACE_REASON)
				   { -1, NULL }),
		  __print_symbolic(__entry->outcome,
				   SHARESTAT_TLB_OUTCOMES(SHARESTAT_TRACE_OUTCOME)
				   { -1, NULL }),
		  __entry->pages, __entry->tgid, __entry->mm)
);

TRACE_EVENT(birth,
	TP_PROTO(enum birth_kind kind, const struct task_struct *task,
		 unsigned long pgtables, unsigned long vmas, unsigned long pages),
	TP_ARGS(kind, task, pgtables, vmas, pages),
	TP_STRUCT__entry(
		__field(u8, kind)
		__field(pid_t, pid)
		__field(pid_t, tgid)
		__field(u64, mm)
		__field(unsigned long, pgtables)
		__field(unsigned long, vmas)
		__field(unsigned long, pages)
	),
	TP_fast_assign(
		__entry->kind = kind;
		__entry->pid = task->pid;
		__entry->tgid = task->tgid;
		__entry->mm = task->mm ? sharestat_id(task->mm) : 0;
		__entry->pgtables = pgtables;
		__entry->vmas = vmas;
		__entry->pages = pages;
	),
	TP_printk("kind=%s pid=%d tgid=%d mm=%014llx pgtables=%lu vmas=%lu pages=%lu",
		  __print_symbolic(__entry->kind,
				   SHARESTAT_BIRTH_KINDS(SHARESTAT_TRACE_BIRTH)
				   { -1, NULL }),
		  __entry->pid, __entry->tgid, __entry->mm, __entry->pgtables,
		  __entry->vmas, __entry->pages)
);

#endif /* SHARESTAT_EVENTS_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH events
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
