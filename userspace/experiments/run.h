/* SPDX-License-Identifier: GPL-2.0 */
/* Runs an experiment. */
#ifndef SHARESTAT_EXPERIMENTS_RUN_H
#define SHARESTAT_EXPERIMENTS_RUN_H

#include <stdbool.h>

#include "model/finding.h"

/* Why it came to no end. */
struct apart_end {
	char why[128];
};

/**
 * run_apart() - do something in a process of its own, which is killed when it hangs
 * @work: what it does
 * @arg: handed to it; only memory that is shared with children brings something back
 * @end: filled when it crashes or hangs
 *
 * Return: true when it came to its end.
 */
bool run_apart(void (*work)(void *arg), void *arg, struct apart_end *end);
/**
 * experiment_run() - let a claim be measured, in a process of its own
 * @finding: in memory that is shared with children; its claim is set. Becomes NOT
 *	MEASURABLE HERE, with the reason, when the experiment is killed or hangs.
 */
void experiment_run(struct finding *finding);
/** experiment_patience() - how many seconds it waits for one */
unsigned int experiment_patience(void);

#endif
