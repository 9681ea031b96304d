// SPDX-License-Identifier: GPL-2.0
/* sharestat record: copies of the module's files, for --root elsewhere. */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "commands/processes.h"
#include "lib/progress.h"
#include "lib/replace-file.h"
#include "read/open.h"
#include "uapi/sharestat.h"

#define MANIFEST "manifest"

/*
 * In this order: what is short-lived first, and `tasks` before what refers to
 * it; what walks page tables last, as it takes longest.
 */
static const struct recorded_file {
	const char *name;
	bool of_pids;			/* covers the processes of -p */
	bool frames;			/* left out by --no-frames */
} recorded_files[] = {
	{ .name = "version" }, { .name = "enable" }, { .name = "set_pid" },
	{ .name = "tasks" }, { .name = "mms" },
	{ .name = "switches" }, { .name = "latency" },
	{ .name = "tlb" }, { .name = "births" },
	{ .name = "switches_mms" }, { .name = "tlb_mms" }, { .name = "births_mms" },
	{ .name = "vmas", .of_pids = true },
	{ .name = "frames.bin", .of_pids = true, .frames = true },
	{ .name = "frames", .of_pids = true, .frames = true },
};

#define FILES (sizeof(recorded_files) / sizeof(recorded_files[0]))

enum { OPTION_NO_FRAMES = 256 };

static const struct command_option record_options[] = {
	{ "no-frames", OPTION_NO_FRAMES, NULL,
	  "leave out frames and frames.bin, which are the largest" },
	{ 0 }
};

struct recording {
	const char *target;
	char *folder;			/* where it is made */
	const struct options *options;
	bool no_frames;
	unsigned long long bytes;
};

/* A signal ends the copying, so that no half of a recording stays behind. */
static volatile sig_atomic_t stopped;

static void stop(int number)
{
	stopped = number;
}

static void stop_by_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_handler = stop };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
}

/* Return: 1 when there is none, 0 when it is empty, -1 explained. */
static int check_target(const char *target)
{
	DIR *dir = opendir(target);
	const struct dirent *entry;
	int result = 0;

	if (!dir && errno == ENOENT)
		return 1;
	if (!dir) {
		warn("%s", target);
		return -1;
	}
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			result = -1;
	closedir(dir);
	if (result)
		warnx("%s is not empty; a recording wants a folder of its own", target);
	return result;
}

static void show_progress(const struct recording *recording, const char *name)
{
	if (*name && recording->bytes)
		progress("recording %s (%.1f MiB so far)", name,
			 (double)recording->bytes / (1 << 20));
	else
		progress("%s%s", *name ? "recording " : "", name);
}

static char *path_in(const struct recording *recording, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", recording->folder, name) < 0)
		err(EXIT_FAILURE, "%s", name);
	return path;
}

static FILE *create(const struct recording *recording, const char *name)
{
	char *path = path_in(recording, name);
	FILE *out = fopen(path, "wxe");

	if (!out)
		warn("%s", path);
	free(path);
	return out;
}

/* Return: 0, or -1 explained. */
static int finish(const struct recording *recording, const char *name, FILE *out)
{
	bool failed = ferror(out) || fflush(out) || fsync(fileno(out));

	if (fclose(out))
		failed = true;
	if (failed)
		warn("cannot write %s/%s", recording->folder, name);
	return failed ? -1 : 0;
}

static int copy(struct recording *recording, FILE *in, FILE *out, const char *name)
{
	static char buffer[1 << 16];
	size_t length;

	while (!stopped && (length = fread(buffer, 1, sizeof(buffer), in))) {
		if (fwrite(buffer, 1, length, out) != length)
			return 0;		/* finish() says so */
		recording->bytes += length;
		show_progress(recording, name);
	}
	if (stopped)
		warnx("stopped; nothing was recorded");
	else if (ferror(in))
		warn("%s", source_path(name));
	return stopped || ferror(in) ? -1 : 0;
}

static FILE *open_source(const struct recording *recording, const struct recorded_file *file)
{
	const struct options *options = recording->options;

	if (file->of_pids && options->npids)
		return source_open_for(file->name, options->pids, options->npids);
	return source_open(file->name);
}

