/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The prototypes of the tracepoints that are found by name, one each, so that
 * tracepoint.c can have the compiler hold them against the kernel's.
 */
#ifndef SHARESTAT_COMPAT_TRACEPOINT_H
#define SHARESTAT_COMPAT_TRACEPOINT_H

#include <linux/mm_types.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>

struct linux_binprm;

#ifdef HAVE_SCHED_SWITCH_PREV_STATE
#define PROTO_SCHED_SWITCH					\
	bool preempt, struct task_struct *prev,			\
	struct task_struct *next, unsigned int prev_state
#define CALL_SCHED_SWITCH(function, prev, next)			\
	function(NULL, false, prev, next, 0)
#else
#define PROTO_SCHED_SWITCH					\
	bool preempt, struct task_struct *prev, struct task_struct *next
#define CALL_SCHED_SWITCH(function, prev, next)			\
	function(NULL, false, prev, next)
#endif

#define PROTO_TLB_FLUSH int reason, unsigned long pages
/* The tracepoint is everywhere, but x86 alone calls it. NULL, or a word. */
#ifdef CONFIG_X86_64
#define REASON_NO_TLB_FLUSH NULL
#else
#define REASON_NO_TLB_FLUSH "never_traced_here"
#endif

#if defined(CONFIG_X86_64) && !defined(HAVE_FLUSH_TLB_MULTI) && !defined(HAVE_FLUSH_TLB_OTHERS)
#error "This kernel has others flush in a way that sharestat does not know"
#endif

/*
 * Before 5.13 the CPU that has others flush (flush_tlb_others()) runs their part as well,
 * with nothing left to do: it received nothing. A true receiver is interrupted, or idle.
 */
static inline bool tlb_flush_is_echo(int reason, unsigned long pages)
{
#if defined(CONFIG_X86_64) && !defined(HAVE_FLUSH_TLB_MULTI)
	return reason == TLB_REMOTE_SHOOTDOWN && !pages && !hardirq_count() &&
	       !is_idle_task(current);
#else
	return false;
#endif
}

#ifdef HAVE_CLONE_FLAGS_U64
#define PROTO_TASK_NEWTASK struct task_struct *task, u64 clone_flags
#else
#define PROTO_TASK_NEWTASK struct task_struct *task, unsigned long clone_flags
#endif

#define PROTO_SCHED_PROCESS_EXEC				\
	struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm

#endif /* SHARESTAT_COMPAT_TRACEPOINT_H */
