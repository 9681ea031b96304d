/* SPDX-License-Identifier: GPL-2.0 */
/* Which thread of a process /proc has anything to say of. */
#ifndef SHARESTAT_WITNESS_LIVE_THREAD_H
#define SHARESTAT_WITNESS_LIVE_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * task_stat() - what /proc/TID/stat has behind the name
 * @tid: the task
 * @text: for the file
 * @size: of it; what is longer is cut off
 *
 * The name may have brackets, spaces and ends of lines in it.
 *
 * Return: in @text, from the state on; "" when the task is gone.
 */
const char *task_stat(pid_t tid, char *text, size_t size);

/**
 * task_forked() - was a task made by fork(2) or alike, and has not called exec since
 * @tid: the task
 */
bool task_forked(pid_t tid);

/** task_state() - the state letter of a task in /proc, or 0 when it is gone */
char task_state(pid_t tid);

/**
 * live_thread() - a thread of a process that has not ended
 * @pid: the process
 *
 * /proc/PID/smaps, pagemap, exe and others are empty once the main thread has ended, but
 * those of another thread, under its own number, are not.
 *
 * Return: @pid itself, unless it has ended and another lives on.
 */
pid_t live_thread(pid_t pid);

#endif
