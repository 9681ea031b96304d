// SPDX-License-Identifier: GPL-2.0
/* Thread groups -> address spaces: who is known, who comes later, who has ended by then. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure/find-spaces.h"
#include "read/formats.h"
#include "read/open.h"
#include "tap.h"

#define TASKS 60000

/* Three threads a group, of which the first may have lost its memory; twins share it. */
static void fill(struct task_record *records, pid_t first)
{
	for (int i = 0; i < TASKS; i++) {
		records[i].tid = first + i;
		records[i].tgid = first + i - i % 3;
		records[i].object[OBJECT_MM] =
			i % 9 ? (object_id)(first + i) / 6 + 1 : 0;
		snprintf(records[i].comm, sizeof(records[i].comm), "%d", records[i].tid);
	}
}

static unsigned int wrong_spaces(struct spaces *spaces, pid_t first)
{
	unsigned int wrong = 0;

	for (pid_t tgid = first; tgid < first + TASKS; tgid++) {
		long space = spaces_known(spaces, tgid);

		if ((tgid - first) % 3)
			wrong += space >= 0;
		else
			wrong += space < 0 || spaces->list[space].groups != 2 ||
				 spaces->list[space].mm != (object_id)tgid / 6 + 1;
	}
	return wrong;
}

/* Twice as many come later, and the first ones again. */
static void check_many(void)
{
	struct task_record *records = calloc(TASKS, sizeof(*records));
	struct snapshot tasks = {
		.records = records, .count = TASKS, .format = &format_tasks,
	};
	struct spaces spaces = { 0 };
	unsigned int wrong = 0;

	for (pid_t first = 12; first < 12 + 2 * TASKS; first += TASKS) {
		fill(records, first);
		spaces_add(&spaces, &tasks);
		spaces_add(&spaces, &tasks);
		wrong += wrong_spaces(&spaces, 12) + wrong_spaces(&spaces, first);
	}
	CHECK(!wrong && spaces.count == TASKS / 3,
	      "spaces: %zu of twice as many groups of three threads", spaces.count);
	spaces_free(&spaces);
	free(records);
}

#define ENDED 50000

/* Each would have cost a reading of all tasks, and all that are known a sort. */
static void check_ended(void)
{
	struct spaces spaces;
	unsigned int wrong = 0;
	size_t known;

	if (!CHECK(!spaces_read(&spaces), "spaces: those of a recording"))
		return;
	known = spaces.count;
	for (int round = 0; round < 2; round++) {
		for (pid_t i = 0; i < ENDED; i++) {
			pid_t tgid = 4000000 - 3 * i;
			long space = spaces_find(&spaces, tgid);

			wrong += space != (long)known + i || spaces.list[space].tgid != tgid ||
				 spaces.list[space].mm != 0;
		}
	}
	CHECK(!wrong && spaces.count == known + ENDED,
	      "spaces: %d that are not in the recording have one each", ENDED);
	spaces_free(&spaces);
}

/* Without a module there is nothing to be read, and for the dead nothing is. */
static void check_dead(void)
{
	pid_t child = fork();
	struct spaces spaces = { 0 };

	if (!child)
		_exit(0);
	waitpid(child, NULL, 0);
	CHECK(spaces_find(&spaces, child) == 0 && !strcmp(spaces.list[0].comm, "[ended]"),
	      "spaces: who has ended is not looked for among the living");
	spaces_free(&spaces);
}

void test_find_spaces(void)
{
	source_set_root(getenv("RECORDING"));
	check_many();
	check_ended();
	source_set_root(NULL);
	check_dead();
}
