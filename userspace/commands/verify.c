// SPDX-License-Identifier: GPL-2.0
/* sharestat verify: are the module's facts those of /proc and kcmp(2)? */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/processes.h"
#include "model/task-sharing.h"
#include "read/ended.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "read/whole-file.h"
#include "verify/sample-processes.h"
#include "verify/stop-process.h"
#include "verify/verify.h"

#define SHOWN_MAX 50		/* differences */

enum { OPTION_STOP = 1 + 255 };

static const struct command_option own[] = {
	{ "stop", OPTION_STOP, NULL, "stop each process while it is looked at, then continue it" },
	{ 0 }
};

/* What is compared, and with what. */
static const struct {
	const char *name, *witness;
	bool hex;
} checks[CHECKS] = {
	[CHECK_FRAME] = { "frame of each page", "/proc/PID/pagemap", true },
	[CHECK_MAPS] = { "mappings of each frame", "/proc/kpagecount" },
	[CHECK_FLAGS] = { "flags of each frame", "/proc/kpageflags", true },
	[CHECK_RSS] = { "Rss of each VMA, kB", "/proc/PID/smaps" },
	[CHECK_USS] = { "Private of each VMA, kB", "/proc/PID/smaps" },
	[CHECK_PSS] = { "Pss of each VMA, kB", "/proc/PID/smaps" },
	[CHECK_LAZYFREE] = { "LazyFree of each VMA, kB", "/proc/PID/smaps" },
	[CHECK_SWAP] = { "Swap of each VMA, kB", "/proc/PID/smaps" },
	[CHECK_HUGETLB] = { "hugetlb of each VMA, kB", "/proc/PID/smaps" },
	[CHECK_SUM] = { "vmas, pages of each VMA", "frames.bin and smaps" },
	[CHECK_OBJECTS] = { "objects that tasks share", "kcmp(2)" },
};

struct session {
	const struct options *options;
	struct verification verification;
	bool stop;
	struct guardian guardian;
	bool with_specimen;
	struct specimen specimen;
	uint64_t specimen_pages;
	unsigned int shown;
	uint64_t not_stopped;
};

struct view {
	const struct verification *verification;
	enum check check;
};

#define VIEW(record) ((const struct view *)(record))

static void get_what(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", checks[VIEW(record)->check].name);
}

static void get_witness(struct cell *cell, const void *record)
{
	cell_text(cell, "%s", checks[VIEW(record)->check].witness);
}

static void get_compared(struct cell *cell, const void *record)
{
	cell_number(cell, VIEW(record)->verification->compared[VIEW(record)->check]);
}

static void get_differences(struct cell *cell, const void *record)
{
	uint64_t count = VIEW(record)->verification->differing[VIEW(record)->check];

	cell_number(cell, count);
	if (count)
		cell_color(cell, "red");
}

static void get_changing(struct cell *cell, const void *record)
{
	cell_number(cell, VIEW(record)->verification->changing[VIEW(record)->check]);
}

static const struct column columns[] = {
	{ "WHAT", "what is compared", COLUMN_STRING, 25, .standard = true, .get = get_what },
	{ "WITNESS", "with what", COLUMN_STRING, 20, .standard = true, .get = get_witness },
	{ "COMPARED", "how many", COLUMN_NUMBER, 8, .standard = true, .get = get_compared },
	{ "DIFFERENCES", "the same in each of several looks", COLUMN_NUMBER, 5,
	  .standard = true, .get = get_differences },
	{ "CHANGING", "different, but in another way at each look: it runs meanwhile",
	  COLUMN_NUMBER, 5, .standard = true, .get = get_changing },
	{ 0 }
};

static void show_value(char *text, size_t size, enum check check, uint64_t value)
{
	snprintf(text, size, checks[check].hex ? "%#llx" : "%llu", (unsigned long long)value);
}

/* As they come, so that a long run shows early what is wrong. */
static void show_differences(struct session *session, const struct look *found)
{
	for (unsigned int i = 0; i < found->count && session->shown < SHOWN_MAX; i++) {
		const struct difference *difference = &found->list[i];
		char ours[24], theirs[24];

		session->shown++;
		show_value(ours, sizeof(ours), difference->check, difference->ours);
		show_value(theirs, sizeof(theirs), difference->check, difference->theirs);
		if (difference->check == CHECK_OBJECTS)
			warnx("tasks %d and %llu: one %s says the module: %s, says kcmp: %s",
			      difference->pid, (unsigned long long)difference->where,
			      difference->name, difference->ours ? "yes" : "no",
			      difference->theirs ? "yes" : "no");
		else
			warnx("%d:%llx %s: %s: %s, but %s says %s", difference->pid,
			      (unsigned long long)difference->where, difference->name,
			      checks[difference->check].name, ours,
			      checks[difference->check].witness, theirs);
		if (session->shown == SHOWN_MAX)
			warnx("more differences are only counted");
	}
}

static enum verify_result look_at(struct session *session, pid_t pid)
{
	enum verify_result result;
	struct look found;

	if (session->stop && !guardian_stop(&session->guardian, pid))
		session->not_stopped++;
	result = verify_process(&session->verification, pid, &found);
	if (session->stop)
		guardian_continue(&session->guardian);
	if (result == VERIFY_DONE)
		show_differences(session, &found);
	return result;
}

