/* SPDX-License-Identifier: GPL-2.0 */
/* What each architecture says of the machine, for machine.c. */
#ifndef SHARESTAT_COMPAT_MACHINE_H
#define SHARESTAT_COMPAT_MACHINE_H

#ifdef CONFIG_X86_64
#include "compat/cpuid.h"

static inline bool arch_has_hypervisor(void)
{
	return boot_cpu_has(X86_FEATURE_HYPERVISOR);
}

/* QEMU's software emulation signs as TCG. */
static inline bool arch_is_emulated(void)
{
	return arch_has_hypervisor() && cpuid_base_hypervisor("TCGTCGTCGTCG", 0);
}

static inline bool arch_has_asids(void)
{
	return boot_cpu_has(X86_FEATURE_PCID);
}

static inline bool arch_isolates_kernel(void)
{
	return boot_cpu_has(X86_FEATURE_PTI);
}
#else
#include <linux/arm-smccc.h>
#include <linux/mm.h>
#include <asm/cputype.h>

/* A guest calls the one above it by HVC; firmware on metal is called by SMC. */
static inline bool arch_has_hypervisor(void)
{
	return arm_smccc_1_1_get_conduit() == SMCCC_CONDUIT_HVC;
}

/*
 * The processor "max" of QEMU's software emulation, which nobody makes. One that
 * is emulated under the name of a real one passes for that one.
 */
static inline bool arch_is_emulated(void)
{
	return read_cpuid_implementor() == 0 && read_cpuid_part_number() == 'Q';
}

/* Every ARMv8 tags what its TLB holds. */
static inline bool arch_has_asids(void)
{
	return true;
}

static inline bool arch_isolates_kernel(void)
{
	return arm64_kernel_unmapped_at_el0();
}
#endif

#endif /* SHARESTAT_COMPAT_MACHINE_H */
