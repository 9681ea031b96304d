/* SPDX-License-Identifier: GPL-2.0 */
/* A process that somebody asked for, and that is there no more. */
#ifndef SHARESTAT_READ_ENDED_H
#define SHARESTAT_READ_ENDED_H

#include <sys/types.h>

/**
 * process_ended() - says that a process has ended
 * @tgid: the process
 *
 * Whoever finds out, and whenever, before it is looked at or meanwhile. Who says it
 * fails with EXIT_FAILURE: what was asked for cannot be told.
 */
void process_ended(pid_t tgid);

#endif
