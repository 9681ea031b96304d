// SPDX-License-Identifier: GPL-2.0
/* The clock of all that is timed. */
#include <errno.h>
#include <time.h>

#include "measure/clock.h"

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

double now_seconds(void)
{
	return (double)now_ns() / 1e9;
}

void sleep_until(double time)
{
	struct timespec at = { .tv_sec = (time_t)time };

	at.tv_nsec = (long)((time - (double)at.tv_sec) * 1e9);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
		;
}
