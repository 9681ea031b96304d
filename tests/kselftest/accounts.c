// SPDX-License-Identifier: GPL-2.0
/*
 * The tables behind the files *_mms when they are short of room, when probes
 * come and go, and when they are reset: nothing that was counted gets lost.
 */
#include "patient-harness.h"
#include "turns-test.h"
#include "accounts-test.h"
#include "hits-test.h"

#define CROWD 1301	/* more than there is room for on two CPUs; prime */
#define SOME 401	/* with those before them more than there is room for */
#define FEW 151		/* twice as many have room on one CPU */
#define RESETS 101
#define SWITCHINGS 199

FIXTURE(accounts) {
	struct window window;
};

FIXTURE_SETUP(accounts)
{
	(void)self;
	probes(PROBES_OFF);
	reset_counters();
	hits_open();
}

FIXTURE_TEARDOWN(accounts)
{
	(void)self;
	probes(PROBES_OFF);
	hits_close();
}

/* By address space, by CPU and as the kernel saw it. Return: the switches. */
static uint64_t all_as_seen(struct __test_metadata *_metadata, const struct window *window,
			    bool flushes, bool births)
{
	uint64_t switches = all_add_up();

	EXPECT_TRUE(window_holds(window, "switches", switches, HIT_SWITCHES, HIT_SWITCHES));
	/* What 5.10 traces besides is no flush: see tlb.c. */
	if (flushes && flushes_are_traced() && !flushes_have_echoes())
		EXPECT_TRUE(window_holds(window, "flushes", tlb_add_up(), HIT_FLUSHES,
					 HIT_FLUSHES));
	if (births)
		EXPECT_TRUE(window_holds(window, "births", births_add_up(), HIT_CLONES,
					 HIT_EXECS));
	return switches;
}

/* Children that all live at one time, and end at a word of their parent. */
static void live_together(unsigned int count)
{
	int gate[2];
	char byte;

	if (pipe(gate))
		fail("pipe: %s", strerror(errno));
	while (count--) {
		pid_t pid = fork();

		if (pid < 0)
			fail("fork: %s", strerror(errno));
		if (!pid) {
			close(gate[1]);
			_exit(read(gate[0], &byte, 1) != 0);
		}
	}
	close(gate[0]);
	close(gate[1]);
	while (wait(NULL) > 0)
		;
}

TEST_F(accounts, more_than_there_is_room_for)
{
	struct table table;

	window_open(&self->window, "+switches +births");
	live_together(CROWD);
	window_close(&self->window);
	EXPECT_LT(CROWD, all_as_seen(_metadata, &self->window, false, true));
	table = table_read("switches_mms");
	EXPECT_LT(0, account_all(&table, "[overflow]"));
	EXPECT_EQ(0, account_all(&table, "[gone]"));
	EXPECT_GE(1024 + 4, table.rows) TH_LOG("512 a CPU, and those that are nobody's");
	table_free(&table);
}

/* Unread they keep their place; read they make room, and are kept as a sum. */
TEST_F(accounts, the_dead_make_room_once_they_were_read)
{
	uint64_t before, after;
	struct table table;

	window_open(&self->window, "+switches");
	live_together(CROWD);
	window_close(&self->window);
	before = all_as_seen(_metadata, &self->window, false, false);	/* reads */
	probes("+switches");
	live_together(SOME);
	probes(PROBES_OFF);
	after = all_add_up();
	EXPECT_LE(before + SOME, after);
	table = table_read("switches_mms");
	EXPECT_LT(0, account_all(&table, "[gone]"));
	table_free(&table);
	reset_counters();
	EXPECT_EQ(0, all_add_up());
}

/* Who reads the files one after the other finds the same ones in each. */
TEST_F(accounts, the_dead_of_one_file_are_in_the_next)
{
	struct table table;

	(void)self;
	probes("+switches");
	live_together(FEW);
	table = table_read("births_mms");
	table_free(&table);
	live_together(FEW);
	table = table_read("switches_mms");
	EXPECT_EQ(0, account_all(&table, "[gone]"));
	EXPECT_LT(2 * FEW, table.rows);
	table_free(&table);
}

TEST_F(accounts, reset_under_load)
{
	pid_t load[2];
	int i;

	load_start(load);
	probes("+switches +tlb +births +latency");
	for (i = 0; i < RESETS; i++) {
		window_reset(&self->window);
		usleep(1000);
	}
	/* What was counted after the last reset, and that alone. */
	usleep(200000);
	window_close(&self->window);
	load_end(load);
	EXPECT_LT(0, all_as_seen(_metadata, &self->window, true, true));
}

/* Each by itself in turn, so that every mix of them comes up. */
static void switch_probes(unsigned int times)
{
	static const char *const words[] = {
		"+switches", "+tlb", "-switches", "+births +latency", "-tlb", "+switches +tlb",
		"-latency", "-births", "+latency", "-switches -tlb", "+births", "-births -latency",
	};
	unsigned int i;

	for (i = 0; i < times; i++) {
		probes(words[i % (sizeof(words) / sizeof(*words))]);
		usleep(500);
	}
}

TEST_F(accounts, probes_come_and_go_under_load)
{
	pid_t load[2];

	load_start(load);
	window_reset(&self->window);
	switch_probes(SWITCHINGS);
	window_close(&self->window);
	/* They were attached now and then: all that happened is too much. */
	self->window.ending = self->window.begun;
	load_end(load);
	EXPECT_LT(0, all_as_seen(_metadata, &self->window, true, true));
}

/* A file that is read while others write gives whole lines, and no less at the end. */
TEST_F(accounts, read_under_load)
{
	uint64_t last = 0;
	pid_t load[2];
	int i;

	load_start(load);
	window_open(&self->window, "+switches +tlb +births");
	for (i = 0; i < 50; i++) {
		struct table table = table_read("switches_mms");
		uint64_t now = 0;
		size_t class;

		for (class = 0; class < SWITCH_CLASSES; class++)
			now += table_sum(&table, switch_classes[class], NULL);
		EXPECT_LE(last, now);
		last = now;
		table_free(&table);
	}
	window_close(&self->window);
	load_end(load);
	EXPECT_LE(last, all_as_seen(_metadata, &self->window, true, true));
}

TEST_HARNESS_MAIN
