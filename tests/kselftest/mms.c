// SPDX-License-Identifier: GPL-2.0
/* The file mms held against /proc, the tasks that we made and the CPUs we use. */
#include "sleepers.h"

#include "patient-harness.h"

#define MIB (1UL << 20)
/* What a task may have counted for itself and not yet for its address space. */
#define SPLIT (2 * 64 * PAGE)

static size_t count_maps(pid_t pid)
{
	char path[32], *text;
	size_t lines;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	text = read_whole(fd, path);
	lines = count_lines(text);
	/* No mapping of this address space: the kernel's, the same for all. */
	lines -= !!strstr(text, "[vsyscall]");
	free(text);
	close(fd);
	return lines;
}

static uint64_t status_bytes(pid_t pid, const char *name)
{
	char status[4096];

	if (!proc_read(pid, "status", status, sizeof(status)))
		fail("/proc/%d/status: %s", pid, strerror(errno));
	return 1024 * proc_number(status, name);
}

/*
 * A child, two of its threads, one that shares its memory only, and one with
 * memory of its own.
 */
FIXTURE(family) {
	struct sleeper *first, *thread, *sharer, *other;
	struct table table;
	size_t row, other_row;
};

FIXTURE_SETUP(family)
{
	struct sleeper *sleepers = sleepers_alloc(5);

	self->first = &sleepers[0];
	self->thread = &sleepers[1];
	self->sharer = &sleepers[2];
	self->other = &sleepers[3];
	self->thread->flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
	self->sharer->flags = CLONE_VM;
	self->first->child = self->thread;
	self->thread->child = self->sharer;
	sleeper_start(self->first);
	sleeper_wait(self->first);
	sleeper_wait(self->thread);
	sleeper_start(self->other);
	sleeper_wait(self->other);
	self->table = table_read("mms");
	self->row = table_row(&self->table, "tgid", self->first->tid);
	self->other_row = table_row(&self->table, "tgid", self->other->tid);
}

FIXTURE_TEARDOWN(family)
{
	kill(self->sharer->tid, SIGKILL);
	sleeper_end(self->first);
	sleeper_end(self->other);
	table_free(&self->table);
}

TEST_F(family, users)
{
	EXPECT_EQ(3, table_number(&self->table, self->row, "tasks"));
	EXPECT_EQ(2, table_number(&self->table, self->row, "groups"));
	EXPECT_EQ(3, table_number(&self->table, self->row, "mm_users"));
	EXPECT_EQ(1, table_number(&self->table, self->other_row, "tasks"));
	EXPECT_EQ(1, table_number(&self->table, self->other_row, "groups"));
	EXPECT_EQ(1, table_number(&self->table, self->other_row, "mm_users"));
	EXPECT_LE(1, table_number(&self->table, self->row, "mm_count"));
}

/* The same objects as in tasks, and each once. */
TEST_F(family, ids_are_those_of_tasks)
{
	struct table tasks = table_read("tasks");
	size_t row, other, found = 0;

	for (row = 0; row < self->table.rows; row++)
		for (other = 0; other < row; other++)
			EXPECT_STRNE(table_text(&self->table, row, "mm"),
				     table_text(&self->table, other, "mm"));
	for (row = 0; row < tasks.rows; row++)
		found += !strcmp(table_text(&tasks, row, "mm"),
				 table_text(&self->table, self->row, "mm"));
	EXPECT_EQ(3, found);
	EXPECT_STREQ(table_text(&self->table, self->other_row, "mm"),
		     table_text(&tasks, table_row(&tasks, "tid", self->other->tid), "mm"));
}

static const struct {
	const char *column, *status;
} sizes[] = {
	{ "rss_anon",	"RssAnon" },
	{ "rss_file",	"RssFile" },
	{ "rss_shmem",	"RssShmem" },
	{ "swap",	"VmSwap" },
	{ "pgtables",	"VmPTE" },
};

#define SIZES (sizeof(sizes) / sizeof(*sizes))

/* Every address space whose owner sleeps; ours changes while we look. */
TEST_F(family, sizes_agree_with_proc)
{
	const pid_t pids[] = { self->first->tid, self->other->tid, 1 };
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		size_t row = table_row(&self->table, "tgid", pids[i]);

		EXPECT_EQ(count_maps(pids[i]), table_number(&self->table, row, "vmas"));
		for (k = 0; k < SIZES; k++) {
			EXPECT_EQ(status_bytes(pids[i], sizes[k].status),
				  table_number(&self->table, row, sizes[k].column))
				TH_LOG("%s of %d", sizes[k].status, pids[i]);
		}
	}
}

