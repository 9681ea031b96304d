/* SPDX-License-Identifier: GPL-2.0 */
/* A snapshot, taken whole at open, as a seq_file. */
#ifndef SHARESTAT_EXPORT_VIEW_H
#define SHARESTAT_EXPORT_VIEW_H

#include "export/export.h"

/*
 * A snapshot as seq_file wants it: position 0 is the header, position n the
 * row n - 1. The snapshot itself is taken once and never walked again, however
 * often seq_file shows a row anew.
 */
struct view {
	void *snapshot, *rows;
	unsigned int count;
	size_t size;
	void (*free)(void *snapshot);
};

void *view_start(struct seq_file *m, loff_t *pos);
void *view_next(struct seq_file *m, void *v, loff_t *pos);
void view_stop(struct seq_file *m, void *v);
int view_open(struct file *file, const struct seq_operations *ops, struct view view);
int view_release(struct inode *inode, struct file *file);

#define VIEW_FOPS(name)							\
static const struct seq_operations name##_ops = {			\
	.start = view_start,						\
	.next = view_next,						\
	.stop = view_stop,						\
	.show = name##_show,						\
};									\
									\
const struct file_operations name##_fops = {				\
	.owner = THIS_MODULE,						\
	.open = name##_open,						\
	.read = seq_read,						\
	.llseek = seq_lseek,						\
	.release = view_release,					\
}

#endif /* SHARESTAT_EXPORT_VIEW_H */
