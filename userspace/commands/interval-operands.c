// SPDX-License-Identifier: GPL-2.0
/* [INTERVAL [COUNT]], as vmstat has it. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "commands/command.h"
#include "commands/interval-operands.h"
#include "lib/parse-number.h"

static int parse_interval(const char *text, double *interval)
{
	if (parse_real(interval, text, 0.01, 86400))
		return 0;
	warnx("the interval is a number of seconds from 0.01 to 86400, not '%s'", text);
	return -1;
}

static int parse_count(const char *text, uint64_t *count)
{
	if (parse_whole(count, text, 1, UINT64_MAX))
		return 0;
	warnx("the count is a number from 1, not '%s'", text);
	return -1;
}

int interval_operands(double *interval, uint64_t *count, int argc, char **argv)
{
	*count = UINT64_MAX;
	if (optind < argc && parse_interval(argv[optind++], interval))
		return -1;
	if (optind < argc && parse_count(argv[optind++], count))
		return -1;
	return options_no_operands(argc, argv);
}
