// SPDX-License-Identifier: GPL-2.0
/*
 * What the compiler checks of the kernel that the module is built for, once: that the
 * prototypes of tracepoint.h are the kernel's. A probe that is attached by name would get
 * other arguments in silence. Nothing here is called.
 */
#include <linux/mm_types.h>
#include <linux/sched.h>
#include <trace/events/sched.h>
#include <trace/events/task.h>
#include <trace/events/tlb.h>

#include "compat/tracepoint.h"
#include "compat/version.h"

#ifndef SHARESTAT_IS_PROVEN
#warning "sharestat is not proven on this kernel: compare it with /proc, sharestat verify"
#endif

static void on_switch(void *unused, PROTO_SCHED_SWITCH)
{
}

static void on_flush(void *unused, PROTO_TLB_FLUSH)
{
}

static void on_newtask(void *unused, PROTO_TASK_NEWTASK)
{
}

static void on_exec(void *unused, PROTO_SCHED_PROCESS_EXEC)
{
}

static void __maybe_unused check_prototypes(void)
{
	check_trace_callback_type_sched_switch(on_switch);
	check_trace_callback_type_tlb_flush(on_flush);
	check_trace_callback_type_task_newtask(on_newtask);
	check_trace_callback_type_sched_process_exec(on_exec);
}