/* Touch memory of two kinds, @mib of each, and have a child that sleeps on it. */
static void start_with_memory(struct sleeper *sleeper, size_t mib)
{
	static const int sharing[] = { MAP_PRIVATE, MAP_SHARED };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sharing); i++)
		memset(mmap(NULL, mib * MIB, PROT_READ | PROT_WRITE,
			    sharing[i] | MAP_ANONYMOUS, -1, 0), 1, mib * MIB);
	sleeper_start(sleeper);
	sleeper_wait(sleeper);
}

TEST(sizes_grow_with_memory)
{
	struct sleeper *sleeper = sleepers_alloc(2);
	struct table table = table_read("mms");
	size_t small = table_row(&table, "tgid", getpid()), large;
	struct table after;

	start_with_memory(sleeper, 8);
	after = table_read("mms");
	large = table_row(&after, "tgid", sleeper->tid);
	EXPECT_LE(table_number(&table, small, "rss_anon") + 8 * MIB - SPLIT,
		  table_number(&after, large, "rss_anon"));
	/* fork() leaves shared memory to be faulted in. */
	EXPECT_LE(table_number(&table, small, "rss_shmem") + 8 * MIB - SPLIT,
		  table_number(&after, table_row(&after, "tgid", getpid()), "rss_shmem"));
	/* 8 MiB take so many tables. */
	EXPECT_LE((8 * MIB + HUGE_SIZE - 1) / HUGE_SIZE * PAGE,
		  table_number(&after, large, "pgtables"));
	sleeper_end(sleeper);
}

TEST(swap_agrees_with_proc)
{
	char *memory = mmap(NULL, 4 * MIB, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct sleeper *sleeper = sleepers_alloc(1);
	struct table table;
	uint64_t swap;
	size_t row;

	swap_on();
	for (size_t i = 0; i < 4 * MIB; i += PAGE)
		memory[i] = i / PAGE;
	madvise(memory, 4 * MIB, MADV_PAGEOUT);
	sleeper_start(sleeper);
	sleeper_wait(sleeper);
	table = table_read("mms");
	row = table_row(&table, "tgid", sleeper->tid);
	swap = table_number(&table, row, "swap");
	EXPECT_LT(MIB, swap);
	EXPECT_EQ(status_bytes(sleeper->tid, "VmSwap"), swap);
	EXPECT_EQ(status_bytes(sleeper->tid, "RssAnon"), table_number(&table, row, "rss_anon"));
	sleeper_end(sleeper);
	munmap(memory, 4 * MIB);
	swap_off();
}

/* A child that computes on CPU 1 until it is killed. */
static pid_t start_spinner(void)
{
	volatile bool *running = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pin_to(1);
		for (;;)
			*running = true;
	}
	while (!*running)
		usleep(1000);
	return pid;
}

static int spin(void *argument)
{
	volatile int *state = argument;

	*state = 1;
	while (*state == 1)
		;
	return 0;
}

/*
 * 7.3 keeps a CPU that went on to another address space in the list until a flush
 * from elsewhere, and a second after the last such flush, finds it out: so cause
 * flushes, from CPU 1, of what is not lazily kept on CPU 0.
 */
static void flush_from_cpu1(const pid_t *pids, size_t count)
{
	char path[64];
	size_t i;
	pid_t child = fork();

	if (!child) {
		pin_to(1);
		for (i = 0; i < count; i++) {
			snprintf(path, sizeof(path), "/proc/%d/clear_refs", pids[i]);
			write_file(path, "4\n");
		}
		_exit(0);
	}
	while (!waitpid(child, NULL, WNOHANG))
		;
}

static bool cpus_are(const struct table *table, const pid_t *pids, const char *const *lists,
		     size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(table_text(table, table_row(table, "tgid", pids[i]), "cpus"), lists[i]))
			return false;
	return true;
}

/* A CPU that runs it is in the list; one that went on to another leaves it. */
TEST(cpus_are_those_that_run_it)
{
	struct sleeper *sleeper = sleepers_alloc(1);
	const char *const lists[] = { "0", "1", "-" };
	struct table table;
	pid_t spinner, pids[3];
	int tries;

	if (!version_says("mms_cpus yes"))
		SKIP(return, "this architecture keeps no CPUs of an mm: see mms_cpus in version");
	pin_to(0);
	sleeper_start(sleeper);		/* on our CPU, as it is inherited */
	sleeper_wait(sleeper);
	spinner = start_spinner();
	pids[0] = getpid();
	pids[1] = spinner;
	pids[2] = sleeper->tid;
	for (tries = 0; tries < 50; tries++) {
		table = table_read("mms");
		if (cpus_are(&table, pids, lists, 3))
			break;
		table_free(&table);
		flush_from_cpu1(pids, 3);
		usleep(100000);
	}
	EXPECT_GT(50, tries);
	kill(spinner, SIGKILL);
	waitpid(spinner, NULL, 0);
	sleeper_end(sleeper);
}

