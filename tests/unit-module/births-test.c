// SPDX-License-Identifier: GPL-2.0
/* Births by kind, and what was made for them: every figure has an amount of its own. */
#include "kernel.h"
#include SOURCE
#include "test.h"

static u64 account[ACCOUNT_COUNTS];
static const struct task_struct *charged;
static unsigned int renamed;

u64 sharestat_id(const void *object)
{
	return 0;
}

u64 *accounts_of(const struct task_struct *task)
{
	charged = task;
	return account;
}

void accounts_rename(const struct task_struct *task)
{
	renamed++;
}

/* rss is the sum of three of the four counters; swap is none of it. */
static struct mm_struct mm = {
	.pgtables = 7 * 4096, .map_count = 23,
	.counter = { [MM_FILEPAGES] = 1009, [MM_ANONPAGES] = 2003, [MM_SHMEMPAGES] = 4001,
		     [MM_SWAPENTS] = 100003 },
};

static const char *const names[] = { "fork", "vfork", "thread", "sharevm", "exec", "kthread" };

static void check_birth(enum birth_kind kind, bool makes, u64 times)
{
	struct birth_counts counts = births_count(kind);
	u64 made = makes ? times : 0;

	CHECK(counts.count == times, "births: %s is counted", names[kind]);
	CHECK(counts.pgtables == made * 7 * 4096 && counts.vmas == made * 23 &&
	      counts.pages == made * (1009 + 2003 + 4001), "births: what %s makes", names[kind]);
}

/* The flags of clone(2), as design.rst tells them apart. */
static void test_kinds(void)
{
	const struct { unsigned long flags; bool kernel; enum birth_kind kind; } all[] = {
		{ 0, false, BIRTH_FORK },
		{ CLONE_VFORK, false, BIRTH_FORK },
		{ CLONE_VM, false, BIRTH_SHAREVM },
		{ CLONE_VM | CLONE_VFORK, false, BIRTH_VFORK },
		{ CLONE_VM | CLONE_THREAD, false, BIRTH_THREAD },
		{ CLONE_VM | CLONE_THREAD | CLONE_VFORK, false, BIRTH_THREAD },
		{ 0, true, BIRTH_KTHREAD }, { CLONE_VM, true, BIRTH_KTHREAD },
		{ CLONE_VM | CLONE_VFORK, true, BIRTH_KTHREAD },
	};
	u64 times[BIRTH_KINDS] = { 0 };
	struct task_struct user = { .mm = &mm, .pid = 3, .tgid = 2 }, kernel = { .pid = 4 };

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		fake_cpu = i % FAKE_CPUS;
		count_newtask(NULL, all[i].kernel ? &kernel : &user, all[i].flags);
		times[all[i].kind]++;
		CHECK(fake_birth.arguments[0] == all[i].kind && births_count(all[i].kind).count ==
		      times[all[i].kind], "births: clone flags %#lx%s are %s", all[i].flags,
		      all[i].kernel ? " in the kernel" : "", names[all[i].kind]);
	}
	count_exec(NULL, &user, 3, NULL);
	count_exec(NULL, &user, 3, NULL);
	times[BIRTH_EXEC] = 2;
	for (unsigned int kind = 0; kind < BIRTH_KINDS; kind++) {
		check_birth(kind, kind == BIRTH_FORK || kind == BIRTH_EXEC, times[kind]);
		CHECK(account[ACCOUNT_BIRTHS + kind] == times[kind],
		      "births: %s on its owner", names[kind]);
	}
	CHECK(account[ACCOUNT_BIRTH_PGTABLES] == 4 * 7 * 4096 &&
	      account[ACCOUNT_BIRTH_VMAS] == 4 * 23 && account[ACCOUNT_BIRTH_PAGES] == 4 * 7013,
	      "births: what was made is on the owner, each figure under its name");
	CHECK(charged == fake_current, "births: the owner is the task that runs");
	CHECK(renamed == 2, "births: who executed gets another name, and nobody else");
	CHECK(fake_birth.arguments[2] == 7 * 4096 && fake_birth.arguments[3] == 23 &&
	      fake_birth.arguments[4] == 7013, "births: the event has the same figures");
}

void test(void)
{
	struct task_struct running = { .mm = &mm };

	fake_current = &running;
	counter_set_init(&counters);
	test_kinds();
	counter_set_exit(&counters);
}
