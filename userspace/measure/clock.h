/* SPDX-License-Identifier: GPL-2.0 */
/* The clock of all that is timed: CLOCK_MONOTONIC, which never goes back. */
#ifndef SHARESTAT_MEASURE_CLOCK_H
#define SHARESTAT_MEASURE_CLOCK_H

#include <stdint.h>

/** now_ns() - in nanoseconds */
uint64_t now_ns(void);
/** now_seconds() - the same in seconds */
double now_seconds(void);
/** sleep_until() - such a moment, in seconds */
void sleep_until(double time);

#endif
