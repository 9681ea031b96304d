/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_FS_H
#define SHARESTAT_COMPAT_FS_H

#include <linux/fs.h>

/*
 * Since 6.7 the file that an overlayfs has mapped is the one below, whose path is the
 * real one; before, that file has the path that the user sees.
 */
#ifndef HAVE_FILE_USER_PATH
static inline const struct path *file_user_path(const struct file *file)
{
	return &file->f_path;
}
#endif

#endif /* SHARESTAT_COMPAT_FS_H */
