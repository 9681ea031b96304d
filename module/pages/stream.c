// SPDX-License-Identifier: GPL-2.0
/* The address spaces of a set of thread groups, one after the other. */
#include <linux/err.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "pages/pages.h"

/*
 * Written without a lock: of two that raise it at once the larger may be lost,
 * and the next long hold is seen again.
 */
static u64 longest_hold;

u64 stream_longest_hold(void)
{
	return READ_ONCE(longest_hold);
}

void stream_reset_hold(void)
{
	WRITE_ONCE(longest_hold, 0);
}

void stream_init(struct stream *stream, struct pids *pids,
		 const struct walk_ops *ops, void *data)
{
	stream->pids = pids;
	/* Of the opener: the file may be read by a task of another namespace. */
	stream->ns = get_pid_ns(task_active_pid_ns(current));
	stream->walk.ops = ops;
	stream->walk.data = data;
}

static void put_mm(struct stream *stream)
{
	if (stream->walk.mm)
		mmdrop(stream->walk.mm);
	stream->walk.mm = NULL;
}

void stream_exit(struct stream *stream)
{
	put_mm(stream);
	put_pid_ns(stream->ns);
	pids_free(stream->pids);
}

void stream_rewind(struct stream *stream)
{
	put_mm(stream);
	stream->index = 0;
}

/*
 * Between pieces only mm_count is held, as /proc/PID/maps does: a reader that
 * sleeps must not keep the memory of a process that exits.
 */
static void next_mm(struct stream *stream)
{
	struct pid *pid = stream->pids->pid[stream->index++];
	struct task_struct *task;
	struct mm_struct *mm;

	stream->tgid = pid_nr_ns(pid, stream->ns);
	/* set_pid may have been written to from another namespace. */
	if (!stream->tgid)
		return;
	task = get_pid_task(pid, PIDTYPE_TGID);
	if (!task)
		return;
	mm = get_task_mm(task);
	put_task_struct(task);
	if (!mm)
		return;
	mmgrab(mm);
	mmput(mm);
	stream->walk.mm = mm;
	stream->walk.next = 0;
}

int stream_piece(struct stream *stream)
{
	struct mm_struct *mm;
	int ret;

	if (signal_pending(current))
		return -ERESTARTSYS;
	if (!stream->walk.mm) {
		if (stream->index == stream->pids->count)
			return 0;
		next_mm(stream);
		return 1;
	}
	mm = stream->walk.mm;
	ret = 0;
	if (mmget_not_zero(mm)) {
		ret = walk_piece(&stream->walk);
		mmput(mm);
		if (stream->walk.held > stream_longest_hold())
			WRITE_ONCE(longest_hold, stream->walk.held);
	}
	if (ret)
		return ret;
	put_mm(stream);
	return 1;
}
