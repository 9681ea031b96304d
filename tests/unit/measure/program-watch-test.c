// SPDX-License-Identifier: GPL-2.0
/*
 * How a program is watched: how often, for how long, which of the looks is kept, and what
 * is given back when something fails. Looks, counting and the clock are doubles: time
 * passes by looking and by sleeping alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/birth-trace.h"
#include "measure/clock.h"
#include "measure/counting.h"
#include "measure/launch.h"
#include "measure/program-look.h"
#include "model/program.h"
#include "read/whole-file.h"

#define LOOKS 64
#define EPSILON 0.000001

/* What each look finds, and what was asked for. */
static struct world {
	double now, cost;		/* of a look */
	struct { uint64_t tasks, pages, cow; } finds[LOOKS];
	unsigned int looks, fails_at;	/* that look, from 1 on */
	double looked_at[LOOKS];
	bool no_tasks, no_counting, no_command, not_executed;
	double executed_at, ended_at;
	unsigned int begun, ended, read, launched, closed;
	pid_t followed[8];
	size_t nfollowed;
	pid_t other_file;		/* the one of another program */
} world;

static struct task_record listed[] = {
	{ .tid = 1, .tgid = 1 }, { .tid = 10, .tgid = 10, .ppid = 1 },
	{ .tid = 20, .tgid = 20, .ppid = 10 }, { .tid = 30, .tgid = 30, .ppid = 20 },
	{ .tid = 40, .tgid = 40, .ppid = 41 }, { .tid = 41, .tgid = 41, .ppid = 40 },
};

static int list_tasks(struct snapshot *snapshot)
{
	*snapshot = (struct snapshot) {
		.format = &format_tasks, .records = listed,
		.count = sizeof(listed) / sizeof(*listed),
	};
	return world.no_tasks ? -1 : 0;
}

static const struct task_record *find_task(const struct snapshot *snapshot, pid_t tid)
{
	const struct task_record *records = snapshot->records;

	for (size_t i = 0; i < snapshot->count; i++)
		if (records[i].tid == tid)
			return &records[i];
	return NULL;
}

static bool is_one_program(pid_t one, pid_t other)
{
	return one != world.other_file && other != world.other_file;
}

static int find_program(struct program *found, const struct family *family)
{
	unsigned int look = world.looks++;

	(void)family;
	world.looked_at[look] = world.now;
	world.now += world.cost;
	*found = (struct program) { .page_size = 4096 };
	if (world.looks == world.fails_at)
		return -1;
	if (!world.finds[look].tasks)
		return 0;
	found->groups = calloc(1, sizeof(*found->groups));
	found->ngroups = 1;
	found->groups[0] = (struct program_group) {
		.tgid = (pid_t)(100 + look), .tasks = world.finds[look].tasks, .seen = true,
	};
	found->overlap.nspaces = 1;
	found->overlap.spaces[0].size.rss = world.finds[look].pages;
	found->overlap.groups = calloc(1, sizeof(*found->overlap.groups));
	found->overlap.ngroups = 1;
	found->overlap.groups[0].sharing = SHARING_COW;
	found->overlap.groups[0].frames = world.finds[look].cow;
	return 0;
}

static int begin_counting(struct stat_counting *counting, const pid_t *tgids, size_t count)
{
	*counting = (struct stat_counting) { .since = world.now };
	snprintf(counting->family.why, sizeof(counting->family.why), "so it is");
	world.nfollowed = 0;
	for (size_t i = 0; i < count; i++)
		world.followed[world.nfollowed++] = tgids[i];
	world.begun++;
	return world.no_counting ? -1 : 0;
}

static int read_counting(struct stat_counting *counting, struct stat_run *run)
{
	world.read++;
	run->seconds = world.now - counting->since;
	return 0;
}

static void end_counting(struct stat_counting *counting)
{
	world.ended += !strcmp(counting->family.why, "so it is");
}

