/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_CPUID_H
#define SHARESTAT_COMPAT_CPUID_H

#include <asm/cpufeature.h>
#include <asm/processor.h>

#include "compat/version.h"

/* hypervisor_cpuid_base() up to 6.12; 7.3 has it in a header of its own. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 3, 0)
static inline u32 cpuid_base_hypervisor(const char *signature, u32 leaves)
{
	return hypervisor_cpuid_base(signature, leaves);
}
#else
#include <asm/cpuid/api.h>
#endif

#endif /* SHARESTAT_COMPAT_CPUID_H */
