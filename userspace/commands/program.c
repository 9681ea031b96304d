// SPDX-License-Identifier: GPL-2.0
/* report -p, report -- CMD, advise: a real program in place of the experiments. */
#include <err.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands/processes.h"
#include "commands/program.h"
#include "experiments/claims.h"
#include "experiments/registry.h"
#include "lib/parse-number.h"
#include "measure/machine.h"
#include "measure/program-watch.h"
#include "model/finding.h"
#include "model/machine.h"
#include "model/program.h"
#include "read/ended.h"
#include "read/probes.h"
#include "show/program.h"

int program_seconds(double *seconds, const char *text)
{
	if (parse_real(seconds, text, 0.000001, 1000000))
		return 0;
	warnx("--seconds takes a time in seconds, such as 2 or 0.5, not '%s'", text);
	return -1;
}

static int refused(int argc, const struct options *options)
{
	if (options->npids && optind < argc)
		warnx("either -p or a command, not both");
	else if (options->output.raw || options->output.columns || options->output.all)
		warnx("for a program there is text and JSON (-J), no -r and no -o");
	else
		return 0;
	return -1;
}

static int look(struct program *program, char **argv, const struct options *options,
		double seconds)
{
	if (options->npids)
		return program_watch(program, options->pids, options->npids, seconds);
	return program_run(program, argv + optind);
}

static int print(const struct program *program, const struct options *options, bool advice)
{
	if (options->output.json)
		return program_json(program, advice);
	return advice ? advice_text(program, &options->output) :
	       program_text(program, &options->output);
}

static int status_of(const struct program *program)
{
	struct program_row rows[PROGRAM_ROWS];

	program_rows(program, rows);
	for (size_t i = 0; i < PROGRAM_ROWS; i++) {
		if (rows[i].verdict == REFUTED)
			return EXIT_REFUTED;
	}
	return EXIT_SUCCESS;
}

/*
 * How much more a switch between processes takes on this machine, in nanoseconds; 0 when
 * no difference can be told.
 */
static double measure_switch(void)
{
	const struct finding *finding;

	registry_use(claims, nclaims);
	finding = finding_of("context-switch");
	return finding->verdict == NOT_MEASURABLE ? 0 :
	       finding->process.value.median - finding->thread.value.median;
}

/* Since 5.16 a crash ends its own thread group alone, not all that have its memory. */
static bool crash_ends_space(void)
{
	int major, minor;

	return sscanf(environment()->kernel, "%d.%d", &major, &minor) == 2 &&
	       (major < 5 || (major == 5 && minor < 16));
}

int program_command(int argc, char **argv, struct options *options, double seconds,
		    bool advice)
{
	struct program program = { 0 };
	int looked, status = EXIT_FAILURE;

	if (refused(argc, options) || options_processes(options, NEEDS_MEMORY) ||
	    environment_read() || environment_hold_probes())
		return EXIT_FAILURE;
	looked = look(&program, argv, options, seconds);
	if (!looked && advice)
		program.switch_ns = measure_switch();
	probes_let_go();
	if (looked) {
		program_free(&program);
		return looked > 0 ? program.status : EXIT_FAILURE;
	}
	program.no_flushes = !environment_offers("tlb");
	program.crash_ends_space = crash_ends_space();
	if (!program.looks && options->npids) {
		process_ended(options->pids[0]);
	} else if (!program.looks) {
		warnx("it ended before it could be looked at");
		status = EXIT_NOT_MEASURABLE;
	} else if (!print(&program, options, advice)) {
		status = advice ? EXIT_SUCCESS : status_of(&program);
	}
	program_free(&program);
	return status;
}

static const struct command_option advise_options[] = {
	{ "seconds", PROGRAM_SECONDS, "N", "watch the processes of -p for so long; 2 without it" },
	{ 0 }
};

static int run_advise(int argc, char **argv, struct options *options)
{
	double seconds = PROGRAM_USUAL_SECONDS;
	int option;

	while ((option = options_next(argc, argv, &command_advise, options)) != -1) {
		if (option != PROGRAM_SECONDS || program_seconds(&seconds, optarg))
			return EXIT_FAILURE;
	}
	if (!options->npids && optind == argc) {
		warnx("advise wants a command to run (advise -- CMD) or processes to watch (-p)");
		return EXIT_FAILURE;
	}
	return program_command(argc, argv, options, seconds, true);
}

const struct command command_advise = {
	.name = "advise",
	.takes = "JnbpC",
	.help = "Threads or processes? What a program did, rule by rule",
	.run = run_advise,
	.operands = "[--] COMMAND [ARGUMENT...] | -p PID[,PID]",
	.own = advise_options,
	.runs = true,
};
