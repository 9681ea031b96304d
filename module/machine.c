// SPDX-License-Identifier: GPL-2.0
/* What machine this is, as far as it changes what figures mean. */
#include <linux/mm.h>
#include <linux/sched.h>

#include "compat/machine.h"
#include "compat/pgtable.h"
#include "machine.h"

/*
 * In software emulation nanoseconds are the emulator's and no TLB is real; any
 * other hypervisor runs on metal.
 */
const char *machine_kind(void)
{
	if (arch_is_emulated())
		return "emulated";
	return arch_has_hypervisor() ? "virtual" : "metal";
}

bool machine_has_pcid(void)
{
	return arch_has_asids();
}

bool machine_has_pti(void)
{
	return arch_isolates_kernel();
}

/* Those of all processes are the same here: whose is asked for makes no difference. */
unsigned int machine_pgtable_levels(void)
{
	return 5 - mm_p4d_folded(current->mm) - mm_pud_folded(current->mm) -
	       mm_pmd_folded(current->mm);
}
