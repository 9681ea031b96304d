/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_ISOLATION_H
#define SHARESTAT_COMPAT_ISOLATION_H

#include <linux/sched/isolation.h>

/*
 * Is it a CPU that somebody wants undisturbed: isolcpus=, nohz_full=, or an isolated
 * partition of cpusets? Up to 5.17 the kinds of isolation are flags, there is a word for
 * them all since 6.1, and in 7.3 that word has nohz_full= left out.
 */
static inline bool cpu_is_undisturbed(int cpu)
{
#if defined(HAVE_HK_FLAGS)
	return !housekeeping_cpu(cpu, HK_FLAG_DOMAIN) || !housekeeping_cpu(cpu, HK_FLAG_TICK);
#elif defined(HAVE_CPU_IS_ISOLATED)
	return cpu_is_isolated(cpu) || !housekeeping_test_cpu(cpu, HK_TYPE_TICK);
#else
	return !housekeeping_cpu(cpu, HK_TYPE_DOMAIN) || !housekeeping_cpu(cpu, HK_TYPE_TICK);
#endif
}

#endif /* SHARESTAT_COMPAT_ISOLATION_H */
