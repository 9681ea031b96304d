// SPDX-License-Identifier: GPL-2.0
/* Address spaces out of a list of tasks: random tasks, counted one by one. */
#include "kernel.h"
#include SOURCE
#include "test.h"

#define MMS 12
#define TASKS 60

static struct mm_struct mms[MMS];
static struct task_struct idle[FAKE_CPUS];

/* Groups of one to five threads; two groups may have one mm, as after a vfork. */
static void make_tasks(void)
{
	int pid = 2, leader = 2;

	for (unsigned int i = 0; i < TASKS; i++, pid++) {
		bool more = i && random_number() % 3;
		struct task_struct *task;

		leader = more ? leader : pid;
		task = fake_task(pid, leader, NULL);
		if (more)
			task->mm = task->group_leader->mm;
		else if (random_number() % 4)
			task->mm = &mms[random_number() % (MMS - 2)];
		task->active_mm = task->mm		      ?:
					  random_number() % 2 ? &mms[random_number() % MMS] :
								NULL;
	}
}

/* Every figure of every address space is another number. */
static void make_mms(void)
{
	for (unsigned int i = 0; i < MMS; i++) {
		mms[i].mm_users.counter = 1000 + i;
		mms[i].mm_count.counter = 2000 + i;
		mms[i].map_count = 3000 + i;
		mms[i].counter[MM_ANONPAGES] = 4000 + i;
		mms[i].counter[MM_FILEPAGES] = 5000 + i;
		mms[i].counter[MM_SHMEMPAGES] = 6000 + i;
		mms[i].counter[MM_SWAPENTS] = 7000 + i;
		mms[i].pgtables = 8000 + i;
		mms[i].context.tlb_gen.counter = 9000 + i;
		mms[i].cpus.bits[0] = i % 8;
	}
}

static bool figures_are_right(const struct mm_snapshot *snapshot, const struct mm_row *row)
{
	unsigned int i = row->mm - mms;

	return row->mm_users == 1000 + i && row->mm_count == 2000 + i && row->vmas == 3000 + i &&
	       row->rss_anon == 4000 + i && row->rss_file == 5000 + i &&
	       row->rss_shmem == 6000 + i && row->swap == 7000 + i && row->pgtables == 8000 + i &&
	       row->tlb_gen == 9000 + i && *mms_mask(snapshot, row) == i % 8;
}

/* Counted the long way. */
static unsigned int wrong_counts(const struct mm_row *row)
{
	unsigned int tasks = 0, groups = 0, lazy = 0;
	struct task_struct *lowest = NULL;

	for (unsigned int i = 0; i < fake_ntasks; i++) {
		struct task_struct *task = fake_tasks[i];

		tasks += task->mm == row->mm;
		groups += task->mm == row->mm && task->pid == task->tgid;
		lazy += !task->mm && task->active_mm == row->mm;
		if (task->mm == row->mm && (!lowest || task->tgid < lowest->tgid))
			lowest = task->group_leader;
	}
	for (unsigned int cpu = 0; cpu < FAKE_CPUS; cpu++)
		lazy += idle[cpu].idle && idle[cpu].active_mm == row->mm;
	return (row->tasks != tasks) + (row->groups != groups) + (row->lazy != lazy) +
	       (row->tgid != lowest->tgid) + !!strcmp(row->comm, lowest->comm);
}

static unsigned int owned(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < MMS; i++) {
		bool found = false;

		for (unsigned int j = 0; j < fake_ntasks; j++)
			found |= fake_tasks[j]->mm == &mms[i];
		count += found;
	}
	return count;
}

static void test_random(void)
{
	unsigned int wrong = 0, wrong_figures = 0, wrong_number = 0;

	for (unsigned int round = 0; round < 300; round++) {
		struct mm_snapshot *snapshot;

		make_tasks();
		for (unsigned int cpu = 0; cpu < FAKE_CPUS; cpu++) {
			idle[cpu].idle = random_number() % 2;
			idle[cpu].active_mm = &mms[random_number() % MMS];
		}
		snapshot = mms_snapshot();
		wrong_number += snapshot->count != owned();
		for (unsigned int i = 0; i < snapshot->count; i++) {
			wrong += wrong_counts(&snapshot->row[i]);
			wrong_figures += !figures_are_right(snapshot, &snapshot->row[i]);
		}
		mms_snapshot_free(snapshot);
		fake_tasks_end();
	}
	CHECK(!wrong, "mms: tasks, groups, borrowers, the lowest group and its name");
	CHECK(!wrong_figures, "mms: each figure of the kernel under its name");
	CHECK(!wrong_number, "mms: one row for each that a task owns, none for others");
	CHECK(!fake_allocations, "mms: nothing is left");
}

