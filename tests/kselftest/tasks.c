// SPDX-License-Identifier: GPL-2.0
/*
 * The file tasks: who shares what, held against kcmp(2), against the flags that
 * the tasks were made with and against /proc.
 */
#include "sleepers.h"

#include <dirent.h>
#include <inttypes.h>
#include <linux/kcmp.h>
#include <linux/ioprio.h>

#include "patient-harness.h"

#define PF_KTHREAD 0x00200000	/* of the field flags of /proc/PID/stat */

/* What kcmp(2) can compare, and the clone flag that shares it. */
static const struct {
	const char *column, *users;
	int kcmp;
	unsigned long flag;
} objects[] = {
	{ "mm",		"mm_users",	KCMP_VM,	CLONE_VM },
	{ "files",	"files_users",	KCMP_FILES,	CLONE_FILES },
	{ "fs",		"fs_users",	KCMP_FS,	CLONE_FS },
	{ "sighand",	"sighand_users", KCMP_SIGHAND,	CLONE_SIGHAND },
	{ "io",		"io_users",	KCMP_IO,	CLONE_IO },
	{ "sysvsem",	NULL,		KCMP_SYSVSEM,	CLONE_SYSVSEM },
};

#define OBJECTS (sizeof(objects) / sizeof(*objects))
#define MIXES (1UL << 7)

/* Mix number @number: a clone flag a bit; false when the kernel forbids it. */
static bool clone_mix(unsigned long number, unsigned long *flags)
{
	size_t i;

	*flags = number >> OBJECTS & 1 ? CLONE_THREAD : 0;
	for (i = 0; i < OBJECTS; i++)
		if (number >> i & 1)
			*flags |= objects[i].flag;
	if (*flags & CLONE_THREAD && !(*flags & CLONE_SIGHAND))
		return false;
	return *flags & CLONE_VM || !(*flags & CLONE_SIGHAND);
}

/* Children of a child: sharing in which we have no part, and vfork. */
static const unsigned long grandchild_flags[] = {
	0,
	CLONE_FILES,
	CLONE_VM | CLONE_FS | CLONE_IO,
	CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_FILES,
	CLONE_VFORK,
	CLONE_VFORK | CLONE_FILES | CLONE_FS | CLONE_IO,
	CLONE_VFORK | CLONE_VM,
	CLONE_VFORK | CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | CLONE_SYSVSEM,
};

/* The first @mixes are our children, one a mix; after @count come ourselves. */
FIXTURE(tasks) {
	struct sleeper *sleepers;
	size_t mixes, count, rows[SLEEPERS_MAX];
	int semaphore;
	struct table table;
};

static int make_semaphore(void)
{
	int set = semget(IPC_PRIVATE, 1, 0600);

	if (set < 0)
		fail("semget: %s", strerror(errno));
	return set;
}

/* Without one there is nothing that CLONE_IO could share. */
static void make_io_context(void)
{
	if (syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
		    IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 5)))
		fail("ioprio_set: %s", strerror(errno));
}

FIXTURE_SETUP(tasks)
{
	unsigned long number, flags;
	size_t i;

	self->sleepers = sleepers_alloc(SLEEPERS_MAX);
	self->semaphore = make_semaphore();
	make_io_context();
	for (number = 0; number < MIXES; number++) {
		struct sleeper *sleeper = &self->sleepers[self->mixes];

		if (!clone_mix(number, &flags))
			continue;
		sleeper->flags = flags;
		sleeper->naps = number % 5;
		/* Some have an undo list of their own, others none. */
		if (number % 3 == 1 && !(flags & CLONE_SYSVSEM))
			sleeper->semaphore = self->semaphore;
		self->mixes++;
	}
	self->count = self->mixes;
	for (i = 0; i < sizeof(grandchild_flags) / sizeof(*grandchild_flags); i++) {
		struct sleeper *parent = &self->sleepers[self->count++];
		struct sleeper *child = &self->sleepers[self->count++];

		child->flags = grandchild_flags[i];
		parent->child = child;
	}
	for (i = 0; i < self->count; i++)
		if (i < self->mixes || self->sleepers[i].child)
			sleeper_start(&self->sleepers[i]);
	for (i = 0; i < self->count; i++)
		if (i < self->mixes || self->sleepers[i].child)
			sleeper_wait(&self->sleepers[i]);
	self->sleepers[self->count].tid = getpid();
	self->table = table_read("tasks");
	for (i = 0; i <= self->count; i++)
		self->rows[i] = table_row(&self->table, "tid", self->sleepers[i].tid);
}

FIXTURE_TEARDOWN(tasks)
{
	size_t i;

	for (i = 0; i < self->count; i++)
		if (i < self->mixes || self->sleepers[i].child)
			sleeper_end(&self->sleepers[i]);
	semctl(self->semaphore, 0, IPC_RMID);
	table_free(&self->table);
}

TEST_F(tasks, all_mixes_are_there)
{
	/* (none, VM, VM SIGHAND, VM SIGHAND THREAD) times four free flags. */
	EXPECT_EQ(4 * 16, self->mixes);
}

