// SPDX-License-Identifier: GPL-2.0
/* The options that all commands share, before the command's name and after it. */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/command.h"
#include "lib/parse-number.h"
#include "read/open.h"
#include "uapi/sharestat.h"

#define OPTIONS_MAX 48

enum { OPTION_ROOT = 1000, OPTION_COLOR, OPTION_OUTPUT_ALL };

static const struct command_option common[] = {
	{ "json",	'J', NULL,	"print JSON" },
	{ "raw",	'r', NULL,	"print raw: single spaces, - for no value" },
	{ "noheadings",	'n', NULL,	"print no headings" },
	{ "output",	'o', "LIST",	"columns to print; +LIST adds to the usual ones" },
	{ "output-all",	OPTION_OUTPUT_ALL, NULL, "print all columns" },
	{ "bytes",	'b', NULL,	"print sizes in bytes" },
	{ "pid",	'p', "PID[,PID]", "only these processes" },
	{ "root",	OPTION_ROOT, "DIR", "read recorded files in DIR, not debugfs" },
	{ "color",	OPTION_COLOR, "[WHEN]", "color: auto, always or never" },
	{ "help",	'h', NULL,	"print this help" },
	{ "version",	'V', NULL,	"print the version" },
	{ 0 }
};

static void print_option(FILE *out, const struct command_option *option)
{
	char text[64];
	const char *argument = option->argument ? option->argument : "";
	bool optional = *argument == '[';

	if (option->value < 256)
		snprintf(text, sizeof(text), "-%c, --%s%s%s", option->value,
			 option->name, *argument ? " " : "", argument);
	else if (optional)
		snprintf(text, sizeof(text), "    --%s[=%s", option->name, argument + 1);
	else
		snprintf(text, sizeof(text), "    --%s%s%s", option->name,
			 *argument ? " " : "", argument);
	fprintf(out, "  %-26s %s\n", text, option->help);
}

/* Stands for a common option in command->takes; 0: every command takes it. */
static char letter_of(int option)
{
	switch (option) {
	case OPTION_ROOT:
		return TAKES_ROOT;
	case OPTION_COLOR:
		return TAKES_COLOR;
	case OPTION_OUTPUT_ALL:
		return 'o';
	case 'h':
	case 'V':
		return '\0';
	}
	return (char)option;
}

static bool takes(const struct command *command, int option)
{
	return !letter_of(option) || strchr(command->takes, letter_of(option));
}

/* All of @list, or those of the common ones that @command takes. */
static void print_options(FILE *out, const struct command_option *list,
			  const struct command *command)
{
	for (; list && list->name; list++)
		if (!command || takes(command, list->value))
			print_option(out, list);
}

void print_commands(FILE *out, const struct command *const *commands)
{
	for (size_t i = 0; commands[i]; i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->help);
}

void print_usage(FILE *out, const struct command *const *commands)
{
	fprintf(out, "Usage: %s [OPTIONS] COMMAND [OPTIONS]\n\n"
		"Show what processes and threads share, what they do not, and what it costs.\n\n"
		"Commands:\n", program_invocation_short_name);
	print_commands(out, commands);
	fprintf(out, "\nCommon options:\n");
	print_options(out, common, NULL);
	fprintf(out, "\nOptions and columns of one command: %s COMMAND --help\n",
		program_invocation_short_name);
}

static void print_command_help(const struct command *command)
{
	printf("Usage: %s %s [OPTIONS]%s%s\n\n%s.\n\nOptions:\n",
	       program_invocation_short_name, command->name,
	       command->operands ? " " : "",
	       command->operands ? command->operands : "", command->help);
	print_options(stdout, command->own, NULL);
	print_options(stdout, common, command);
	if (command->columns)
		table_list_columns(stdout, command->columns);
}

static int add_pids(struct options *options, const char *list)
{
	do {
		uint64_t pid;
		const char *end = parse_prefix(&pid, list, INT_MAX);
		pid_t *pids;

		if (!end || (*end && *end != ',') || !pid) {
			warnx("not a process number: '%.*s'", (int)strcspn(list, ","), list);
			return -1;
		}
		pids = reallocarray(options->pids, options->npids + 1, sizeof(*pids));
		if (!pids)
			err(EXIT_FAILURE, "pids");
		options->pids = pids;
		pids[options->npids++] = (pid_t)pid;
		list = *end ? end + 1 : NULL;
	} while (list);
	return 0;
}

/* Also before any option is seen: WHEN is then NULL, as for a plain --color. */
static int set_color(struct options *options, const char *when)
{
	const char *no_color = getenv("NO_COLOR");

	if (!when || !strcmp(when, "auto"))
		options->output.color = isatty(STDOUT_FILENO) && !(no_color && *no_color);
	else if (!strcmp(when, "always"))
		options->output.color = true;
	else if (!strcmp(when, "never"))
		options->output.color = false;
	else
		goto unknown;
	return 0;
unknown:
	warnx("--color takes auto, always or never, not '%s'", when);
	return -1;
}

static void print_version(void)
{
	printf("%s %s (ABI %d)\n", program_invocation_short_name, SHARESTAT_VERSION,
	       SHARESTAT_ABI);
}

/* A common option that says nothing to @command. Return: -1 */
static int refuse(const struct command *command, const struct command_option *option)
{
	char letter[8] = "";

	if (option->value < 256)
		snprintf(letter, sizeof(letter), "-%c, ", option->value);
	if (option->value == OPTION_ROOT)
		warnx("%s takes no --root: it looks at what happens now, not at a recording",
		      command->name);
	else
		warnx("%s takes no %s--%s%s%s", command->name, letter, option->name,
		      command->instead ? ": " : "", command->instead ? command->instead : "");
	return -1;
}

