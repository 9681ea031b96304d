/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sanity probe: an unknown kernel stops the build with a sentence instead
 * of taking an old branch in silence.
 *
 * A condition in compat/ names the first of the series below that has the newer
 * form, whichever release between them brought it: so much was seen in their sources.
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

#if !defined(CONFIG_X86_64) && !defined(CONFIG_ARM64)
#error "sharestat is proven on x86_64 and arm64 only"
#endif

#if defined(CONFIG_ARM64) && !(SHARESTAT_IS_SERIES(6, 1) && defined(CONFIG_ARM64_4K_PAGES)) && \
	!(SHARESTAT_IS_SERIES(6, 12) && !defined(CONFIG_ARM64_64K_PAGES))
#error "sharestat is proven on arm64 with Linux 6.1 (pages of 4 KiB) and 6.12 (4 and 16 KiB) only"
#endif

#endif /* SHARESTAT_COMPAT_VERSION_H */
