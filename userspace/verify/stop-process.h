/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stops processes one at a time and sees to it that each goes on: a process of
 * its own does the stopping, and continues what is stopped when it hears nothing
 * more of us, be it for ^C, a crash or SIGKILL.
 */
#ifndef SHARESTAT_VERIFY_STOP_PROCESS_H
#define SHARESTAT_VERIFY_STOP_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct guardian {
	pid_t pid;
	int orders, answers;		/* pipes */
};

/** guardian_start() - Return: 0, or -1 after an explanation */
int guardian_start(struct guardian *guardian);

/**
 * guardian_stop() - stop a process, until guardian_continue()
 * @guardian: who does it
 * @pid: the process
 *
 * Return: true when it stands still, also when somebody else had stopped it,
 * which is then left as it is.
 */
bool guardian_stop(struct guardian *guardian, pid_t pid);
void guardian_continue(struct guardian *guardian);

/** guardian_end() - continue what is stopped, and end */
void guardian_end(struct guardian *guardian);

#endif
