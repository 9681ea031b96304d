// SPDX-License-Identifier: GPL-2.0
/*
 * An id is in two rows only if both tasks had the object at one moment. Here nobody shares
 * anything: processes with eight objects of their own end and others begin, then some
 * change what they have all the time, so that what one lets go of is the next one's at once.
 * Their numbers lie on both sides of a thousand others, so that a snapshot takes a while
 * from one to the other.
 * A family that does share, and does nothing, must be seen to do so each time.
 */
#include "sleepers.h"

#include "kselftest.h"

#define SNAPSHOTS 25	/* of each file; the environment may say another number */
#define POOL 150
#define FILLERS 1000
#define CHANGERS 3		/* on either side */
#define EARLY 2000	/* numbers of processes: first the early ones */
#define MIDDLE 3000
#define LATE 5000
#define NAME "churn"

static const char *const kinds[] = {
	"mm", "files", "fs", "sighand", "signal", "nsproxy", "io", "sysvsem",
};

#define KINDS ARRAY_SIZE(kinds)

static volatile unsigned long *changes;	/* of processes: replaced, or of what they have */
static unsigned int snapshots = SNAPSHOTS;

/* Objects of the caller's own of those kinds that fork() does not make. */
static void own_objects(int semaphores)
{
	struct sembuf undo = { .sem_op = 1, .sem_flg = SEM_UNDO };

	if (unshare(CLONE_NEWUTS | CLONE_SYSVSEM) || semop(semaphores, &undo, 1) ||
	    syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 4))
		_exit(1);
}

/* A child of that number; who it is says its name once all is its own. */
static pid_t fork_as(pid_t number, int semaphores, const char *name)
{
	struct clone_args arguments = {
		.exit_signal = SIGCHLD, .set_tid = (uintptr_t)&number, .set_tid_size = 1,
	};
	const pid_t parent = getpid();
	pid_t pid = syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (pid < 0)
		fail("clone3 as %d: %s", number, strerror(errno));
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);	/* it was killed before that */
		own_objects(semaphores);
		prctl(PR_SET_NAME, name);
	}
	return pid;
}

static pid_t start_sleeper(pid_t number, int semaphores)
{
	pid_t pid = fork_as(number, semaphores, NAME);

	while (!pid)
		pause();
	return pid;
}

/* Lets go of what it has and takes up another, for ever. */
static void start_changer(pid_t number, int semaphores)
{
	if (fork_as(number, semaphores, NAME))
		return;
	raise(SIGSTOP);
	for (;; ++*changes)
		own_objects(semaphores);
}

/* Moves the pool from one side to the other and back, one by one, for ever. */
static void replace_pool(int semaphores)
{
	pid_t side, other, i;

	for (side = EARLY, other = LATE;; side = other, other = EARLY + LATE - side)
		for (i = 0; i < POOL; i++) {
			kill(side + i, SIGKILL);
			waitpid(side + i, NULL, 0);
			start_sleeper(other + i, semaphores);
			++*changes;
		}
}