static void follow(struct family *family, pid_t tgid)
{
	(void)family;
	if (world.nfollowed < 8)
		world.followed[world.nfollowed++] = tgid;
}

static double time_now(void)
{
	return world.now;
}

static void sleep_to(double time)
{
	world.now = time > world.now ? time : world.now;
}

static int start_command(struct launch *launch, char **command)
{
	launch->pid = 77;
	launch->command = command;
	launch->status = 3;
	world.launched++;
	return world.no_command ? -1 : 0;
}

static bool command_ended(struct launch *launch, double time)
{
	(void)launch;
	sleep_to(time < world.ended_at ? time : world.ended_at);
	return world.now >= world.ended_at;
}

static int close_command(struct launch *launch)
{
	world.closed += launch->pid == 77;
	return world.not_executed ? -1 : 0;
}

#define snapshot_read(snapshot, format, pids, count) list_tasks(snapshot)
#define snapshot_task find_task
#define snapshot_free(snapshot) ((void)(snapshot))
#define overlap_members(group) ((group)->sharing == SHARING_COW ? 2 : 1)
#define program_forked is_one_program
#define program_look find_program
#define stat_begin begin_counting
#define stat_read read_counting
#define stat_end end_counting
#define family_add follow
#define family_update(family) ((void)(family))
#define now_seconds time_now
#define sleep_until sleep_to
#define launch_start start_command
#define launch_go(launch) ((void)(launch))
#define launch_ended command_ended
#define launch_executed(launch) (world.now >= world.executed_at)
#define launch_end close_command
#include "measure/program-watch.c"
#include "tap.h"

static const struct world usual = { .now = 1000, .cost = 0.01 };

static void finds(unsigned int look, uint64_t count, uint64_t pages, uint64_t cow)
{
	world.finds[look].tasks = count;
	world.finds[look].pages = pages;
	world.finds[look].cow = cow;
}

static void everywhere(uint64_t count)
{
	for (unsigned int i = 0; i < LOOKS; i++)
		finds(i, count, 1, 0);
}

static void test_roots(void)
{
	struct snapshot all;

	world = usual;
	list_tasks(&all);
	CHECK(root_of(&all, 30) == 10 && root_of(&all, 10) == 10,
	      "watch: up to the first that was not forked, and not to process 1");
	world.other_file = 10;
	CHECK(root_of(&all, 30) == 20, "watch: not to one of another program");
	CHECK(root_of(&all, 99) == 99, "watch: of who is not listed nothing is known");
	CHECK(root_of(&all, 40) == 40, "watch: who are each other's parents have an end");
}

static int watch(struct program *program, pid_t pid, double seconds)
{
	return program_watch(program, &pid, 1, seconds);
}

/* How often looking costs at most a tenth, but not more often nor more seldom than that. */
static void check_pace(double cost, double distance, const char *what)
{
	struct program program;

	world = usual;
	world.cost = cost;
	everywhere(1);
	watch(&program, 30, 8 * (cost + distance));
	if (!CHECK(world.looks >= 7 && world.looks <= 10 &&
		   world.looked_at[2] - world.looked_at[1] > cost + distance - EPSILON &&
		   world.looked_at[2] - world.looked_at[1] < cost + distance + EPSILON &&
		   program.run.seconds > 8 * (cost + distance) - EPSILON,
		   "watch: %s", what))
		printf("# %u looks, %f apart\n", world.looks,
		       world.looked_at[2] - world.looked_at[1]);
	program_free(&program);
}

/* The one with most tasks, and of these the one with most pages. */
static void test_keeps(void)
{
	struct program program;

	world = usual;
	finds(0, 2, 900, 50);
	finds(1, 5, 10, 70);
	finds(2, 5, 30, 20);
	finds(3, 5, 20, 40);
	finds(4, 1, 9999, 30);
	watch(&program, 30, 1.0);
	CHECK(program.groups[0].tgid == 102 && program.page_size == 4096,
	      "watch: the look with most tasks and then most pages is kept");
	if (!CHECK(program.cow_first == 50 && program.cow_most == 70 && program.cow_last == 30 &&
		   program.looks == 5, "watch: shared pages of the first look, the most, the last"))
		printf("# %u looks, %llu, %llu, %llu\n", program.looks,
		       (unsigned long long)program.cow_first, (unsigned long long)program.cow_most,
		       (unsigned long long)program.cow_last);
	program_free(&program);
}

