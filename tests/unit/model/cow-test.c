// SPDX-License-Identifier: GPL-2.0
/* Copy-on-write: what two looks at a process and its relatives say was broken, by whom. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/copy-on-write.h"
#include "model/cow-relatives.h"
#include "read/formats.h"
#include "read/run-list.h"
#include "read/snapshot.h"
#include "read/whole-file.h"
#include "tap.h"

#define PAGE	4096ULL
#define ALL	0, UINT64_MAX
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Pages @page to @page + @count - 1, in frames from @frame on. */
#define RUN(page, frame, count, class)							\
	{ .va = (page) * PAGE, .pfn = frame, .pages = count, .sharing = SHARING_##class,	\
	  .pte = SHARESTAT_PTE_WRITE }
#define RUNS(list) \
	(&(const struct run_list) { .runs = list, .count = COUNT(list), .page_size = PAGE })

/*
 * At the first look: 100 pages are shared with a child, of them 8 near the end with
 * another child, too; file pages and pages of one's own lie around them.
 */
static struct frame_run first[] = {
	RUN(10, 500, 3, LIBTEXT),
	RUN(13, 600, 5, PRIVATE),
	RUN(100, 1000, 60, COW),
	RUN(160, 3000, 40, COW),
	RUN(300, 700, 2, ZERO),
};

/* The children have the same frames elsewhere in the list, one of them in other runs. */
static struct frame_run first_child[] = {
	RUN(10, 500, 3, LIBTEXT),
	RUN(100, 1000, 30, COW),
	RUN(130, 1030, 30, COW),
	RUN(160, 3000, 40, COW),
};

static struct frame_run first_other[] = {
	RUN(190, 3030, 8, COW),
	RUN(800, 9000, 9, PRIVATE),
};

/*
 * Later we have written 7 pages and given 5 back, which cuts the runs anew; the
 * first child has written 11 and ended to have 2 more; the other child wrote 3.
 */
static struct frame_run later[] = {
	RUN(10, 500, 3, LIBTEXT),
	RUN(13, 600, 5, PRIVATE),
	RUN(100, 1000, 20, COW),
	RUN(120, 8000, 7, PRIVATE),		/* written by us */
	RUN(127, 1027, 22, COW),
	RUN(149, 1049, 11, PRIVATE),		/* written by the child */
	/* 160 to 164 were given back */
	RUN(165, 3005, 2, PRIVATE),		/* given back by the child */
	RUN(167, 3007, 33, COW),
	RUN(300, 700, 2, ZERO),
};

static struct frame_run later_child[] = {
	RUN(100, 1000, 49, COW),
	RUN(149, 8100, 11, PRIVATE),
	RUN(160, 3000, 5, PRIVATE),
	RUN(167, 3007, 33, COW),
};

static struct frame_run later_other[] = {
	RUN(190, 8200, 3, PRIVATE),
	RUN(193, 3033, 5, COW),
};

static void check_erosion(const char *what, struct cow_erosion got, struct cow_erosion wanted)
{
	if (!CHECK(!memcmp(&got, &wanted, sizeof(got)), "cow: %s", what))
		printf("# shared %llu by us %llu by them %llu gone %llu\n",
		       (unsigned long long)got.shared, (unsigned long long)got.by_us,
		       (unsigned long long)got.by_them, (unsigned long long)got.gone);
}

static struct cow_erosion since_first(const struct run_list *then, const struct run_list *now,
				      const struct run_list *now_other, uint64_t start,
				      uint64_t end)
{
	struct cow_frames frames_then, frames_now;
	struct cow_erosion erosion;
	struct cow_set set;

	cow_frames_init(&frames_then, then);
	cow_frames_init(&frames_now, now_other);
	cow_set_init(&set, RUNS(first), &frames_then);
	erosion = cow_erosion(&set, now, &frames_now, start, end);
	cow_set_free(&set);
	cow_frames_free(&frames_then);
	cow_frames_free(&frames_now);
	return erosion;
}

/* What a relative has with us, and no more, is what counts. */
static void test_relatives(void)
{
	check_erosion("nothing happened",
		      since_first(RUNS(first_child), RUNS(first), RUNS(first_child), ALL),
		      (struct cow_erosion) { .shared = 100 });
	check_erosion("one relative: written by us, by it, given back by each",
		      since_first(RUNS(first_child), RUNS(later), RUNS(later_child), ALL),
		      (struct cow_erosion) { 75, .by_us = 7, .by_them = 13, .gone = 5 });
	check_erosion("another relative: only what it had",
		      since_first(RUNS(first_other), RUNS(later), RUNS(later_other), ALL),
		      (struct cow_erosion) { 5, .by_them = 3 });
	check_erosion("a mapping that the relative has in two runs by now",
		      since_first(RUNS(first), RUNS(first), RUNS(first_child), 125 * PAGE,
				  135 * PAGE),
		      (struct cow_erosion) { .shared = 10 });
	check_erosion("a relative that ended",
		      since_first(RUNS(first_child), RUNS(later),
				  &(struct run_list) { .page_size = PAGE }, ALL),
		      (struct cow_erosion) { .by_us = 7, .by_them = 88, .gone = 5 });
	check_erosion("we have nothing any more",
		      since_first(RUNS(first_child), &(struct run_list) { .page_size = PAGE },
				  RUNS(later_child), ALL),
		      (struct cow_erosion) { .gone = 100 });
}