/* Those in the middle begin before the late ones: who is listed by age is seen, too. */
static pid_t start_pool(int semaphores)
{
	pid_t pid = fork(), i;
	int status;

	if (pid) {
		waitpid(pid, &status, WUNTRACED);
		return pid;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (i = 0; i < POOL; i++)
		start_sleeper(EARLY + i, semaphores);
	raise(SIGSTOP);
	replace_pool(semaphores);
	return 0;
}

static void signal_changers(int signal)
{
	pid_t i;

	for (i = 0; i < CHANGERS; i++) {
		kill(EARLY + POOL + i, signal);
		kill(LATE + POOL + i, signal);
	}
}

static int compare_texts(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool is_ours(const struct table *table, size_t row)
{
	return !strcmp(table_text(table, row, "comm"), NAME);
}

/* Of those who share nothing: how many ids of a kind are there twice? */
static size_t count_shared(const struct table *table, const char *kind)
{
	const char **ids = calloc(table->rows + 1, sizeof(*ids));
	size_t row, count = 0, shared = 0;

	for (row = 0; row < table->rows; row++)
		if (is_ours(table, row) && strcmp(table_text(table, row, kind), "-"))
			ids[count++] = table_text(table, row, kind);
	qsort(ids, count, sizeof(*ids), compare_texts);
	for (row = 1; row < count; row++)
		shared += !strcmp(ids[row - 1], ids[row]);
	free(ids);
	return shared;
}

/* How many of the fillers are not there once, or without an object. */
static size_t count_lost(const struct table *table, const char *kind)
{
	size_t row, found = 0;

	for (row = 0; row < table->rows; row++) {
		uint64_t tid = table_number(table, row, "tid");

		found += tid >= MIDDLE && tid < MIDDLE + FILLERS &&
			 strcmp(table_text(table, row, kind), "-");
	}
	return found > FILLERS ? found - FILLERS : FILLERS - found;
}

/* One that sleeps and one that shares all with it. */
static bool family_shares(const struct table *table, const struct sleeper *family, size_t kind)
{
	const char *first = table_text(table, table_row(table, "tid", family[0].tid), kinds[kind]);
	const char *second = table_text(table, table_row(table, "tid", family[1].tid), kinds[kind]);

	return strcmp(first, "-") && !strcmp(first, second);
}

static void test_tasks(const struct sleeper *family, const char *what)
{
	size_t shared[KINDS] = { 0 }, lost[KINDS] = { 0 }, unseen[KINDS] = { 0 }, kind;
	unsigned long since = *changes;
	unsigned int i;

	for (i = 0; i < snapshots || *changes < since + POOL; i++) {
		struct table table = table_read("tasks");

		for (kind = 0; kind < KINDS; kind++) {
			shared[kind] += count_shared(&table, kinds[kind]);
			lost[kind] += count_lost(&table, kinds[kind]);
			unseen[kind] += !family_shares(&table, family, kind);
		}
		table_free(&table);
	}
	ksft_print_msg("tasks: %u snapshots, %lu %s\n", i, *changes - since, what);
	for (kind = 0; kind < KINDS; kind++)
		ksft_test_result(!shared[kind] && !lost[kind] && !unseen[kind],
				 "tasks: %s, of %s: %zu false, %zu lost, %zu unseen\n",
				 kinds[kind], what, shared[kind], lost[kind], unseen[kind]);
}

/* What is wrong with a snapshot of mms, added up. */
struct mms_faults {
	size_t false_owners, uncounted, lost, unseen;
};

static void add_faults(struct mms_faults *faults, const struct sleeper *family)
{
	struct table table = table_read("mms");
	size_t row, fillers = 0, families = 0;

	for (row = 0; row < table.rows; row++) {
		uint64_t tgid = table_number(&table, row, "tgid");
		uint64_t tasks = table_number(&table, row, "tasks");

		faults->false_owners += is_ours(&table, row) &&
			(tasks != 1 || table_number(&table, row, "groups") != 1);
		faults->uncounted += tasks > table_number(&table, row, "mm_users");
		fillers += tgid >= MIDDLE && tgid < MIDDLE + FILLERS;
		families += tgid == (uint64_t)family[0].tid && tasks == 2;
	}
	faults->lost += fillers > FILLERS ? fillers - FILLERS : FILLERS - fillers;
	faults->unseen += families != 1;
	table_free(&table);
}

static void test_mms(const struct sleeper *family, const char *what)
{
	struct mms_faults faults = { 0 };
	unsigned long since = *changes;
	unsigned int i;

	for (i = 0; i < snapshots || *changes < since + POOL; i++)
		add_faults(&faults, family);
	ksft_print_msg("mms: %u snapshots, %lu %s\n", i, *changes - since, what);
	ksft_test_result(!faults.false_owners && !faults.uncounted,
			 "mms, of %s: %zu false owners, %zu with more tasks than users\n", what,
			 faults.false_owners, faults.uncounted);
	ksft_test_result(!faults.lost && !faults.unseen, "mms, of %s: %zu lost, %zu unseen\n",
			 what, faults.lost, faults.unseen);
}

static void start_family(struct sleeper *family, int semaphores)
{
	own_objects(semaphores);
	family[0].child = &family[1];
	family[0].semaphore = semaphores;
	family[0].flags = CLONE_IO;
	family[1].flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_SYSVSEM |
			  CLONE_THREAD | CLONE_IO;
	sleeper_start(&family[0]);
	sleeper_wait(&family[0]);
}

static void test_all(const struct sleeper *family, pid_t pool)
{
	kill(pool, SIGCONT);
	test_tasks(family, "processes that end and begin");
	test_mms(family, "processes that end and begin");
	kill(pool, SIGKILL);
	waitpid(pool, NULL, 0);
	signal_changers(SIGCONT);
	test_tasks(family, "changes of what processes have");
	test_mms(family, "changes of what processes have");
	signal_changers(SIGKILL);
}

int main(void)
{
	int semaphores = semget(IPC_PRIVATE, 1, 0600), i;
	struct sleeper *family;
	pid_t pool;

	changes = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	if (getenv("SNAPSHOTS"))
		snapshots = atoi(getenv("SNAPSHOTS"));
	ksft_print_header();
	ksft_set_plan(2 * (KINDS + 2));
	pin_to(1);
	pool = start_pool(semaphores);
	for (i = 0; i < CHANGERS; i++)
		start_changer(EARLY + POOL + i, semaphores);
	for (i = 0; i < FILLERS; i++)
		start_sleeper(MIDDLE + i, semaphores);
	for (i = 0; i < CHANGERS; i++)
		start_changer(LATE + POOL + i, semaphores);
	family = sleepers_alloc(2);
	start_family(family, semaphores);
	pin_to(0);
	test_all(family, pool);
	semctl(semaphores, 0, IPC_RMID);
	ksft_finished();
}
