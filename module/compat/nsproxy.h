/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_NSPROXY_H
#define SHARESTAT_COMPAT_NSPROXY_H

#include <linux/nsproxy.h>
#include <linux/refcount.h>

#include "compat/version.h"

/* The count is an atomic_t up to 6.1 and a refcount_t in 6.12. */
static inline int nsproxy_users(const struct nsproxy *nsproxy)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	return atomic_read(&nsproxy->count);
#else
	return refcount_read(&nsproxy->count);
#endif
}

#endif /* SHARESTAT_COMPAT_NSPROXY_H */
