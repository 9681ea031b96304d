/* SPDX-License-Identifier: GPL-2.0 */
/* Runs an experiment. */
#ifndef SHARESTAT_EXPERIMENTS_RUN_H
#define SHARESTAT_EXPERIMENTS_RUN_H

#include "model/finding.h"

/**
 * experiment_run() - let a claim be measured, in a process of its own
 * @finding: in memory that is shared with children; its claim is set. Becomes NOT
 *	MEASURABLE HERE, with the reason, when the experiment is killed or hangs.
 */
void experiment_run(struct finding *finding);
/** experiment_patience() - how many seconds it waits for one */
unsigned int experiment_patience(void);

#endif
