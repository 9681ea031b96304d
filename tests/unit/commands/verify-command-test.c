// SPDX-License-Identifier: GPL-2.0
/*
 * What verify says of a difference, of mappings that are named to be misread; and how it
 * ends, with processes that are looked at by a double.
 */
#include <signal.h>

#include "commands/processes.h"
#include "lib/safe-text.h"
#include "read/open.h"
#include "verify/sample-processes.h"
#include "verify/stop-process.h"
#include "verify/verify.h"

/* What a look comes to, and who is stopped meanwhile. */
static struct world {
	enum verify_result process, tasks;
	uint64_t differing, changing;
	int average;
	bool no_specimen, nobody_stops;
	pid_t stopped, looked_at[8];
	unsigned int looks, stops, ends;
} world;

static enum verify_result look_at_process(struct verification *verification, pid_t tgid,
					  struct look *found)
{
	if (world.stops && world.stopped != tgid)
		world.process = VERIFY_FAILED;
	world.looked_at[world.looks++ % 8] = tgid;
	found->count = 0;
	if (world.process)
		return world.process;
	verification->processes++;
	verification->vmas += 3;
	verification->compared[CHECK_FRAME] += 101;
	verification->differing[CHECK_PSS] += world.differing;
	verification->changing[CHECK_RSS] += world.changing;
	return VERIFY_DONE;
}

static enum verify_result look_at_tasks(struct verification *verification, struct look *found)
{
	found->count = 0;
	verification->compared[CHECK_OBJECTS] += 7;
	return world.tasks;
}

static int start_specimen(struct specimen *specimen)
{
	specimen->pids[0] = 400;
	specimen->pids[1] = 401;
	return world.no_specimen ? -1 : 0;
}

static void end_specimen(struct specimen *specimen)
{
	world.ends += specimen->pids[0] == 400;
}

static int start_guardian(struct guardian *guardian)
{
	guardian->pid = 500;
	return 0;
}

static bool stop_one(struct guardian *guardian, pid_t pid)
{
	world.stops++;
	world.stopped = pid;
	return guardian->pid == 500 && !world.nobody_stops;
}

static void continue_one(struct guardian *guardian)
{
	world.stopped = guardian->pid == 500 ? 0 : -1;
}

static void end_guardian(struct guardian *guardian)
{
	world.ends += 10 * (guardian->pid == 500);
}

#define verify_process look_at_process
#define verify_tasks look_at_tasks
#define average_mapcounts() world.average
#define specimen_start start_specimen
#define specimen_end end_specimen
#define guardian_start start_guardian
#define guardian_stop stop_one
#define guardian_continue continue_one
#define guardian_end end_guardian
#include "commands/verify.c"
#include "run-command.h"
#include "tap.h"

static void say(void *name)
{
	struct session session = { .shown = 0 };
	struct look found = { .count = 1 };
	FILE *usual = stderr;

	found.list[0] = (struct difference) {
		.check = CHECK_RSS, .pid = 7, .where = 0x1000, .ours = 4, .theirs = 8,
	};
	snprintf(found.list[0].name, sizeof(found.list[0].name), "%s", (const char *)name);
	safe_errors();
	show_differences(&session, &found);
	if (stderr != usual)
		fclose(stderr);
	else
		fflush(stderr);
	stderr = usual;
}

