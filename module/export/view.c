// SPDX-License-Identifier: GPL-2.0
/* A snapshot, taken whole at open, as a seq_file. */
#include "export/view.h"

void *view_start(struct seq_file *m, loff_t *pos)
{
	const struct view *view = m->private;

	if (!*pos)
		return SEQ_START_TOKEN;
	return *pos <= view->count ? view->rows + (*pos - 1) * view->size : NULL;
}

void *view_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return view_start(m, pos);
}

void view_stop(struct seq_file *m, void *v)
{
}

/**
 * view_open() - give an opening its snapshot
 * @file: the opening
 * @ops: shows a row
 * @view: the snapshot, copied; freed with its own function when this fails, too
 *
 * Return: 0 or -errno.
 */
int view_open(struct file *file, const struct seq_operations *ops, struct view view)
{
	struct view *opened = __seq_open_private(file, ops, sizeof(view));

	if (!opened) {
		view.free(view.snapshot);
		return -ENOMEM;
	}
	*opened = view;
	return 0;
}

int view_release(struct inode *inode, struct file *file)
{
	const struct view *view = ((struct seq_file *)file->private_data)->private;

	view->free(view->snapshot);
	return seq_release_private(inode, file);
}
