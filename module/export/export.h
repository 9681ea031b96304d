/* SPDX-License-Identifier: GPL-2.0 */
/* What the files behind debugfs offer each other: seq_file is known here only. */
#ifndef SHARESTAT_EXPORT_EXPORT_H
#define SHARESTAT_EXPORT_EXPORT_H

#include <linux/fs.h>
#include <linux/seq_file.h>

#include "sharestat.h"

struct pids;

/* files.c */
int export_init(void);
void export_exit(void);

/* values.c: the two header lines, and values as the ABI wants them. */
void export_header(struct seq_file *m, const char *file, const char *columns);
void export_id(struct seq_file *m, const void *object);
void export_name(struct seq_file *m, const char *name);

/* Names, indexed by the enums of uapi/sharestat.h. */
extern const char *const sharing_names[], *const switch_names[],
	*const tlb_reason_names[], *const tlb_outcome_names[], *const birth_names[];

/*
 * A file that is formatted whole by name##_show(); as DEFINE_SHOW_ATTRIBUTE(),
 * but for files.c to see.
 */
#define EXPORT_SHOW(name)						\
static int name##_open(struct inode *inode, struct file *file)		\
{									\
	return single_open(file, name##_show, NULL);			\
}									\
									\
const struct file_operations name##_fops = {				\
	.owner = THIS_MODULE,						\
	.open = name##_open,						\
	.read = seq_read,						\
	.llseek = seq_lseek,						\
	.release = single_release,					\
}

/* snapshots.c */
extern const struct file_operations tasks_fops, mms_fops;
/* streams.c */
extern const struct file_operations vmas_fops, frames_fops;
/* frames-bin.c */
extern const struct file_operations frames_bin_fops;
/* counters.c */
extern const struct file_operations switches_fops, latency_fops, tlb_fops, births_fops;
/* accounts.c */
extern const struct file_operations switches_mms_fops, tlb_mms_fops, births_mms_fops;
/* control.c */
extern const struct file_operations readme_fops, version_fops, set_pid_fops,
	enable_fops, reset_fops;

/* control.c: a write's text, bounded and ended; free it with kfree() */
char *export_copy_text(const char __user *from, size_t size);

/* filter.c */

/**
 * export_filter_default() - what set_pid says: its groups, or all
 * Return: the set, NULL for all, or an ERR_PTR.
 */
struct pids *export_filter_default(void);

/**
 * export_filter_copy() - the filter that a reader writes into its own opening
 * @from: thread groups, none for all, and the words of @known options
 * @size: of the text in bytes
 * @known: FRAMES_* bits
 * @options: FRAMES_* bits are added to it
 *
 * Return: the set, NULL for all, or an ERR_PTR as of pids_parse().
 */
struct pids *export_filter_copy(const char __user *from, size_t size,
				unsigned int known, unsigned int *options);

#endif /* SHARESTAT_EXPORT_EXPORT_H */
