/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sanity probe: an unknown kernel stops the build with a sentence instead
 * of taking an old branch in silence.
 */
#ifndef SHARESTAT_COMPAT_VERSION_H
#define SHARESTAT_COMPAT_VERSION_H

#include <linux/version.h>

/* LINUX_VERSION_CODE holds the series and the stable release in the last byte. */
#define SHARESTAT_IS_SERIES(major, minor) \
	((LINUX_VERSION_CODE >> 8) == (KERNEL_VERSION(major, minor, 0) >> 8))

#if !SHARESTAT_IS_SERIES(5, 10) && !SHARESTAT_IS_SERIES(6, 1) && \
	!SHARESTAT_IS_SERIES(6, 12) && !SHARESTAT_IS_SERIES(7, 3)
#error "sharestat is proven on Linux 5.10, 6.1, 6.12, 7.3; see Documentation/design.rst for others"
#endif

#ifndef CONFIG_X86_64
#error "sharestat has been proven on x86_64 only"
#endif

#endif /* SHARESTAT_COMPAT_VERSION_H */
