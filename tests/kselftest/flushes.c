// SPDX-License-Identifier: GPL-2.0
/*
 * tlb_mms: flushes of each reason and outcome, also those that this machine never makes,
 * each in its columns of its owner: fired by stimulus.ko in the task itself, in what
 * another CPU runs, and in a kernel thread.
 */
#include "patient-harness.h"
#include "shootdown-test.h"
#include "stimulus-test.h"
#include "accounts-test.h"

#define TRIES 20

/* All flushes of one owner; what was before them is subtracted. */
struct owner {
	const char *key, *name;
	struct flush_sums sums;
};

static uint64_t grown(const struct table *before, const struct table *after,
		      const struct owner *owner, const char *column)
{
	return table_sum(after, column, owner->key, owner->name, NULL) -
	       table_sum(before, column, owner->key, owner->name, NULL);
}

/* By the ABI: which reasons are added up in which column. */
static const char *const sum_of_reason[TLB_REASONS] = {
	[TLB_REASON_TASK_SWITCH] = "at_switch",
	[TLB_REASON_REMOTE_SHOOTDOWN] = "received",
	[TLB_REASON_LOCAL_SHOOTDOWN] = "local",
	[TLB_REASON_LOCAL_MM_SHOOTDOWN] = "local",
	[TLB_REASON_REMOTE_SEND_IPI] = "begun",
	[TLB_REASON_REMOTE_WRONG_CPU] = "received",
	[TLB_REASON_OTHER] = "other",
};

/* What must stand in a column: of a reason with an outcome, or one of the sums. */
static uint64_t wanted(const struct owner *owner, const char *column)
{
	uint64_t sum = 0;
	char name[64];
	size_t i, j;

	for (i = 0; i < TLB_REASONS; i++) {
		for (j = 0; j < TLB_OUTCOMES; j++) {
			snprintf(name, sizeof(name), "%s_%s", tlb_reasons[i], tlb_outcomes[j]);
			if (!strcmp(column, name) || !strcmp(column, sum_of_reason[i]) ||
			    !strcmp(column, tlb_outcomes[j]))
				sum += owner->sums.count[i][j];
		}
		if (!strcmp(column, "pages"))
			sum += owner->sums.pages[i];
	}
	return sum;
}

static size_t count_wrong(const struct table *before, const struct table *after,
			  const struct owner *owner, bool say)
{
	size_t column, wrong = 0;

	for (column = table_column(after, "at_switch"); column < after->columns - 1; column++) {
		const char *name = after->names[column];
		uint64_t is = grown(before, after, owner, name), shall = wanted(owner, name);

		wrong += is != shall;
		if (is != shall && say)
			fprintf(stderr, "# %s %s: %s is %ju, should be %ju\n", owner->key,
				owner->name, name, (uintmax_t)is, (uintmax_t)shall);
	}
	return wrong;
}

FIXTURE(flushes) {
	struct flags *flags;
	char me[16], child[16];
	pid_t pid;
	bool ready;
};

/* As a real-time task it makes no switch of its own, and gives way to none. */
FIXTURE_SETUP(flushes)
{
	if (!flushes_are_traced())
		SKIP(return, WHY_NO_FLUSHES);
	if (!stimulus_load())
		SKIP(return, WHY_NO_STIMULUS);
	probes(PROBES_OFF);
	real_time_unlimited(true);
	pin_to(1);
	real_time();
	self->flags = flags_new();
	self->pid = spinner_start(self->flags, -1, 0);
	snprintf(self->me, sizeof(self->me), "%d", getpid());
	snprintf(self->child, sizeof(self->child), "%d", self->pid);
	probes("+tlb");
	self->ready = true;
}

FIXTURE_TEARDOWN(flushes)
{
	if (!self->ready)
		return;
	spinner_end(self->flags, self->pid);
	probes(PROBES_OFF);
	real_time_unlimited(false);
}

/* One of a switch, when no switch is under way, is nobody's. */
TEST_F(flushes, of_tasks)
{
	size_t wrong = 1;
	int tries;

	if (!self->ready)
		return;
	/* The system's own flushes may come in between; not each time. */
	for (tries = 1; wrong && tries <= TRIES; tries++) {
		struct owner mine = { .key = "tgid", .name = self->me };
		struct owner theirs = { .key = "tgid", .name = self->child };
		struct owner nobodys = { .key = "comm", .name = "[nobody]" };
		struct table before, after;

		spin_begin(self->flags);
		before = table_read("tlb_mms");
		fire_flushes("task", 1, &nobodys.sums, &mine.sums);
		fire_flushes("interrupt", 0, &nobodys.sums, &theirs.sums);
		after = table_read("tlb_mms");
		spin_end(self->flags);
		wrong = count_wrong(&before, &after, &mine, tries == TRIES) +
			count_wrong(&before, &after, &theirs, tries == TRIES) +
			count_wrong(&before, &after, &nobodys, tries == TRIES);
		table_free(&before);
		table_free(&after);
	}
	EXPECT_EQ(0, wrong);
}

TEST_F(flushes, of_a_kernel_thread)
{
	size_t wrong = 1;
	int tries;

	if (!self->ready)
		return;
	for (tries = 1; wrong && tries <= TRIES; tries++) {
		struct owner nobodys = { .key = "comm", .name = "[nobody]" };
		struct table before = table_read("tlb_mms"), after;

		fire_flushes("kthread", 0, &nobodys.sums, &nobodys.sums);
		after = table_read("tlb_mms");
		wrong = count_wrong(&before, &after, &nobodys, tries == TRIES);
		table_free(&before);
		table_free(&after);
	}
	EXPECT_EQ(0, wrong);
}

TEST_HARNESS_MAIN
