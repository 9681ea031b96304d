// SPDX-License-Identifier: GPL-2.0
/*
 * How long to wait for an experiment; apart from who waits, so that the tests can put
 * another in its place.
 */
#include "experiments/run.h"

/* The longest takes a minute with every detector of bugs on. */
#define PATIENCE_S	300

unsigned int experiment_patience(void)
{
	return PATIENCE_S;
}
