// SPDX-License-Identifier: GPL-2.0
/* sharestat top: a live screen, or its lines for a pipe. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "commands/processes.h"
#include "lib/parse-number.h"
#include "measure/clock.h"
#include "measure/machine.h"
#include "measure/top-sample.h"
#include "model/top-sample.h"
#include "read/probes.h"
#include "show/top.h"

#define BATCH_WIDTH 512

enum { OPTION_CPUS = 256, OPTION_BATCH, OPTION_ITERATIONS };

static const struct command_option own_options[] = {
	{ "batch", OPTION_BATCH, NULL, "print lines, for a file or a pipe" },
	{ "iterations", OPTION_ITERATIONS, "N", "end after N intervals" },
	{ "delay", 'd', "SECONDS", "length of an interval (1)" },
	{ "sort", 's', "COLUMN", "sort by this column" },
	{ "cpus", OPTION_CPUS, NULL, "a line for each CPU, not for each process" },
	{ 0 }
};

struct request {
	struct top_choice choice;
	bool batch;
	uint64_t count;
	const char *sort;
};

static int parse_count(struct request *request, const char *text)
{
	if (parse_whole(&request->count, text, 1, UINT64_MAX))
		return 0;
	warnx("--iterations takes a number from 1, not '%s'", text);
	return -1;
}

static int parse_delay(struct request *request, const char *text)
{
	if (parse_real(&request->choice.delay, text, 0.1, 3600))
		return 0;
	warnx("-d takes seconds from 0.1 to 3600, not '%s'", text);
	return -1;
}

static int choose_sort(struct request *request)
{
	const struct top_column *columns = top_columns(request->choice.view);

	for (size_t i = 0; columns[i].name; i++)
		if (!strcasecmp(columns[i].name, request->sort)) {
			request->choice.sort[request->choice.view] = i;
			return 0;
		}
	warnx("-s: no column '%s'; there are:", request->sort);
	for (; columns->name; columns++)
		fprintf(stderr, "%s%s", columns->name, columns[1].name ? "," : "\n");
	return -1;
}

static int take_option(struct request *request, int option)
{
	switch (option) {
	case OPTION_BATCH:
		request->batch = true;
		return 0;
	case OPTION_ITERATIONS:
		return parse_count(request, optarg);
	case 'd':
		return parse_delay(request, optarg);
	case 's':
		request->sort = optarg;
		return 0;
	case OPTION_CPUS:
		request->choice.view = TOP_CPUS;
		return 0;
	}
	return -1;
}

static int parse(struct request *request, int argc, char **argv, struct options *options)
{
	int option;

	while ((option = options_next(argc, argv, &command_top, options)) != -1)
		if (take_option(request, option))
			return -1;
	if (options_no_operands(argc, argv) || (request->sort && choose_sort(request)))
		return -1;
	if (options_processes(options, NEEDS_MEMORY))
		return -1;
	request->choice.pids = options->pids;
	request->choice.npids = options->npids;
	return 0;
}

static int print(const struct top_sample *change, const struct top_choice *choice, bool first)
{
	struct top_page page;

	top_render(&page, change, choice, BATCH_WIDTH, SIZE_MAX);
	if (!first)
		putchar('\n');
	for (size_t i = 0; i < page.count; i++)
		puts(page.lines[i]);
	top_page_free(&page);
	return fflush(stdout) ? -1 : 0;
}

static int print_batch(const struct request *request)
{
	struct top_sample before, now, change;
	int result = 0;

	if (top_read(&before))
		return -1;
	for (uint64_t i = 0; i < request->count && !result; i++) {
		sleep_until(before.time + request->choice.delay);
		if (top_read(&now)) {
			result = -1;
			break;
		}
		top_since(&change, &now, &before);
		top_free(&before);
		before = now;
		result = print(&change, &request->choice, i == 0);
		top_free(&change);
	}
	top_free(&before);
	return result;
}

static const struct top_live live = { .read = top_read, .now = now_seconds };

static int run(int argc, char **argv, struct options *options)
{
	struct request request = {
		.choice = { .delay = 1, .sort = { 1, 0 } }, .count = UINT64_MAX,
	};
	int result;

	if (parse(&request, argc, argv, options) || environment_read() ||
	    environment_hold_probes())
		return EXIT_FAILURE;
	result = request.batch ? print_batch(&request) :
				 top_screen(&request.choice, &live, request.count);
	probes_let_go();
	return result ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command command_top = {
	.name = "top",
	.takes = "pC",
	.instead = "for programs there are switches, tlb and births, --by group 1 -J",
	.help = "Live screen: who switches, flushes the TLB, gives birth",
	.run = run,
	.own = own_options,
};
