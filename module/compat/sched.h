/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_SCHED_H
#define SHARESTAT_COMPAT_SCHED_H

#include <linux/sched.h>

/* Since 6.4 vhost's workers are user workers too; before, io_uring's alone, if any. */
#ifndef PF_IO_WORKER
#define PF_IO_WORKER 0
#endif
#ifndef PF_USER_WORKER
#define PF_USER_WORKER PF_IO_WORKER
#endif

/*
 * In 7.3 a task may work with another fs_struct for a while; what it shares is the
 * real one.
 */
static inline struct fs_struct *task_real_fs(const struct task_struct *task)
{
#ifdef HAVE_REAL_FS
	return task->real_fs;
#else
	return task->fs;
#endif
}

/* The thread pointer as last saved; each architecture keeps it elsewhere. */
static inline unsigned long task_thread_pointer(const struct task_struct *task)
{
#ifdef CONFIG_X86_64
	return task->thread.fsbase;
#else
	return task->thread.uw.tp_value;
#endif
}

#endif /* SHARESTAT_COMPAT_SCHED_H */
