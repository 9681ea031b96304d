// SPDX-License-Identifier: GPL-2.0
/* The address spaces of a set of thread groups, one after the other. */
#include <linux/err.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

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
 * Of the first thread that has one: the leader may have ended, and the process lives on.
 * Those that have ended without it are soon gone, so few are passed by.
 */
static struct mm_struct *get_group_mm(struct pid *pid)
{
	struct task_struct *leader, *task;
	struct mm_struct *mm = NULL;

	rcu_read_lock();
	leader = pid_task(pid, PIDTYPE_TGID);
	if (leader) {
		for_each_thread(leader, task) {
			mm = get_task_mm(task);
			if (mm)
				break;
		}
	}
	rcu_read_unlock();
	return mm;
}

/*
 * Between chunks only mm_count is held, as /proc/PID/maps does: a reader that
 * sleeps must not keep the memory of a process that exits. Return: the next group's
 * with a reference for its first chunk, or NULL when it has none.
 */
static struct mm_struct *next_mm(struct stream *stream)
{
	struct pid *pid = stream->pids->pid[stream->index++];
	struct mm_struct *mm;

	stream->tgid = pid_nr_ns(pid, stream->ns);
	/* set_pid may have been written to from another namespace. */
	mm = stream->tgid ? get_group_mm(pid) : NULL;
	if (mm) {
		mmgrab(mm);
		stream->walk.mm = mm;
		stream->walk.next = 0;
	}
	return mm;
}

/* Not before it is read: a filter may come, and a list of all may be long. */
static int resolve(struct stream *stream)
{
	struct pids *pids = pids_all(stream->ns);

	if (IS_ERR(pids))
		return PTR_ERR(pids);
	stream->pids = pids;
	return 0;
}

/* Walks on in @mm, of which the reference is given up. */
static int walk_on(struct stream *stream, struct mm_struct *mm)
{
	int ret = walk_chunk(&stream->walk);

	mmput(mm);
	if (stream->walk.held > stream_longest_hold())
		WRITE_ONCE(longest_hold, stream->walk.held);
	return ret;
}

int stream_chunk(struct stream *stream)
{
	struct mm_struct *mm = stream->walk.mm;
	int ret = 0;

	if (signal_pending(current))
		return -ERESTARTSYS;
	if (!stream->pids)
		return resolve(stream) ?: 1;
	if (mm) {
		if (!mmget_not_zero(mm))
			mm = NULL;
	} else {
		if (stream->index == stream->pids->count)
			return 0;
		mm = next_mm(stream);
	}
	if (mm)
		ret = walk_on(stream, mm);
	if (ret)
		return ret;
	put_mm(stream);
	return 1;
}