static struct cow_erosion with_anybody(uint64_t start, uint64_t end)
{
	struct cow_erosion erosion;
	struct cow_set set;

	cow_set_all(&set, RUNS(first));
	erosion = cow_erosion(&set, RUNS(later), NULL, start, end);
	cow_set_free(&set);
	return erosion;
}

/* By VMA: with whomever it is shared, cut where the mapping begins and ends. */
static void test_ranges(void)
{
	check_erosion("with anybody", with_anybody(ALL),
		      (struct cow_erosion) { 75, .by_us = 7, .by_them = 13, .gone = 5 });
	check_erosion("a mapping that begins and ends inside",
		      with_anybody(123 * PAGE, 151 * PAGE),
		      (struct cow_erosion) { 22, .by_us = 4, .by_them = 2 });
	check_erosion("a mapping over two runs, and what was given back",
		      with_anybody(159 * PAGE, 168 * PAGE),
		      (struct cow_erosion) { 1, .by_them = 3, .gone = 5 });
	check_erosion("one page", with_anybody(126 * PAGE, 127 * PAGE),
		      (struct cow_erosion) { .by_us = 1 });
	check_erosion("the mapping before", with_anybody(0, 100 * PAGE),
		      (struct cow_erosion) { 0 });
	check_erosion("the mapping behind", with_anybody(200 * PAGE, UINT64_MAX),
		      (struct cow_erosion) { 0 });
}

/* Now a file or zeros where anonymous pages were: not broken, but gone. */
static void test_replaced(void)
{
	struct frame_run now[] = { RUN(100, 1000, 10, FILECOW), RUN(110, 700, 10, ZERO),
				   RUN(120, 1020, 80, KSM) };
	struct cow_set set;

	cow_set_all(&set, RUNS(first));
	CHECK(set.pages == 100, "cow: all pages that are shared with anybody");
	check_erosion("mapped anew", cow_erosion(&set, RUNS(now), NULL, 0, 120 * PAGE),
		      (struct cow_erosion) { .gone = 20 });
	check_erosion("merged by KSM: one frame still, another one behind it",
		      cow_erosion(&set, RUNS(now), NULL, 159 * PAGE, 161 * PAGE),
		      (struct cow_erosion) { .by_us = 1, .by_them = 1 });
	cow_set_free(&set);
}

static void check_relation(const struct snapshot *tasks, pid_t tid, const char *expected)
{
	const struct task_record *us = snapshot_task(tasks, 20);
	const char *relation = cow_relation(us, snapshot_task(tasks, tid), tasks);

	CHECK(relation ? expected && !strcmp(relation, expected) : !expected,
	      "cow: %d is %s", tid, expected ? expected : "no relative");
}

static void test_relations(void)
{
	struct task_record records[] = {
		{ .tid = 1, .tgid = 1 },
		{ .tid = 10, .tgid = 10, .ppid = 1 },
		{ .tid = 20, .tgid = 20, .ppid = 10 },
		{ .tid = 21, .tgid = 21, .ppid = 10 },
		{ .tid = 30, .tgid = 30, .ppid = 20 },
		{ .tid = 40, .tgid = 40, .ppid = 30 },
		{ .tid = 50, .tgid = 50, .ppid = 21 },
		{ .tid = 60, .tgid = 60, .ppid = 61 },	/* a tree that changed as it was read */
		{ .tid = 61, .tgid = 61, .ppid = 60 },
	};
	struct snapshot tasks = {
		.records = records, .count = COUNT(records), .format = &format_tasks,
	};

	snapshot_index(&tasks);
	check_relation(&tasks, 10, "parent");
	check_relation(&tasks, 21, "sibling");
	check_relation(&tasks, 30, "child");
	check_relation(&tasks, 40, "descendant");
	check_relation(&tasks, 50, NULL);
	check_relation(&tasks, 1, NULL);
	check_relation(&tasks, 60, NULL);
	snapshot_unindex(&tasks);
}

/* A fork copies tables of private mappings with anonymous memory, and no others. */
static void test_fork_cost(void)
{
	struct frame_run runs[] = {
		RUN(510, 100, 5, PRIVATE),		/* crosses into a second table */
		RUN(600, 200, 3, FILECOW),		/* in that table, too */
		{ .va = 0x40000000, .pfn = 300, .pages = 7, .sharing = SHARING_COW },
		RUN(0x80000, 400, 9, MAPANON),
	};
	struct vma_record vmas[] = {
		{ .start = 510 * PAGE, .end = 700 * PAGE, .perms = "rw-p",
		  .pages[SHARING_PRIVATE] = 5 },
		{ .start = 0x40000000, .end = 0x40010000, .perms = "rw-p",
		  .pages[SHARING_COW] = 7 },
		{ .start = 0x80000 * PAGE, .end = 0x80010 * PAGE, .perms = "rw-s",
		  .pages[SHARING_MAPANON] = 9, .swap = 2 },
	};
	struct snapshot snapshot = {
		.records = vmas, .count = COUNT(vmas), .format = &format_vmas,
	};
	struct fork_cost cost = fork_cost(RUNS(runs), &snapshot);

	CHECK(cost.vmas == 3 && cost.anonymous == 12 && cost.protect == 5,
	      "cow: a fork copies 3 mappings, shares 12 pages, protects 5 of them");
	/* Three of the lowest level, one above for each GiB, one above those. */
	if (!CHECK(cost.tables == 3 + 2 + 1, "cow: and copies 6 page tables"))
		printf("# %llu\n", (unsigned long long)cost.tables);
}

