/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_COMPAT_SCHED_H
#define SHARESTAT_COMPAT_SCHED_H

#include <linux/sched.h>

#include "compat/version.h"

/* In 6.12 vhost's workers are user workers too; up to 6.1 io_uring's alone. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define PF_USER_WORKER PF_IO_WORKER
#endif

/*
 * In 7.3 a task may work with another fs_struct for a while; what it shares is the
 * real one.
 */
static inline struct fs_struct *task_real_fs(const struct task_struct *task)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 3, 0)
	return task->fs;
#else
	return task->real_fs;
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