/* Its own memory changes while it compares, and so it leaves itself out. */
static bool is_own(const struct session *session, pid_t pid)
{
	return pid == getpid() || (session->stop && pid == session->guardian.pid);
}

static bool is_specimen(const struct session *session, pid_t pid)
{
	return session->with_specimen && (pid == session->specimen.pids[0] ||
					  pid == session->specimen.pids[1]);
}

/* All thread groups of user space, once each. */
static int look_at_all(struct session *session)
{
	struct snapshot tasks;
	int result = 0;

	if (snapshot_read(&tasks, &format_tasks, NULL, 0))
		return -1;
	for (size_t i = 0; i < tasks.count && !result; i++) {
		const struct task_record *task = snapshot_record(&tasks, i);
		uint64_t before = session->verification.compared[CHECK_FRAME];

		if (task->tid != task->tgid || is_own(session, task->tid) ||
		    !snapshot_process(&tasks, task->tgid)->object[OBJECT_MM] ||
		    task_has_flag(task, 'K'))
			continue;
		result = look_at(session, task->tid) == VERIFY_FAILED ? -1 : 0;
		if (is_specimen(session, task->tid))
			session->specimen_pages +=
				session->verification.compared[CHECK_FRAME] - before;
	}
	snapshot_free(&tasks);
	return result;
}

static int look_at_some(struct session *session)
{
	for (size_t i = 0; i < session->options->npids; i++) {
		pid_t pid = session->options->pids[i];

		switch (look_at(session, pid)) {
		case VERIFY_DONE:
			break;
		case VERIFY_GONE:
			process_ended(pid);
			return -1;
		case VERIFY_FAILED:
			return -1;
		}
	}
	return 0;
}

static int compare_everything(struct session *session)
{
	struct look found;
	int result = session->options->npids ? look_at_some(session) : look_at_all(session);

	if (result)
		return -1;
	if (verify_tasks(&session->verification, &found) != VERIFY_DONE)
		return -1;
	show_differences(session, &found);
	return 0;
}

static uint64_t total(const uint64_t counts[CHECKS])
{
	uint64_t sum = 0;

	for (enum check check = 0; check < CHECKS; check++)
		sum += counts[check];
	return sum;
}

static void print_summary(const struct session *session)
{
	const struct verification *verification = &session->verification;

	printf("%llu mappings in %llu VMAs of %llu process%s compared: %llu differences\n",
	       (unsigned long long)verification->compared[CHECK_FRAME],
	       (unsigned long long)verification->vmas,
	       (unsigned long long)verification->processes,
	       verification->processes == 1 ? "" : "es",
	       (unsigned long long)total(verification->differing));
	if (session->with_specimen)
		printf("%llu of these mappings are in two processes that verify made, to have some of each kind\n",
		       (unsigned long long)session->specimen_pages);
	if (total(verification->changing))
		printf("%llu values changed at each look; '--stop' stops processes meanwhile\n",
		       (unsigned long long)total(verification->changing));
}

static int print(const struct session *session)
{
	const struct output *output = &session->options->output;
	struct table *table = table_new("verify", columns, output);
	struct view view = { .verification = &session->verification };
	int result;

	if (!table)
		return -1;
	for (view.check = 0; view.check < CHECKS; view.check++)
		table_add(table, &view, NULL);
	result = table_print(table);
	table_free(table);
	if (!output->json && !output->raw && !output->no_headings)
		print_summary(session);
	return result;
}

static void warn_about_counts(struct verification *verification)
{
	int average = average_mapcounts();

	verification->average_maps = average > 0;
	if (average > 0)
		warnx("this kernel has CONFIG_NO_PAGE_MAPCOUNT: /proc/kpagecount and Pss are averages for large pages, which are left out there");
	else if (average < 0)
		warnx("cannot tell whether this kernel has CONFIG_NO_PAGE_MAPCOUNT: if it has, mappings of large pages may seem to differ");
}

static int set_up(struct session *session)
{
	warn_about_counts(&session->verification);
	if (!session->options->npids) {
		if (specimen_start(&session->specimen))
			return -1;
		session->with_specimen = true;
	}
	/* Last, so that nobody else has its pipe and keeps it from ending. */
	return session->stop ? guardian_start(&session->guardian) : 0;
}

static void tear_down(struct session *session)
{
	if (session->stop)
		guardian_end(&session->guardian);
	if (session->with_specimen)
		specimen_end(&session->specimen);
}

static int verify(struct session *session)
{
	int result = set_up(session);

	if (!result) {
		result = compare_everything(session);
		tear_down(session);
	}
	if (session->not_stopped)
		warnx("not stopped meanwhile: %llu (process 1 never can be, others may have ended)",
		      (unsigned long long)session->not_stopped);
	if (result || print(session))
		return EXIT_FAILURE;
	return total(session->verification.differing) ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run(int argc, char **argv, struct options *options)
{
	struct session session = { .options = options };
	int option;

	while ((option = options_next(argc, argv, &command_verify, options)) == OPTION_STOP)
		session.stop = true;
	if (option != -1 || options_no_operands(argc, argv) ||
	    table_check(columns, &options->output) ||
	    options_processes(options, NEEDS_MEMORY))
		return EXIT_FAILURE;
	return verify(&session);
}

const struct command command_verify = {
	.name = "verify",
	.takes = TAKES_TABLE "p",
	.help = "Compare the module's facts with those of /proc and kcmp(2)",
	.columns = columns,
	.run = run,
	.own = own,
};