static bool same(const struct table *table, size_t a, size_t b, const char *column)
{
	return !strcmp(table_text(table, a, column), table_text(table, b, column));
}

/* Equal ids exactly where kcmp says equal, for every pair. */
TEST_F(tasks, ids_agree_with_kcmp)
{
	size_t total = self->count + 1, i, j, k;
	size_t equal[OBJECTS] = { 0 }, unequal[OBJECTS] = { 0 };

	for (i = 0; i < total; i++)
		for (j = i; j < total; j++)
			for (k = 0; k < OBJECTS; k++) {
				const char *column = objects[k].column;
				pid_t a = self->sleepers[i].tid, b = self->sleepers[j].tid;
				int ret = syscall(SYS_kcmp, a, b, objects[k].kcmp, 0, 0);

				ASSERT_LE(0, ret);
				EXPECT_EQ(!ret, same(&self->table, self->rows[i],
						     self->rows[j], column))
					TH_LOG("%s of %d and %d", column, a, b);
				if (i != j)
					(*(ret ? &unequal[k] : &equal[k]))++;
			}
	for (k = 0; k < OBJECTS; k++) {
		EXPECT_LT(0, equal[k]);
		EXPECT_LT(0, unequal[k]);
	}
}

TEST_F(tasks, signal_is_one_a_thread_group)
{
	size_t i, j;

	for (i = 0; i < self->table.rows; i++)
		for (j = i; j < self->table.rows; j++)
			EXPECT_EQ(same(&self->table, i, j, "tgid"),
				  same(&self->table, i, j, "signal"));
}

static size_t rows_with(const struct table *table, const char *column, const char *text)
{
	size_t row, count = 0;

	for (row = 0; row < table->rows; row++)
		count += !strcmp(table_text(table, row, column), text);
	return count;
}

/* The world stands still: as many users as there are tasks with the id. */
TEST_F(tasks, users_are_the_tasks_with_the_id)
{
	size_t i, k;

	for (i = 0; i <= self->count; i++) {
		size_t row = self->rows[i];

		for (k = 0; k < OBJECTS; k++) {
			const char *id = table_text(&self->table, row, objects[k].column);

			if (!objects[k].users)
				continue;
			ASSERT_STRNE("-", id);
			EXPECT_EQ(rows_with(&self->table, objects[k].column, id),
				  table_number(&self->table, row, objects[k].users))
				TH_LOG("%s of sleeper %zu", objects[k].users, i);
		}
		EXPECT_EQ(rows_with(&self->table, "signal",
				    table_text(&self->table, row, "signal")),
			  table_number(&self->table, row, "signal_users"));
	}
}

/* And as many as we made: ourselves and the mixes with the flag. */
TEST_F(tasks, users_are_those_that_we_made)
{
	size_t row = self->rows[self->count], i, k;

	for (k = 0; k < OBJECTS; k++) {
		uint64_t made = 1;

		if (!objects[k].users)
			continue;
		for (i = 0; i < self->mixes; i++)
			made += !!(self->sleepers[i].flags & objects[k].flag);
		EXPECT_EQ(made, table_number(&self->table, row, objects[k].users))
			TH_LOG("%s", objects[k].users);
	}
}

/* The mix says who shares with us, without kcmp. */
TEST_F(tasks, flags_of_clone_decide)
{
	size_t own = self->rows[self->count], i, k;

	for (i = 0; i < self->mixes; i++)
		for (k = 0; k < OBJECTS; k++) {
			const char *column = objects[k].column;

			EXPECT_EQ(!!(self->sleepers[i].flags & objects[k].flag),
				  same(&self->table, own, self->rows[i], column))
				TH_LOG("%s with flags %lx", column, self->sleepers[i].flags);
		}
}

TEST_F(tasks, switches_agree_with_proc)
{
	char status[4096];
	size_t i;

	for (i = 0; i < self->count; i++) {
		size_t row = self->rows[i];

		ASSERT_TRUE(proc_read(self->sleepers[i].tid, "status", status, sizeof(status)));
		EXPECT_EQ(proc_number(status, "voluntary_ctxt_switches"),
			  table_number(&self->table, row, "nvcsw"));
		EXPECT_EQ(proc_number(status, "nonvoluntary_ctxt_switches"),
			  table_number(&self->table, row, "nivcsw"));
		EXPECT_LE(self->sleepers[i].naps, table_number(&self->table, row, "nvcsw"));
	}
}

/* /proc/PID/syscall: number, six arguments, then sp and pc. */
static void read_registers(pid_t tid, unsigned long *sp, unsigned long *pc)
{
	char text[256];

	if (!proc_read(tid, "syscall", text, sizeof(text)) ||
	    sscanf(text, "%*d %*x %*x %*x %*x %*x %*x %lx %lx", sp, pc) != 2)
		fail("/proc/%d/syscall says '%s'", tid, text);
}