static int record_file(struct recording *recording, const struct recorded_file *file)
{
	FILE *in = open_source(recording, file), *out;
	int result;

	if (!in)
		return -1;
	show_progress(recording, file->name);
	out = create(recording, file->name);
	result = out ? copy(recording, in, out, file->name) : -1;
	fclose(in);
	if (out && finish(recording, file->name, out))
		result = -1;
	return result;
}

/* In the recording set_pid says what its vmas and frames cover. */
static int record_pids(const struct recording *recording)
{
	const struct options *options = recording->options;
	FILE *out = create(recording, "set_pid");

	if (!out)
		return -1;
	fprintf(out, "# sharestat set_pid %d\n# tgid\n", SHARESTAT_ABI);
	for (size_t i = 0; i < options->npids; i++)
		fprintf(out, "%d\n", options->pids[i]);
	return finish(recording, "set_pid", out);
}

/* What the module's files do not say; for people, no command reads it. */
static int record_manifest(const struct recording *recording)
{
	struct utsname name;
	struct timespec uptime;
	time_t now = time(NULL);
	char when[32];
	FILE *out = create(recording, MANIFEST);

	if (!out)
		return -1;
	uname(&name);
	clock_gettime(CLOCK_BOOTTIME, &uptime);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	fprintf(out, "# sharestat " MANIFEST " %d\n# key value\n", SHARESTAT_ABI);
	fprintf(out, "recorded %s\nhost %s\nsystem %s %s\nuptime_seconds %lld\ntool %s\n",
		when, name.nodename, name.release, name.version,
		(long long)uptime.tv_sec, SHARESTAT_VERSION);
	return finish(recording, MANIFEST, out);
}

static int record_files(struct recording *recording)
{
	for (size_t i = 0; i < FILES; i++) {
		const struct recorded_file *file = &recorded_files[i];
		bool pids = recording->options->npids && !strcmp(file->name, "set_pid");

		if (recording->no_frames && file->frames)
			continue;
		if (pids ? record_pids(recording) : record_file(recording, file))
			return -1;
	}
	return record_manifest(recording);
}

/*
 * Into its place at once; an empty folder gives way. It stays as mkdtemp() made it,
 * its owner's alone: what is in it, only root may read from the module.
 */
static int put_in_place(const struct recording *recording)
{
	if (rename(recording->folder, recording->target)) {
		warn("cannot make %s", recording->target);
		return -1;
	}
	replace_sync_folder(recording->target);
	return 0;
}

static void remove_parts(const struct recording *recording)
{
	for (size_t i = 0; i <= FILES; i++) {
		char *path = path_in(recording, i < FILES ? recorded_files[i].name : MANIFEST);

		unlink(path);
		free(path);
	}
	rmdir(recording->folder);
}

static int record(struct recording *recording)
{
	int result;

	stop_by_signals();
	recording->folder = replace_name(recording->target);
	if (!mkdtemp(recording->folder)) {
		warn("cannot make a folder beside %s", recording->target);
		free(recording->folder);
		return -1;
	}
	result = record_files(recording);
	show_progress(recording, "");
	if (!result)
		result = put_in_place(recording);
	if (result)
		remove_parts(recording);
	free(recording->folder);
	return result;
}

static int parse_options(int argc, char **argv, struct options *options,
			 struct recording *recording)
{
	int option;

	while ((option = options_next(argc, argv, &command_record, options)) != -1) {
		if (option != OPTION_NO_FRAMES)
			return -1;
		recording->no_frames = true;
	}
	if (optind == argc) {
		warnx("record wants a folder: sharestat record DIR");
		return -1;
	}
	recording->target = argv[optind++];
	return options_no_operands(argc, argv);
}

static int run(int argc, char **argv, struct options *options)
{
	struct recording recording = { .options = options };

	if (parse_options(argc, argv, options, &recording) ||
	    check_target(recording.target) < 0 ||
	    options_processes(options, NEEDS_MEMORY) || record(&recording))
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

const struct command command_record = {
	.name = "record",
	.takes = "p",
	.help = "Copy the module's files to a folder, to be looked at elsewhere with --root",
	.run = run,
	.operands = "DIR",
	.own = record_options,
};
