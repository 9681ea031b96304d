/* SPDX-License-Identifier: GPL-2.0 */
/* Counts what a program and its descendants do. */
#ifndef SHARESTAT_MEASURE_COUNTING_H
#define SHARESTAT_MEASURE_COUNTING_H

#include "model/run-counts.h"

/* A counting under way. */
struct stat_counting {
	struct family family;
	struct accounts before;
	double since;
};

/**
 * stat_begin() - begin to count; the probes are attached
 * @counting: filled
 * @tgids: whom to follow
 * @count: how many
 *
 * Return: 0, or -1 explained.
 */
int stat_begin(struct stat_counting *counting, const pid_t *tgids, size_t count);
/**
 * stat_read() - what was counted since stat_begin() or the last stat_read()
 * @counting: of stat_begin()
 * @run: filled
 *
 * Return: 0, or -1 explained.
 */
int stat_read(struct stat_counting *counting, struct stat_run *run);
void stat_end(struct stat_counting *counting);

#endif