#define PIECES 100000

/* Of page @page of many_runs(), by what it was and what it is. */
static void add_page(struct cow_erosion *erosion, uint64_t page, const struct frame_run *then,
		     const struct frame_run *now)
{
	const struct frame_run *was = &then[page / 4];

	if (page / 4 >= PIECES || page % 4 >= was->pages)
		return;
	erosion->shared += now[page / 4].sharing == SHARING_COW;
	erosion->by_them += now[page / 4].sharing == SHARING_PRIVATE;
	erosion->gone += now[page / 4].sharing == SHARING_ZERO;
}

/* A run of one to three pages in every four: then, and the same later. */
static void many_runs(struct frame_run *then, struct frame_run *now)
{
	static const enum sharing_class later_classes[] = {
		SHARING_COW, SHARING_PRIVATE, SHARING_ZERO,
	};

	for (uint64_t i = 0; i < PIECES; i++) {
		then[i] = (struct frame_run)RUN(4 * i, 4 * i + 9, 1 + i % 3, COW);
		now[i] = then[i];
		now[i].sharing = later_classes[random() % 3];
	}
}

/* Mappings one behind the other, too many to look at all pieces for each of them. */
static void test_many_ranges(void)
{
	struct frame_run *then = calloc(PIECES, sizeof(*then));
	struct frame_run *now = calloc(PIECES, sizeof(*now));
	struct run_list runs_then = { then, PIECES, 0, PAGE }, runs_now = { now, PIECES, 0, PAGE };
	unsigned int wrong = 0;
	struct cow_set set;

	many_runs(then, now);
	cow_set_all(&set, &runs_then);
	for (uint64_t page = 0, end; page < 4 * PIECES + 9; page = end) {
		struct cow_erosion got, wanted = { 0 };

		end = page + 1 + (uint64_t)random() % 9;
		for (uint64_t i = page; i < end; i++)
			add_page(&wanted, i, then, now);
		got = cow_erosion(&set, &runs_now, NULL, page * PAGE, end * PAGE);
		wrong += memcmp(&got, &wanted, sizeof(got)) != 0;
	}
	CHECK(!wrong, "cow: %d pieces in mappings of some pages: as page by page", PIECES);
	cow_set_free(&set);
	free(then);
	free(now);
}

#define RELATIVES 50000

/* Each is there and the one that it was, or is not; of every third there is a page. */
static unsigned int wrong_relatives(const struct relatives *relatives, bool third_only)
{
	unsigned int wrong = 0;

	for (pid_t i = 0; i < RELATIVES; i++) {
		const struct relative *relative = relatives_find(relatives, 2 * i + 1);

		wrong += !!relatives_find(relatives, 2 * i);
		if (third_only && i % 3)
			wrong += !!relative;
		else
			wrong += !relative || relative->pid != 2 * i + 1 ||
				 atoi(relative->comm) != i || !!relative->start.count != !(i % 3);
	}
	return wrong;
}

/* More than could be looked for among all of them, and two of three end. */
static void test_many_relatives(void)
{
	struct relatives relatives = { 0 };
	unsigned int wrong;

	for (pid_t i = 0; i < RELATIVES; i++) {
		struct task_record task = { .tgid = 2 * i + 1 };
		struct cow_set start = { 0 };

		if (i % 3 == 0)
			cow_set_all(&start, &(const struct run_list) { &first[2], 1, 0, PAGE });
		snprintf(task.comm, sizeof(task.comm), "%d", i);
		relatives_add(&relatives, &task, "child", start);
	}
	wrong = wrong_relatives(&relatives, false);
	relatives_begin(&relatives);
	for (pid_t i = 0; i < RELATIVES; i += 3)
		relatives_find(&relatives, 2 * i + 1)->seen = true;
	relatives_end(&relatives);
	wrong += wrong_relatives(&relatives, true);
	CHECK(!wrong && relatives.count == (RELATIVES + 2) / 3 && relatives.list[1].pid == 7,
	      "cow: %d relatives, each found by its number, and no longer when it has ended",
	      RELATIVES);
	relatives_free(&relatives);
}

void test_cow(void)
{
	test_relatives();
	test_ranges();
	test_many_ranges();
	test_replaced();
	test_relations();
	test_many_relatives();
	test_fork_cost();
}