static void test_names(void)
{
	static const struct {
		char *name, *shown;
	} names[] = {
		{ "heap", " heap: Rss" }, { "\033[31mred\a", " \\x1b[31mred\\x07: Rss" },
		{ "\342\200\256evil", " \\xe2\\x80\\xaeevil: Rss" }, { "\377", " \\xff: Rss" },
		{ "\302\233m", " \\xc2\\x9bm: Rss" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *said = capture(stderr, say, names[i].name);

		if (!CHECK(strstr(said, names[i].shown) &&
			   strchr(said, '\n') == strrchr(said, '\n'),
			   "verify: a difference in a mapping with the name %s", names[i].shown))
			printf("# %s\n", said);
		free(said);
	}
}

/* Objects in words, flags in hexadecimal; and an end to it when there are too many. */
static void say_many(void *arg)
{
	struct session session = { .shown = 0 };
	struct look found = { .count = 2 };

	found.list[0] = (struct difference) {
		.check = CHECK_OBJECTS, .pid = 7, .where = 9, .ours = 1, .name = "files",
	};
	found.list[1] = (struct difference) {
		.check = CHECK_FLAGS, .pid = 7, .where = 0x1000, .ours = 0x808, .theirs = 8,
	};
	for (int i = 0; i < *(int *)arg; i++)
		show_differences(&session, &found);
}

static void test_words(void)
{
	char *said = capture(stderr, say_many, &(int) { 1 });

	CHECK(strstr(said, "tasks 7 and 9: one files says the module: yes, says kcmp: no\n") &&
	      strstr(said, "7:1000 : flags of each frame: 0x808, but /proc/kpageflags says 0x8\n"),
	      "verify: a difference of objects, and one of flags");
	free(said);
	said = capture(stderr, say_many, &(int) { SHOWN_MAX });
	CHECK(strstr(said, "more differences are only counted\n") == strrchr(said, ':') + 2,
	      "verify: after so many it stops");
	free(said);
}

/* Its words on both outputs. */
static void print_it(void *arg)
{
	struct attempt *attempt = arg;

	attempt->text = capture(stdout, run_attempt, arg);
}

/* with what the world is by now; then it is as usual */
static void ends(int status, const char *printed, const char *warned, char *first, char *second,
		 const char *what)
{
	struct attempt attempt = { .words = { "verify", first, second } };
	char *said = capture(stderr, print_it, &attempt);

	if (!CHECK(attempt.status == status && strstr(attempt.text, printed) &&
		   strstr(said, warned) && !world.stopped, "verify: %s: status %d", what, status))
		printf("# status %d, %s\n# %s\n", attempt.status, attempt.text, said);
	free(attempt.text);
	free(said);
}

static void test_status(void)
{
	world = (struct world) { .looks = 0 };
	ends(0, "101 mappings in 3 VMAs of 1 process compared: 0 differences\n", "", "-p400", NULL,
	     "nothing differs");
	CHECK(world.looks == 1 && world.looked_at[0] == 400 && !world.ends,
	      "verify: at that process alone, and it makes none of its own");
	ends(0, "202 mappings in 6 VMAs of 2 processes compared", "", "-p400,401", NULL,
	     "at two of them");
	world = (struct world) { .differing = 2 };
	ends(1, ": 2 differences\n", "", "-p400", NULL, "something differs");
	world = (struct world) { .changing = 5 };
	ends(0, "5 values changed at each look; '--stop' stops", "", "-p400", NULL,
	     "something changes meanwhile");
	world = (struct world) { .process = VERIFY_GONE };
	ends(1, "", "process 400 has ended\n", "-p400", NULL, "who is named ends");
	world = (struct world) { .process = VERIFY_FAILED };
	ends(1, "", "", "-p400", NULL, "it cannot be looked at");
	world = (struct world) { .tasks = VERIFY_FAILED };
	ends(1, "", "", "-p400", NULL, "tasks cannot be looked at");
	ends(1, "", "no such process: 9", "-p9", NULL, "nobody has that number");
	ends(1, "", "unknown column: 'nonsense'", "-o", "nonsense", "no such column");
	world = (struct world) { .average = 1 };
	ends(0, "", "kpagecount and Pss are averages", "-p400", NULL, "averages are told");
	world = (struct world) { .average = -1 };
	ends(0, "", "cannot tell whether this kernel", "-p400", NULL, "as is what is not known");
}

static void test_all(void)
{
	world = (struct world) { .looks = 0 };
	ends(0, "202 of these mappings are in two processes that verify made", "", NULL, NULL,
	     "all processes");
	CHECK(world.looks > 3 && world.ends == 1 && !world.stops,
	      "verify: at many, of whom two are its own, which end");
	world = (struct world) { .process = VERIFY_GONE };
	ends(0, "0 mappings in 0 VMAs of 0 processes compared", "", NULL, NULL,
	     "who is not named may end");
	world = (struct world) { .process = VERIFY_FAILED };
	ends(1, "", "", NULL, NULL, "the first that fails is the last");
	CHECK(world.looks == 1 && world.ends == 1, "verify: and its own end then, too");
	world = (struct world) { .no_specimen = true };
	ends(1, "", "", NULL, NULL, "its own cannot start");
	CHECK(!world.looks, "verify: then it looks at nobody");
}

static void test_stop(void)
{
	world = (struct world) { .looks = 0 };
	ends(0, "1 process compared", "", "--stop", "-p400", "who is looked at stands still");
	CHECK(world.stops == 1 && world.ends == 10, "verify: and goes on afterwards");
	world = (struct world) { .nobody_stops = true };
	ends(0, "", "not stopped meanwhile: 2 (process 1 never can be", "--stop", "-p400,401",
	     "who does not stand still is told");
}

void test_verify_command(void)
{
	char root[256];

	test_names();
	test_words();
	snprintf(root, sizeof(root), "%s", getenv("RECORDING"));
	source_set_root(root);
	test_status();
	test_all();
	test_stop();
	source_set_root(NULL);
}
