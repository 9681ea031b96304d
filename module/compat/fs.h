/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_FS_H
#define SHARESTAT_COMPAT_FS_H

#include <linux/fs.h>

#include "compat/version.h"

/*
 * Since 6.8 a mapping of overlayfs is of the file below, whose path is the real
 * one; before, it had the path that the user sees.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
static inline const struct path *file_user_path(const struct file *file)
{
	return &file->f_path;
}
#endif

#endif /* SHARESTAT_COMPAT_FS_H */
