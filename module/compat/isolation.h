/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_ISOLATION_H
#define SHARESTAT_COMPAT_ISOLATION_H

#include <linux/sched/isolation.h>

#include "compat/version.h"

/*
 * Is it a CPU that somebody wants undisturbed: isolcpus=, nohz_full=, or an isolated
 * partition of cpusets? In 5.10 the kinds of isolation are flags, and there is no word for
 * them all; in 7.3 that word has nohz_full= left out.
 */
static inline bool cpu_is_undisturbed(int cpu)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
	return !housekeeping_cpu(cpu, HK_FLAG_DOMAIN) || !housekeeping_cpu(cpu, HK_FLAG_TICK);
#else
	return cpu_is_isolated(cpu) || !housekeeping_test_cpu(cpu, HK_TYPE_TICK);
#endif
}

#endif /* SHARESTAT_COMPAT_ISOLATION_H */
