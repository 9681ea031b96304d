// SPDX-License-Identifier: GPL-2.0
/* The debugfs tree, and how values are written in it. */
#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/err.h>

#include "export/export.h"

#define NAMES(list) { list(SHARESTAT_NAME) }

const char *const sharing_names[] = NAMES(SHARESTAT_SHARING_CLASSES);
const char *const switch_names[] = NAMES(SHARESTAT_SWITCH_CLASSES);
const char *const tlb_reason_names[] = NAMES(SHARESTAT_TLB_REASONS);
const char *const tlb_outcome_names[] = NAMES(SHARESTAT_TLB_OUTCOMES);
const char *const birth_names[] = NAMES(SHARESTAT_BIRTH_KINDS);

void export_header(struct seq_file *m, const char *file, const char *columns)
{
	seq_printf(m, "# sharestat %s %d\n# %s\n", file, SHARESTAT_ABI, columns);
}

void export_id(struct seq_file *m, const void *object)
{
	if (object)
		seq_printf(m, " %014llx", sharestat_id(object));
	else
		seq_puts(m, " -");
}

void export_name(struct seq_file *m, const char *name)
{
	for (; *name; name++) {
		unsigned char c = *name;

		if (c == '\\' || c <= ' ' || c >= 0x7f)
			seq_printf(m, "\\%03o", c);
		else
			seq_putc(m, c);
	}
}

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
