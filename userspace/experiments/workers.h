/* SPDX-License-Identifier: GPL-2.0 */
/* Workers: tasks that do one thing as often as they can, each on a CPU of its own. */
#ifndef SHARESTAT_EXPERIMENTS_WORKERS_H
#define SHARESTAT_EXPERIMENTS_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "experiments/actor.h"
#include "experiments/finding.h"

#define WORKERS_MAX 8

/* What one turn of all gave. */
struct turn {
	bool failed;		/* one could not be started, or could not do it */
	double rate;		/* thousands that they did a second, together; 0: came too late */
	double least_share;	/* of its CPU's time, that one of them had who had least */
};

/**
 * workers_are_parallel() - can tasks run side by side here, and wait for one another
 * @finding: becomes NOT MEASURABLE HERE, with the reason, when they cannot
 * @cpus: that there are for them
 */
bool workers_are_parallel(struct finding *finding, size_t cpus);

/**
 * workers_open() - as many workers as there are CPUs for them
 * @finding: becomes NOT MEASURABLE HERE, with the reason, when there is no memory for them
 * @cpus: of each
 * @count: how many, WORKERS_MAX at the most
 */
bool workers_open(struct finding *finding, const unsigned int *cpus, size_t count);
void workers_close(void);

/**
 * workers_turn() - all at once
 * @kind: processes or threads
 * @count: of those that there are
 * @ns: how long. What is shorter than the time slice of a task, a few milliseconds, often
 *	ends before another gets the CPU
 * @round: does it some times. Its argument is the worker's number; it returns how many
 *	times it did it, 0 for a failure
 */
struct turn workers_turn(enum actor_kind kind, size_t count, uint64_t ns,
			 uint64_t (*round)(size_t number));

#endif
