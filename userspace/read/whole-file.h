/* SPDX-License-Identifier: GPL-2.0 */
/* A whole file of the module as an array: opened, parsed and closed in one call. */
#ifndef SHARESTAT_READ_WHOLE_FILE_H
#define SHARESTAT_READ_WHOLE_FILE_H

#include "lib/pid-list.h"
#include "read/formats.h"
#include "read/snapshot.h"

/**
 * snapshot_read() - read one file whole
 * @snapshot: filled; free it with snapshot_free()
 * @format: which file
 * @tgids: for vmas and frames: the thread groups wanted, or NULL for all
 *	(works on recordings too, and on tasks, where it filters by tgid)
 * @count: how many
 *
 * Return: 0, or -1 after an explanation on standard error; also when one of
 * @tgids has ended, or there is nothing of them in the file.
 */
int snapshot_read(struct snapshot *snapshot, const struct format *format,
		  const pid_t *tgids, size_t count);
/**
 * snapshot_read_process() - vmas or frames of a process that may end meanwhile
 * @snapshot: filled; free it with snapshot_free()
 * @format: which file
 * @tgid: the process
 * @gone: set to whether it is
 *
 * Return: 0, or -1 after an explanation; without one when *@gone is set.
 */
int snapshot_read_process(struct snapshot *snapshot, const struct format *format, pid_t tgid,
			  bool *gone);
/**
 * records_read() - the same, one record after the other
 * @format: which file
 * @tgids: as for snapshot_read()
 * @count: how many
 * @each: called with each record, which it may not keep; an errno ends the reading
 * @arg: handed to @each
 *
 * Return: as snapshot_read().
 */
int records_read(const struct format *format, const pid_t *tgids, size_t count,
		 int (*each)(const void *record, void *arg), void *arg);
/**
 * processes_remain() - do those still live that were not in a file?
 * @asked: who was asked for; pid_list_note() has met the others
 *
 * Who lives may have nothing there: all of its pages are swapped out.
 *
 * Return: 0, or -1 after an explanation.
 */
int processes_remain(const struct pid_list *asked);
/** page_size() - of the machine that the files are from; 0 after an explanation */
uint64_t page_size(void);

#endif