/* What stood before the command's name was taken when it was not known whose it is. */
static int check_given(const struct command *command, const struct options *options)
{
	for (size_t i = 0; common[i].name; i++)
		if (options->given & 1U << i && !takes(command, common[i].value))
			return refuse(command, &common[i]);
	/* libsmartcols makes a table of one kind only. */
	if (options->output.json && options->output.raw) {
		warnx("-J, --json and -r, --raw exclude each other");
		return -1;
	}
	return 0;
}

/* Return: 0 taken, 1 not one that shapes the output. */
static int take_output(int option, struct output *output)
{
	switch (option) {
	case 'J':
		output->json = true;
		return 0;
	case 'r':
		output->raw = true;
		return 0;
	case 'n':
		output->no_headings = true;
		return 0;
	case 'o':
		output->columns = optarg;
		return 0;
	case OPTION_OUTPUT_ALL:
		output->all = true;
		return 0;
	case 'b':
		output->bytes = true;
		return 0;
	}
	return 1;
}

/* Return: 0 taken, 1 not a common option, -1 explained. */
static int take_common(int option, const struct command *command,
		       struct options *options)
{
	for (size_t i = 0; common[i].name; i++)
		if (common[i].value == option)
			options->given |= 1U << i;
	if (command && check_given(command, options))
		return -1;
	switch (option) {
	case 'p':
		return add_pids(options, optarg);
	case OPTION_ROOT:
		source_set_root(optarg);
		return 0;
	case OPTION_COLOR:
		return set_color(options, optarg);
	case 'h':
		if (!command)
			return 1;
		print_command_help(command);
		exit(EXIT_SUCCESS);
	case 'V':
		print_version();
		exit(EXIT_SUCCESS);
	}
	return take_output(option, &options->output);
}

struct getopt_tables {
	struct option longs[OPTIONS_MAX];
	char shorts[3 * OPTIONS_MAX];
	size_t nlongs, nshorts;
};

static void add_options(struct getopt_tables *tables, const struct command_option *list)
{
	for (; list && list->name; list++) {
		bool optional = list->argument && *list->argument == '[';

		if (tables->nlongs == OPTIONS_MAX - 1)
			errx(EXIT_FAILURE, "more than %d options", OPTIONS_MAX - 1);
		tables->longs[tables->nlongs++] = (struct option) {
			.name = list->name,
			.has_arg = optional ? optional_argument :
				   list->argument ? required_argument : no_argument,
			.val = list->value,
		};
		if (list->value < 256) {
			tables->shorts[tables->nshorts++] = (char)list->value;
			if (list->argument)
				tables->shorts[tables->nshorts++] = ':';
		}
	}
}

/* What is typed in part may be meant for another option, or for another command. */
static bool is_abbreviated(char **argv, const char *name)
{
	const char *typed = argv[optind - 1];

	if (optarg == typed)
		typed = argv[optind - 2];
	if (strlen(name) == strcspn(typed + 2, "="))
		return false;
	warnx("unrecognized option '%.*s'; there is '--%s'", (int)strcspn(typed, "="), typed,
	      name);
	return true;
}

/* getopt_long() complains in the name of argv[0], which is the command's. */
static int next_option(int argc, char **argv, const struct getopt_tables *tables)
{
	char *name = argv[0];
	int option, index = -1;

	argv[0] = program_invocation_short_name;
	option = getopt_long(argc, argv, tables->shorts, tables->longs, &index);
	argv[0] = name;
	if (option != '?' && index >= 0 && is_abbreviated(argv, tables->longs[index].name))
		return '?';
	return option;
}

static int next(int argc, char **argv, const char *mode, const struct command *command,
		struct options *options)
{
	struct getopt_tables tables = { .nshorts = strlen(mode) };
	int option, taken;

	strcpy(tables.shorts, mode);
	if (command)
		add_options(&tables, command->own);
	add_options(&tables, common);
	do {
		option = next_option(argc, argv, &tables);
		taken = option < 0 ? 1 : take_common(option, command, options);
	} while (!taken);
	if (command && option == -1 && check_given(command, options))
		taken = -1;
	if (taken > 0 && option != '?')
		return option;
	if (taken > 0)
		warnx("try '%s%s%s --help'", program_invocation_short_name,
		      command ? " " : "", command ? command->name : "");
	return '?';
}

int options_next(int argc, char **argv, const struct command *command,
		 struct options *options)
{
	/* What follows the command that is run is that one's. */
	return next(argc, argv, command->runs ? "+" : "", command, options);
}

int options_no_operands(int argc, char **argv)
{
	if (optind == argc)
		return 0;
	warnx("unexpected: '%s'", argv[optind]);
	return -1;
}

int options_only(int argc, char **argv, const struct command *command,
		 struct options *options)
{
	if (options_next(argc, argv, command, options) != -1)
		return -1;
	return options_no_operands(argc, argv);
}

int options_global(int argc, char **argv, const struct command *const *commands,
		   struct options *options)
{
	int option;

	set_color(options, NULL);
	option = next(argc, argv, "+", NULL, options);
	if (option != 'h')
		return option;
	print_usage(stdout, commands);
	exit(EXIT_SUCCESS);
}
