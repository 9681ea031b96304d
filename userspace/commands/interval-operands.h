/* SPDX-License-Identifier: GPL-2.0 */
/* [INTERVAL [COUNT]], as vmstat has it. */
#ifndef SHARESTAT_COMMANDS_INTERVAL_OPERANDS_H
#define SHARESTAT_COMMANDS_INTERVAL_OPERANDS_H

#include <stdint.h>

#define INTERVAL_OPERANDS "[INTERVAL [COUNT]]"

/**
 * interval_operands() - read them from argv[optind] on
 * @interval: in seconds; left alone when there is none
 * @count: UINT64_MAX when there is none
 * @argc: as given to run()
 * @argv: as given to run()
 *
 * Return: 0, or -1 after an explanation, also when more operands follow.
 */
int interval_operands(double *interval, uint64_t *count, int argc, char **argv);

#endif
