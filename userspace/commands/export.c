// SPDX-License-Identifier: GPL-2.0
/* sharestat export: the figures for Prometheus. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/export.h"
#include "lib/parse-number.h"
#include "lib/replace-file.h"
#include "measure/clock.h"

#define LIMIT_USUAL	40
#define LIMIT_MAX	1000

enum { OPTION_FORMAT = 256, OPTION_MEMORY, OPTION_PER_CPU, OPTION_NAMES, OPTION_STATE };

static const struct command_option export_options[] = {
	{ "file",	'f', "FILE", "write FILE, whole or not at all; not standard output" },
	{ "format",	OPTION_FORMAT, "FORMAT",
	  "openmetrics, or prometheus, which node_exporter reads; usual for a FILE.prom" },
	{ "memory",	OPTION_MEMORY, NULL,
	  "also pss and sharing classes: looks at every page of every process" },
	{ "per-cpu",	OPTION_PER_CPU, NULL, "switches and TLB events of each CPU" },
	{ "all",	'a', NULL, "--memory and --per-cpu" },
	{ "names",	OPTION_NAMES, "N",
	  "so many names of programs, the rest is \"other\"; usually 40" },
	{ "state",	OPTION_STATE, "FILE",
	  "remember the counters of each name there, so that they never go back" },
	{ 0 }
};

static const struct metric duration_metric = {
	"sharestat_export_duration_seconds", METRIC_GAUGE, "seconds",
	"How long it took to read and write all of this.",
};

static int parse_format(const char *name, int *prometheus)
{
	*prometheus = !strcmp(name, "prometheus");
	if (*prometheus || !strcmp(name, "openmetrics"))
		return 0;
	warnx("--format takes openmetrics or prometheus, not '%s'", name);
	return -1;
}

static int parse_limit(const char *text, size_t *limit)
{
	uint64_t names;

	if (parse_whole(&names, text, 1, LIMIT_MAX)) {
		*limit = names;
		return 0;
	}
	warnx("--names takes a number from 1 to %d, not '%s'", LIMIT_MAX, text);
	return -1;
}

static bool ends_in_prom(const char *file)
{
	size_t length = file ? strlen(file) : 0;

	return length > 5 && !strcmp(file + length - 5, ".prom");
}

static int take_option(int option, struct export_choice *choice, int *prometheus)
{
	switch (option) {
	case 'f':
		choice->file = strcmp(optarg, "-") ? optarg : NULL;
		return 0;
	case OPTION_FORMAT:
		return parse_format(optarg, prometheus);
	case 'a':
		choice->memory = true;
		choice->per_cpu = true;
		return 0;
	case OPTION_MEMORY:
		choice->memory = true;
		return 0;
	case OPTION_PER_CPU:
		choice->per_cpu = true;
		return 0;
	case OPTION_NAMES:
		return parse_limit(optarg, &choice->limit);
	case OPTION_STATE:
		choice->state = optarg;
		return 0;
	}
	return -1;
}

static int parse_options(int argc, char **argv, struct options *options,
			 struct export_choice *choice, bool *prometheus)
{
	int option, format = -1;

	while ((option = options_next(argc, argv, &command_export, options)) != -1)
		if (take_option(option, choice, &format))
			return -1;
	*prometheus = format < 0 ? ends_in_prom(choice->file) : format;
	return options_no_operands(argc, argv);
}

static int put_all(struct exposition *to, const struct export_choice *choice)
{
	double begin = now_seconds();

	if (export_machine(to) || export_counters(to, choice) || export_comms(to, choice))
		return -1;
	exposition_metric(to, &duration_metric);
	exposition_real(to, now_seconds() - begin, NULL);
	exposition_end(to);
	return 0;
}

/* Collected before the first byte is written: what goes out is whole. */
static int export_text(bool prometheus, const struct export_choice *choice)
{
	struct exposition to = { .prometheus = prometheus };
	char *text = NULL;
	size_t length = 0;
	int result;

	to.out = open_memstream(&text, &length);
	if (!to.out)
		err(EXIT_FAILURE, "export");
	result = put_all(&to, choice);
	if (fclose(to.out))
		err(EXIT_FAILURE, "export");
	if (!result && choice->file)
		result = replace_file(choice->file, 0644, text, length);
	else if (!result)
		fwrite(text, 1, length, stdout);
	free(text);
	return result;
}

/* Before all pages of all processes are looked at. */
static int check_files(const struct export_choice *choice)
{
	if (choice->file && replace_check(choice->file))
		return -1;
	return choice->state ? replace_check(choice->state) : 0;
}

static int run(int argc, char **argv, struct options *options)
{
	struct export_choice choice = { .limit = LIMIT_USUAL };
	bool prometheus;

	if (parse_options(argc, argv, options, &choice, &prometheus) ||
	    check_files(&choice) || export_text(prometheus, &choice))
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

const struct command command_export = {
	.name = "export",
	.takes = "R",
	.instead = "it writes OpenMetrics, of the whole machine",
	.help = "Figures for Prometheus: OpenMetrics, or a file for node_exporter",
	.run = run,
	.own = export_options,
};
