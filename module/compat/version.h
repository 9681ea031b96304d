/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which kernels sharestat was seen on. That is all that a version decides: what a kernel
 * has, its headers say (features.mk).
 */
#ifndef SHARESTAT_COMPAT_VERSION_H
#define SHARESTAT_COMPAT_VERSION_H

#include <linux/version.h>

/* The oldest that it was built for, RHEL 8's. Others before 5.10 features.mk refuses. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 18, 0)
#error "sharestat needs Linux 5.10 or a newer one, or RHEL 8; see Documentation/install.rst"
#endif

#if !defined(CONFIG_X86_64) && !defined(CONFIG_ARM64)
#error "sharestat needs x86_64 or arm64; see Documentation/design.rst for another one"
#endif

/* Why nobody knows whether its numbers are true here: NULL, or a word. The newest was 7.3. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 4, 0)
#define REASON_NOT_PROVEN "newer_than_7.3"
#elif defined(CONFIG_ARM64_64K_PAGES)
#define REASON_NOT_PROVEN "pages_of_64_KiB"
#else
#define SHARESTAT_IS_PROVEN
#define REASON_NOT_PROVEN NULL
#endif

#endif /* SHARESTAT_COMPAT_VERSION_H */
