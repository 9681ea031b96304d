/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two processes, parent and child of a fork, that map some thousand pages in
 * each way that needs no set-up, and sleep: so that a verification of a quiet
 * machine has something of each kind to look at.
 */
#ifndef SHARESTAT_VERIFY_SAMPLE_PROCESSES_H
#define SHARESTAT_VERIFY_SAMPLE_PROCESSES_H

#include <sys/types.h>

struct specimen {
	pid_t pids[2];
	int end;		/* closed: they end */
};

/** specimen_start() - Return: 0 when both sleep, or -1 after an explanation */
int specimen_start(struct specimen *specimen);
void specimen_end(struct specimen *specimen);

#endif