/* Two threads, each busy on a CPU: unmapping flushes, and counts the generation. */
TEST(tlb_gen_grows_with_munmap)
{
	static volatile int state;
	struct table before, after;
	uint64_t growth;
	size_t row;
	pid_t tid;
	int i;

	if (!version_says("mms_tlb_gen yes"))
		SKIP(return, "this architecture counts no generations: see mms_tlb_gen in version");
	pin_to(0);
	tid = clone(spin, sleeper_stack(), CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_FS |
		    CLONE_FILES, (void *)&state);
	ASSERT_LT(0, tid);
	pin_task(tid, 1);
	while (state != 1)
		usleep(1000);
	/* Somebody else may have CPU 1 for a moment. */
	for (i = 0; i < 20; i++) {
		before = table_read("mms");
		row = table_row(&before, "tgid", getpid());
		if (!strcmp("0-1", table_text(&before, row, "cpus")))
			break;
		table_free(&before);
		usleep(10000);
	}
	ASSERT_GT(20, i);
	for (i = 0; i < 17; i++) {
		char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		*memory = 1;
		munmap(memory, 4096);
	}
	after = table_read("mms");
	EXPECT_EQ(2, table_number(&before, row, "tasks"));
	growth = table_number(&after, table_row(&after, "tgid", getpid()), "tlb_gen") -
		 table_number(&before, row, "tlb_gen");
	EXPECT_LE(17, growth);
	/* table_read() may map memory too, but not much. */
	EXPECT_GT(17 + 17, growth);
	state = 2;
}

/* What is asleep flushes nothing. */
TEST_F(family, tlb_gen_of_sleepers_stays)
{
	struct table table = table_read("mms");
	size_t row = table_row(&table, "tgid", self->first->tid);

	EXPECT_STREQ(table_text(&self->table, self->row, "tlb_gen"),
		     table_text(&table, row, "tlb_gen"));
}

/*
 * A CPU that has nothing to do keeps the address space that it ran last, until
 * another process runs there: it borrows it. As that is another CPU's business,
 * give it some tries.
 */
TEST(idle_cpu_borrows_the_last_address_space)
{
	struct table table;
	size_t row;
	int i;

	pin_to(0);
	for (i = 0; i < 20; i++) {
		struct sleeper *sleeper = sleepers_alloc(1);

		pin_to(1);
		sleeper_start(sleeper);
		sleeper_wait(sleeper);
		pin_to(0);
		/* Let it be the last to run on CPU 1. */
		kill(sleeper->tid, SIGSTOP);
		kill(sleeper->tid, SIGCONT);
		sleeper_wait(sleeper);
		usleep(5000);
		table = table_read("mms");
		row = table_row(&table, "tgid", sleeper->tid);
		sleeper_end(sleeper);
		/*
		 * Each borrower holds a reference, and all users together one, but who
		 * borrows and the count are not read at one moment. Where nobody knows
		 * where it is loaded, the borrower alone tells.
		 */
		if (table_number(&table, row, "lazy") == 1 &&
		    table_number(&table, row, "mm_count") >= 2 &&
		    (!version_says("mms_cpus yes") ||
		     !strcmp("1", table_text(&table, row, "cpus"))))
			break;
		table_free(&table);
	}
	ASSERT_GT(20, i);
}

/* How many rows have more borrowers than references. */
static size_t rows_overborrowed(const struct table *table)
{
	size_t row, count = 0;

	for (row = 0; row < table->rows; row++)
		count += 1 + table_number(table, row, "lazy") >
			 table_number(table, row, "mm_count");
	return count;
}

/*
 * Who borrows is asked of one CPU and one task after the other, the references are
 * read with the first owner: a borrower that comes or goes meanwhile shows in one of
 * the two alone. So in some reading of a few, none does.
 */
TEST_F(family, borrowers_hold_references)
{
	size_t wrong = rows_overborrowed(&self->table);
	int i;

	for (i = 0; wrong && i < 20; i++) {
		struct table table = table_read("mms");

		wrong = rows_overborrowed(&table);
		table_free(&table);
	}
	EXPECT_EQ(0, wrong);
}

TEST_HARNESS_MAIN
