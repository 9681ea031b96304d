/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_FS_H
#define SHARESTAT_COMPAT_FS_H

#include <linux/fs.h>

#include "compat/version.h"

/*
 * In 6.12 the file that an overlayfs has mapped is the one below, whose path is the
 * real one; up to 6.1 that file has the path that the user sees.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
static inline const struct path *file_user_path(const struct file *file)
{
	return &file->f_path;
}
#endif

#endif /* SHARESTAT_COMPAT_FS_H */
