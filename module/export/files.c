// SPDX-License-Identifier: GPL-2.0
/* The debugfs tree. */
#include <linux/debugfs.h>
#include <linux/err.h>

#include "export/export.h"

/*
 * No ioctl, no mmap, modes within 0444 for what is only read: under lockdown
 * debugfs keeps such files readable.
 */
static const struct {
	const char *name;
	umode_t mode;
	const struct file_operations *fops;
} files[] = {
	{ "README",	0400, &readme_fops },
	{ "version",	0400, &version_fops },
	{ "tasks",	0400, &tasks_fops },
	{ "mms",	0400, &mms_fops },
	{ "vmas",	0400, &vmas_fops },
	{ "frames",	0400, &frames_fops },
	{ "frames.bin",	0400, &frames_bin_fops },
	{ "switches",	0400, &switches_fops },
	{ "latency",	0400, &latency_fops },
	{ "tlb",	0400, &tlb_fops },
	{ "births",	0400, &births_fops },
	{ "switches_mms", 0400, &switches_mms_fops },
	{ "tlb_mms",	0400, &tlb_mms_fops },
	{ "births_mms",	0400, &births_mms_fops },
	{ "set_pid",	0600, &set_pid_fops },
	{ "enable",	0600, &enable_fops },
	{ "reset",	0200, &reset_fops },
};

static struct dentry *directory;

int export_init(void)
{
	unsigned int i;

	directory = debugfs_create_dir("sharestat", NULL);
	if (IS_ERR(directory))
		return PTR_ERR(directory);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		struct dentry *file = debugfs_create_file(files[i].name, files[i].mode,
							  directory, NULL, files[i].fops);

		if (IS_ERR(file)) {
			debugfs_remove(directory);
			return PTR_ERR(file);
		}
	}
	return 0;
}

/*
 * No file is open here: each open one holds a reference to the module, taken
 * by debugfs from the fops' owner, so that rmmod says EBUSY.
 */
void export_exit(void)
{
	debugfs_remove(directory);
}
