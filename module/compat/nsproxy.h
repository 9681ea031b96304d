/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_NSPROXY_H
#define SHARESTAT_COMPAT_NSPROXY_H

#include <linux/nsproxy.h>
#include <linux/refcount.h>

/* The count is an atomic_t up to 6.5 and a refcount_t since; else this is an error. */
static inline int nsproxy_users(const struct nsproxy *nsproxy)
{
	return _Generic(&nsproxy->count,
			const atomic_t *: atomic_read((const void *)&nsproxy->count),
			const refcount_t *: refcount_read((const void *)&nsproxy->count));
}

#endif /* SHARESTAT_COMPAT_NSPROXY_H */
