/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The prototypes of the tracepoints that are found by name: the compiler
 * cannot check them against the kernel's, so they stand here, one each.
 */
#ifndef SHARESTAT_COMPAT_TRACEPOINT_H
#define SHARESTAT_COMPAT_TRACEPOINT_H

#include <linux/mm_types.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>

#include "compat/version.h"

struct linux_binprm;

/* 6.1 has prev_state, 5.10 not. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#define PROTO_SCHED_SWITCH					\
	bool preempt, struct task_struct *prev, struct task_struct *next
#define CALL_SCHED_SWITCH(function, prev, next)			\
	function(NULL, false, prev, next)
#else
#define PROTO_SCHED_SWITCH					\
	bool preempt, struct task_struct *prev,			\
	struct task_struct *next, unsigned int prev_state
#define CALL_SCHED_SWITCH(function, prev, next)			\
	function(NULL, false, prev, next, 0)
#endif

#define PROTO_TLB_FLUSH int reason, unsigned long pages
/* The tracepoint is everywhere, but x86 alone calls it. NULL, or a word. */
#ifdef CONFIG_X86_64
#define WHY_NO_TLB_FLUSH NULL
#else
#define WHY_NO_TLB_FLUSH "never_traced_here"
#endif

/*
 * In 5.10 the CPU that has others flush runs their part as well, with nothing
 * left to do: it received nothing. A true receiver is interrupted, or idle.
 */
static inline bool tlb_flush_is_echo(int reason, unsigned long pages)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
	return reason == TLB_REMOTE_SHOOTDOWN && !pages && !hardirq_count() &&
	       !is_idle_task(current);
#else
	return false;
#endif
}

#define PROTO_TASK_NEWTASK struct task_struct *task, unsigned long clone_flags

#define PROTO_SCHED_PROCESS_EXEC				\
	struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm

#endif /* SHARESTAT_COMPAT_TRACEPOINT_H */
