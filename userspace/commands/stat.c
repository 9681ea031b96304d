// SPDX-License-Identifier: GPL-2.0
/* sharestat stat: run a command, or watch a process, and count what it did. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "commands/interval-operands.h"
#include "commands/processes.h"
#include "lib/parse-number.h"
#include "measure/birth-trace.h"
#include "measure/clock.h"
#include "measure/counting.h"
#include "measure/launch.h"
#include "measure/machine.h"
#include "model/descendants.h"
#include "model/run-counts.h"
#include "read/probes.h"
#include "show/stat.h"

#define RUNS_MAX 10000
#define RUN_NOTHING 1		/* the command cannot be executed */

enum { OPTION_REPEAT = 256 };

static const struct command_option own_options[] = {
	{ "repeat", OPTION_REPEAT, "N", "run the command N times; print medians and the spread" },
	{ "file", 'f', "FILE", "print to FILE, not to standard error (-J: standard output)" },
	{ 0 }
};

struct request {
	struct stat_result stat;
	unsigned long repeat;
	const char *file;		/* of -f, or NULL */
	double interval;
	uint64_t intervals;
	bool json;
	FILE *out;
};

/* The births have to be looked at before there are too many. */
static int wait_for(struct launch *launch, struct family *family)
{
	while (!launch_ended(launch, now_seconds() + 1))
		family_update(family);
	family_update(family);
	return launch->status;
}

/* The child is there and waits: what it does before its exec is its own. */
static int count_child(struct request *request, struct launch *launch, struct stat_run *run)
{
	struct stat_counting counting;
	int result;

	if (stat_begin(&counting, &launch->pid, 1))
		return -1;
	snprintf(request->stat.why_not_followed, sizeof(request->stat.why_not_followed),
		 "%s", counting.family.why);
	result = launch_go(launch);
	request->stat.status = wait_for(launch, &counting.family);
	if (!result)
		result = stat_read(&counting, run);
	stat_end(&counting);
	return result;
}

static int run_once(struct request *request, struct stat_run *run)
{
	struct launch launch;
	int result;

	if (launch_start(&launch, request->stat.command))
		return -1;
	result = count_child(request, &launch, run);
	return launch_end(&launch) && !result ? RUN_NOTHING : result;
}

static int print(struct request *request)
{
	if (!request->json) {
		stat_text(&request->stat, request->out);
		return fflush(request->out) ? -1 : 0;
	}
	return stat_json(&request->stat, request->out) || fflush(request->out) ? -1 : 0;
}

static int run_command(struct request *request)
{
	struct stat_result *stat = &request->stat;

	while (stat->count < request->repeat) {
		int result = run_once(request, &stat->runs[stat->count]);

		if (result)
			return result == RUN_NOTHING ? 0 : -1;
		stat->count++;
		if (stat->status == 128 + SIGINT)	/* enough of it */
			break;
	}
	return print(request);
}

static bool alive(const struct stat_result *stat)
{
	for (size_t i = 0; i < stat->npids; i++)
		if (!kill(stat->pids[i], 0) || errno == EPERM)
			return true;
	return false;
}

/* Return: does anything remain to be waited for. */
static bool sleep_interval(const struct request *request, struct family *family,
			   double until)
{
	while (now_seconds() < until) {
		double step = now_seconds() + 0.5;
		int number = launch_sleep(step < until ? step : until);

		family_update(family);
		if ((number && number != SIGCHLD) || !alive(&request->stat))
			return false;
	}
	return true;
}

static int count_processes(struct request *request, struct stat_counting *counting)
{
	double next = counting->since;
	bool more = true;

	request->stat.count = 1;
	request->stat.lines = request->interval > 0;
	for (uint64_t i = 0; i < request->intervals && more; i++) {
		next = request->interval > 0 ? next + request->interval : 1e18;
		more = sleep_interval(request, &counting->family, next);
		if (stat_read(counting, request->stat.runs))
			return -1;
		request->stat.interval = request->interval > 0 && i;
		if (print(request))
			return -1;
	}
	return 0;
}

static int watch_processes(struct request *request)
{
	struct stat_counting counting;
	sigset_t signals;
	int result;

	launch_block_signals(&signals);
	if (stat_begin(&counting, request->stat.pids, request->stat.npids))
		return -1;
	snprintf(request->stat.why_not_followed, sizeof(request->stat.why_not_followed),
		 "%s", counting.family.why);
	result = count_processes(request, &counting);
	stat_end(&counting);
	sigprocmask(SIG_SETMASK, &signals, NULL);
	return result;
}

static int parse_repeat(struct request *request, const char *text)
{
	if (parse_whole(&request->repeat, text, 1, RUNS_MAX))
		return 0;
	warnx("--repeat takes a number from 1 to %d, not '%s'", RUNS_MAX, text);
	return -1;
}

static int parse(struct request *request, int argc, char **argv, struct options *options)
{
	int option;

	while ((option = options_next(argc, argv, &command_stat, options)) != -1) {
		if (option == '?' || (option == OPTION_REPEAT && parse_repeat(request, optarg)))
			return -1;
		if (option == 'f')
			request->file = optarg;
	}
	request->json = options->output.json;
	if (options->npids) {
		if (request->repeat > 1) {
			warnx("--repeat is for a command; -p has none");
			return -1;
		}
		return interval_operands(&request->interval, &request->intervals, argc, argv);
	}
	if (optind == argc) {
		warnx("stat wants a command to run (stat -- CMD) or processes to watch (-p)");
		return -1;
	}
	request->stat.command = argv + optind;
	return 0;
}

static int open_output(struct request *request)
{
	request->out = request->json ? stdout : stderr;
	if (request->file)
		request->out = fopen(request->file, "we");
	if (!request->out)
		warn("%s", request->file);
	return request->out ? 0 : -1;
}

static int set_up(struct request *request)
{
	request->stat.runs = calloc(request->repeat, sizeof(*request->stat.runs));
	if (!request->stat.runs)
		err(EXIT_FAILURE, "stat");
	if (environment_read() || open_output(request))
		return -1;
	return environment_hold_probes();
}

static int run(int argc, char **argv, struct options *options)
{
	struct request request = { .repeat = 1 };
	int result;

	if (parse(&request, argc, argv, options) || options_processes(options, NEEDS_MEMORY))
		return EXIT_FAILURE;
	request.stat.pids = options->pids;
	request.stat.npids = options->npids;
	if (set_up(&request)) {
		free(request.stat.runs);
		return EXIT_FAILURE;
	}
	result = request.stat.command ? run_command(&request) : watch_processes(&request);
	probes_let_go();
	free(request.stat.runs);
	if (request.file && fclose(request.out)) {
		warn("%s", request.file);
		result = -1;
	}
	return result ? EXIT_FAILURE : request.stat.status;
}

const struct command command_stat = {
	.name = "stat",
	.takes = "Jp",
	.help = "Run a command and count its switches, TLB flushes and births",
	.run = run,
	.operands = "[--] COMMAND [ARGUMENT...] | -p PID[,PID] [INTERVAL [COUNT]]",
	.own = own_options,
	.runs = true,
};
