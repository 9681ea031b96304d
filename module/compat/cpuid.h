/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_CPUID_H
#define SHARESTAT_COMPAT_CPUID_H

#include <asm/cpufeature.h>
#include <asm/processor.h>

/* hypervisor_cpuid_base() as long as there was no header of its own. */
#ifdef HAVE_CPUID_API
#include <asm/cpuid/api.h>
#else
static inline u32 cpuid_base_hypervisor(const char *signature, u32 leaves)
{
	return hypervisor_cpuid_base(signature, leaves);
}
#endif

#endif /* SHARESTAT_COMPAT_CPUID_H */
