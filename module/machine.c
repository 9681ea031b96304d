// SPDX-License-Identifier: GPL-2.0
/* What machine this is, as far as it changes what figures mean. */
#include <linux/string.h>

#include "compat/cpuid.h"
#include "sharestat.h"

/*
 * QEMU's software emulation signs as TCG, where nanoseconds are the emulator's
 * and no TLB is real; another signature is a hypervisor that runs on metal.
 */
const char *machine_kind(void)
{
	if (!boot_cpu_has(X86_FEATURE_HYPERVISOR))
		return "metal";
	if (cpuid_base_hypervisor("TCGTCGTCGTCG", 0))
		return "emulated";
	return "virtual";
}

bool machine_has_pcid(void)
{
	return boot_cpu_has(X86_FEATURE_PCID);
}

bool machine_has_pti(void)
{
	return boot_cpu_has(X86_FEATURE_PTI);
}