static void test_relatives(void)
{
	struct program program;

	world = usual;
	everywhere(1);
	CHECK(!watch(&program, 30, 0.1) && world.followed[0] == 10 && world.followed[1] == 100,
	      "watch: the root is followed, and whom the first look finds");
	CHECK(!strcmp(program.why_not_followed, "so it is"), "watch: it says why not");
	program_free(&program);
}

static void fails(int result, unsigned int begun, unsigned int ended, const char *what)
{
	struct program program = { .looks = 0 };
	int got = watch(&program, 30, 1);

	if (!CHECK(got == result && world.begun == begun && world.ended == ended && !world.read,
		   "watch: %s: it is told, and what was begun is ended", what))
		printf("# result %d, begun %u, ended %u, read %u\n", got, world.begun, world.ended,
		       world.read);
	if (begun && !world.no_counting)
		program_free(&program);
}

static void test_failures(void)
{
	world = usual;
	world.no_tasks = true;
	fails(-1, 0, 0, "tasks cannot be read");
	world = usual;
	world.no_counting = true;
	fails(-1, 1, 0, "nothing can be counted");
	world = usual;
	everywhere(1);
	world.fails_at = 1;
	fails(-1, 1, 1, "the first look fails");
	world = usual;
	everywhere(1);
	world.fails_at = 3;
	fails(-1, 1, 1, "a later one fails");
}

static void test_nobody(void)
{
	struct program program;

	world = usual;
	CHECK(!watch(&program, 30, 1) && !program.looks && !program.ngroups && world.read == 1,
	      "watch: who has ended before the first look is no failure");
	program_free(&program);
}

static char *words[] = { "server", NULL };

static void test_command(void)
{
	struct program program;

	world = usual;
	everywhere(4);
	world.executed_at = 1000.5;
	world.ended_at = 1002;
	CHECK(!program_run(&program, words) && program.command == words && program.status == 3 &&
	      world.closed == 1 && world.read == 1 && world.ended == 1 && world.followed[0] == 77,
	      "watch: a command, to its end, with its status");
	CHECK(world.looked_at[0] >= 1000.5 && world.looks >= 5 && world.looks <= 9,
	      "watch: it is looked at from its exec on");
	program_free(&program);
	world = usual;
	world.executed_at = 1001;
	world.ended_at = 1001;
	world.not_executed = true;
	CHECK(program_run(&program, words) == 1 && program.status == 3 && !world.looks,
	      "watch: one that cannot be executed is told apart");
	program_free(&program);
	world = usual;
	world.no_command = true;
	CHECK(program_run(&program, words) == -1 && !world.begun && !world.closed,
	      "watch: no process for it");
	world = usual;
	world.no_counting = true;
	CHECK(program_run(&program, words) == -1 && world.closed == 1 && !world.ended,
	      "watch: nothing can be counted, and the process does not stay");
	world = usual;
	everywhere(1);
	world.ended_at = 1009;
	world.fails_at = 2;
	CHECK(program_run(&program, words) == -1 && world.looks == 2 && world.ended == 1 &&
	      world.closed == 1 && !world.read, "watch: a look that fails is the last");
	program_free(&program);
}

void test_program_watch(void)
{
	test_roots();
	check_pace(0.01, 0.2, "a cheap look comes five times a second");
	check_pace(0.05, 0.45, "one that costs more, so seldom that it costs a tenth");
	check_pace(0.5, 1.0, "but each second at the least");
	test_keeps();
	test_relatives();
	test_failures();
	test_nobody();
	test_command();
}