TEST_F(tasks, registers_agree_with_proc)
{
	unsigned long sp, pc;
	size_t i, j;

	for (i = 0; i < self->count; i++) {
		size_t row = self->rows[i];

		read_registers(self->sleepers[i].tid, &sp, &pc);
		EXPECT_EQ(pc, table_hex(&self->table, row, "pc"));
		EXPECT_EQ(sp, table_hex(&self->table, row, "sp"));
		/* No two in our address space can be on one stack. */
		for (j = 0; j < i && i < self->mixes; j++) {
			bool ours = self->sleepers[i].flags & self->sleepers[j].flags & CLONE_VM;

			EXPECT_FALSE(ours && sp == table_hex(&self->table, self->rows[j], "sp"));
		}
	}
}

TEST_F(tasks, thread_pointer_is_what_the_task_read)
{
	size_t i;

	for (i = 0; i < self->count; i++) {
		struct sleeper *sleeper = &self->sleepers[i];

		if (sleeper->child && sleeper->child->flags & CLONE_VFORK)
			continue;	/* has no chance to set one */
		EXPECT_EQ((unsigned long)sleeper->thread_area[1], sleeper->tls);
		EXPECT_EQ(sleeper->tls, table_hex(&self->table, self->rows[i], "tls"));
	}
}

TEST_F(tasks, vfork_in_flight_is_flagged)
{
	size_t i, vforks = 0;

	for (i = 0; i < self->count; i++) {
		const char *flags = table_text(&self->table, self->rows[i], "flags");
		bool vfork = self->sleepers[i].flags & CLONE_VFORK;

		EXPECT_EQ(vfork, !!strchr(flags, 'V'));
		EXPECT_EQ(!(self->sleepers[i].flags & CLONE_THREAD), !!strchr(flags, 'L'));
		EXPECT_NULL(strpbrk(flags, "KWX"));
		vforks += vfork;
	}
	EXPECT_EQ(4, vforks);
}

/* Every task of the machine, as far as it is still there. */
TEST_F(tasks, all_rows_agree_with_proc)
{
	char status[4096], stat[1024], stack[32];
	size_t row, seen = 0, kernel = 0;

	for (row = 0; row < self->table.rows; row++) {
		pid_t tid = table_number(&self->table, row, "tid");
		bool kthread;

		if (!proc_read(tid, "status", status, sizeof(status)) ||
		    !proc_read(tid, "stat", stat, sizeof(stat)))
			continue;
		kthread = proc_stat(stat, 9) & PF_KTHREAD;
		EXPECT_EQ(proc_number(status, "Pid"), tid);
		EXPECT_EQ(proc_number(status, "Tgid"),
			  table_number(&self->table, row, "tgid"));
		EXPECT_EQ(proc_number(status, "PPid"),
			  table_number(&self->table, row, "ppid"));
		EXPECT_EQ(kthread, !!strchr(table_text(&self->table, row, "flags"), 'K'));
		EXPECT_EQ(kthread, !strcmp(table_text(&self->table, row, "pc"), "-"));
		snprintf(stack, sizeof(stack), "%" PRIx64, proc_stat(stat, 28));
		EXPECT_STREQ(kthread ? "-" : stack, table_text(&self->table, row, "stack"));
		kernel += kthread;
		seen++;
	}
	EXPECT_LT(self->count, seen);
	EXPECT_LT(10, kernel);
}

/* Calls back with each /proc/TGID/task/TID. */
static void each_proc_task(void (*call)(pid_t tid, void *data), void *data)
{
	struct dirent *group, *task;
	DIR *proc = opendir("/proc"), *tasks;
	char path[64];

	while ((group = readdir(proc))) {
		if (!atoi(group->d_name))
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task", atoi(group->d_name));
		tasks = opendir(path);
		while (tasks && (task = readdir(tasks)))
			if (atoi(task->d_name))
				call(atoi(task->d_name), data);
		if (tasks)
			closedir(tasks);
	}
	closedir(proc);
}

#define LISTING_MAX 4096

struct listing {
	pid_t tid[LISTING_MAX];
	size_t count;
};

static void add_to_listing(pid_t tid, void *data)
{
	struct listing *listing = data;

	if (listing->count == LISTING_MAX)
		fail("more than %d tasks", LISTING_MAX);
	listing->tid[listing->count++] = tid;
}

static bool is_listed(const struct listing *listing, pid_t tid)
{
	size_t i;

	for (i = 0; i < listing->count; i++)
		if (listing->tid[i] == tid)
			return true;
	return false;
}

/* A task that /proc lists before and after is in between. */
TEST_F(tasks, every_task_of_proc_is_there)
{
	static struct listing before, after, seen;
	struct table table;
	size_t i, row;

	each_proc_task(add_to_listing, &before);
	table = table_read("tasks");
	each_proc_task(add_to_listing, &after);
	for (row = 0; row < table.rows; row++) {
		pid_t tid = table_number(&table, row, "tid");

		EXPECT_FALSE(is_listed(&seen, tid));
		add_to_listing(tid, &seen);
		EXPECT_TRUE(is_listed(&before, tid) || is_listed(&after, tid));
	}
	for (i = 0; i < before.count; i++)
		if (is_listed(&after, before.tid[i])) {
			EXPECT_TRUE(is_listed(&seen, before.tid[i]))
				TH_LOG("no task %d", before.tid[i]);
		}
	EXPECT_LT(self->count, before.count);
}

TEST_HARNESS_MAIN
