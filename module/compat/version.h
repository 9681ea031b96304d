/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sanity probe: an unknown kernel stops the build with a sentence instead
 * of taking an old branch in silence.
 */
#ifndef SHARESTAT_COMPAT_VERSION_H
#define SHARESTAT_COMPAT_VERSION_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0) || \
	LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#error "sharestat is proven on Linux 6.1 only; Documentation/design.rst tells how to add a kernel"
#endif

#ifndef CONFIG_X86_64
#error "sharestat has been proven on x86_64 only"
#endif

#endif /* SHARESTAT_COMPAT_VERSION_H */