static long references(void)
{
	long count = 0;

	for (unsigned int i = 0; i < fake_ntasks; i++)
		count += fake_tasks[i]->usage;
	return count;
}

/* kthread_use_mm() lends, and an isolated CPU is not asked. */
static void test_borrowers(void)
{
	struct mm_snapshot *snapshot;

	fake_task(2, 2, &mms[0]);
	fake_task(3, 3, &mms[0])->flags = PF_KTHREAD;
	for (unsigned int cpu = 0; cpu < FAKE_CPUS; cpu++) {
		idle[cpu].idle = true;
		idle[cpu].active_mm = &mms[0];
	}
	fake_isolated = BIT(1);
	snapshot = mms_snapshot();
	CHECK(snapshot->count == 1 && snapshot->row[0].tasks == 1 && snapshot->row[0].groups == 1,
	      "mms: a kernel thread that uses an address space owns none");
	CHECK(snapshot->row[0].lazy == 1 + FAKE_CPUS - 1,
	      "mms: it borrows, and so do idle CPUs but the isolated one");
	CHECK(!references(), "mms: no reference to a task is left");
	fake_isolated = 0;
	mms_snapshot_free(snapshot);
	fake_tasks_end();
}

#define MOVERS 6	/* tasks, of which half have an address space */

/* One lets go of what it has, and another is given just that: nobody shares it. */
static void move_one(void)
{
	struct task_struct *from = fake_tasks[random_number() % MOVERS];
	struct task_struct *to = fake_tasks[random_number() % MOVERS];

	if (!from->mm || to->mm)
		return;
	to->mm = from->mm;
	from->mm = NULL;
}

static void make_movers(void)
{
	for (int i = 0; i < MOVERS; i++)
		fake_task(2 + i, 2 + i, i % 2 ? &mms[i] : NULL);
	for (int i = 0; i < MOVERS; i++)
		mms[i].mm_users.counter = 1;
	/* Two that do share. */
	mms[0].mm_users.counter = 2;
	fake_task(2 + MOVERS, 2 + MOVERS, &mms[0]);
	fake_task(3 + MOVERS, 3 + MOVERS, &mms[0]);
}

static void test_moves(void)
{
	unsigned int wrong = 0, lost = 0;

	make_movers();
	fake_meanwhile = move_one;
	for (unsigned int round = 0; round < 20000; round++) {
		struct mm_snapshot *snapshot = mms_snapshot();
		unsigned int found = 0;

		for (unsigned int i = 0; i < snapshot->count; i++) {
			const struct mm_row *row = &snapshot->row[i];

			wrong += row->mm != &mms[0] && (row->tasks != 1 || row->groups != 1);
			for (unsigned int j = 0; j < i; j++)
				wrong += row->mm == snapshot->row[j].mm;
			found += row->mm == &mms[0] && row->tasks == 2 && row->groups == 2;
		}
		lost += found != 1;
		mms_snapshot_free(snapshot);
	}
	fake_meanwhile = NULL;
	fake_tasks_end();
	make_mms();
	CHECK(!wrong, "mms: nobody shares what is handed on, however often");
	CHECK(!lost, "mms: and what is shared all the time is so each time");
}

static void test_memory(void)
{
	fake_task(2, 2, &mms[0]);
	for (unsigned int i = 1; i <= 8; i++) {
		fake_fail_at = i;
		CHECK(PTR_ERR(mms_snapshot()) == -ENOMEM && !fake_allocations,
		      "mms: no memory at allocation %u", i);
	}
}

void test(void)
{
	for (unsigned int cpu = 0; cpu < FAKE_CPUS; cpu++)
		fake_idle[cpu] = &idle[cpu];
	make_mms();
	test_random();
	test_borrowers();
	test_moves();
	test_memory();
}
