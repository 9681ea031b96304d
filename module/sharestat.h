/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all of the module knows: the ABI and the kernel. Collectors (tasks/, pages/,
 * events/) fill structs and never format them; export/ formats and never walks.
 *
 * Lock order, outermost first:
 *
 *	control_lock (events/control.c) > locks of the tracepoint core and of ftrace
 *	control_lock > tables_lock (events/accounts.c) > cpu_hotplug_lock
 *	filter_lock (tasks/pids.c)
 *	mmap_lock > i_mmap_rwsem (hugetlb) > RCU > page-table lock (pages/walk.c)
 *	RCU > task_lock (tasks/tasks.c, mms.c)
 */
#ifndef SHARESTAT_SHARESTAT_H
#define SHARESTAT_SHARESTAT_H

#include <linux/types.h>

#include "compat/version.h"
#include "uapi/sharestat.h"

#endif /* SHARESTAT_SHARESTAT_H */
