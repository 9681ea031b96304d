// SPDX-License-Identifier: GPL-2.0
/*
 * What is taken is given back: after hundreds of rounds of all that can be done with
 * the files, with and without errors, by readers that are killed and of processes that
 * are dead, the kernel has no object more than before, and an address space has the
 * references that it had.
 */
#include "control-test.h"
#include "files-test.h"
#include "proc-test.h"
#include "sleepers.h"

#include <dirent.h>

#include "patient-harness.h"

#define ROUNDS 300
#define CACHES_MAX 1024
#define PATIENCE 100		/* times 50 ms: what RCU and workqueues give back later */

/* How many objects there are of each kind, and what is not of a cache. */
struct census {
	size_t count;
	struct { char name[64]; long objects; } cache[CACHES_MAX];
	long slab_kib, vmalloc_kib;
};

/* What CPUs have in reserve counts as used: have it given back first. */
static void shrink_caches(void)
{
	DIR *folder = opendir("/sys/kernel/slab");
	struct dirent *entry;
	char path[512];

	while (folder && (entry = readdir(folder))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", entry->d_name);
		try_write(path, "1");
	}
	if (folder)
		closedir(folder);
}

static void take_census(struct census *census)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	char line[512], *meminfo;
	int fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);

	census->count = 0;
	while (file && fgets(line, sizeof(line), file) && census->count < CACHES_MAX)
		census->count += sscanf(line, "%63s %ld", census->cache[census->count].name,
					&census->cache[census->count].objects) == 2;
	if (census->count < 10 || fd < 0)
		fail("slabinfo or meminfo: %s", strerror(errno));
	fclose(file);
	meminfo = read_whole(fd, "meminfo");
	close(fd);
	census->slab_kib = proc_number(meminfo, "SUnreclaim");
	census->vmalloc_kib = proc_number(meminfo, "VmallocUsed");
	free(meminfo);
}

/* Whatever has grown by @limit objects, or by as many pages. */
static size_t compare_census(const struct census *before, const struct census *after, long limit,
			     bool loud)
{
	size_t i, k, grown = 0;

	for (i = 0; i < after->count; i++) {
		/* Given back, but not forgotten until there are many. */
		if (!strcmp(after->cache[i].name, "vmap_area"))
			continue;
		for (k = 0; k < before->count; k++)
			if (!strcmp(before->cache[k].name, after->cache[i].name))
				break;
		if (k == before->count ||
		    after->cache[i].objects - before->cache[k].objects < limit)
			continue;
		grown++;
		if (loud)
			fprintf(stderr, "# %s: %ld objects, then %ld\n", after->cache[i].name,
				before->cache[k].objects, after->cache[i].objects);
	}
	if (after->slab_kib - before->slab_kib > 8 * limit ||
	    after->vmalloc_kib - before->vmalloc_kib > 8 * limit) {
		grown++;
		if (loud)
			fprintf(stderr, "# slab %ld KiB, then %ld; vmalloc %ld KiB, then %ld\n",
				before->slab_kib, after->slab_kib, before->vmalloc_kib,
				after->vmalloc_kib);
	}
	return grown;
}

/* Only what stays counts. */
static size_t grown_since(const struct census *before, long limit)
{
	static struct census after;
	size_t grown = 0;
	int i;

	for (i = 0; i < PATIENCE; i++) {
		shrink_caches();
		take_census(&after);
		grown = compare_census(before, &after, limit, i == PATIENCE - 1);
		if (!grown)
			break;
		usleep(50000);
	}
	return grown;
}

#define TRIES 3

/*
 * Does it leave objects each time? Other things grow once, as the kernel keeps what it
 * may need again.
 */
static bool leaves_objects(void (*work)(void), long limit)
{
	static struct census before;
	int i;

	for (i = 0; i < TRIES; i++) {
		shrink_caches();
		take_census(&before);
		work();
		if (!grown_since(&before, limit))
			return false;
	}
	return true;
}

static char buffer[1 << 16];

/* So that the compiler does not know it either. */
static char *volatile nowhere;

static void read_some(int fd, size_t most)
{
	size_t size = 0;
	ssize_t got;

	while (size < most && (got = read(fd, buffer, sizeof(buffer))) > 0)
		size += got;
}

/* Each way in and each way out of a file's operations that does no harm. */
static void use_file(const char *name, const char *pid)
{
	bool filter = file_has_filter(name);
	int fd = open_file(name, filter ? O_RDWR : O_RDONLY);

	if (filter) {
		try_write_bytes(fd, "1 x", 3);
		try_write_bytes(fd, "2147483647", 10);
		try_write_bytes(fd, "2", 1);
		try_write_bytes(fd, nowhere, 4);
		try_write_bytes(fd, "1\0002", 3);
		try_write_bytes(fd, pid, strlen(pid));
		try_write_bytes(fd, pid, strlen(pid));
	}
	read_some(fd, 1);
	if (filter)
		try_write_bytes(fd, pid, strlen(pid));
	lseek(fd, 0, SEEK_SET);
	read_some(fd, SIZE_MAX);
	lseek(fd, 7, SEEK_SET);
	lseek(fd, 0, SEEK_SET);
	if (read(fd, nowhere, 4096) > 0)
		fail("%s: reads into nowhere", name);
	read_some(fd, 1);
	close(fd);
}

static void use_control(const char *pid)
{
	int append = open_file("set_pid", O_WRONLY | O_APPEND);

	write_file(SHARESTAT_DIR "set_pid", pid);
	try_write_bytes(append, pid, strlen(pid));
	try_write_bytes(append, "1", 1);
	try_write_bytes(append, "1 x", 3);
	try_write_bytes(append, "2147483647", 10);
	close(append);
	try_write(SHARESTAT_DIR "enable", "+switches x");
	try_write(SHARESTAT_DIR "reset", "2");
	write_file(SHARESTAT_DIR "set_pid", pid);
}

/* What a filter holds of a process that ends meanwhile is more each time, if it stays. */
static void use_mortal(void)
{
	pid_t pid = fork_attached();
	int fds[ABI_FILES], count = 0;
	size_t i;

	if (!pid)
		for (;;)
			pause();
	set_pid(pid);
	for (i = 0; i < ABI_FILES; i++) {
		if (!file_has_filter(abi_files[i].name))
			continue;
		fds[count] = open_file(abi_files[i].name, O_RDWR);
		write_pids(fds[count], pid, 0);
		read_some(fds[count++], 1);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	while (count--) {
		read_some(fds[count], SIZE_MAX);
		close(fds[count]);
	}
}

static void one_round(const char *pid)
{
	size_t i;

	use_mortal();

	use_control(pid);
	for (i = 0; i < ABI_FILES; i++)
		if (file_gives_text(&abi_files[i]))
			use_file(abi_files[i].name, pid);
}

/* mm_users, and mm_count without the kernel threads that borrow it. */
static void read_counts(pid_t pid, long counts[2])
{
	struct table table = table_read("mms");
	size_t row = table_row(&table, "tgid", pid);

	counts[0] = table_number(&table, row, "mm_users");
	counts[1] = (long)table_number(&table, row, "mm_count") -
		    (long)table_number(&table, row, "lazy");
	table_free(&table);
}

/*
 * Exactly as many as before, with patience: who has just run on a CPU is borrowed by it,
 * which is counted at another moment.
 */
static bool counts_are(pid_t pid, const long wanted[2])
{
	long counts[2];
	int i;

	for (i = 0; i < PATIENCE; i++) {
		read_counts(pid, counts);
		if (counts[0] == wanted[0] && counts[1] <= wanted[1])
			return true;
		usleep(50000);
	}
	fprintf(stderr, "# process %d: mm_users %ld, should be %ld; mm_count %ld, should be %ld\n",
		pid, counts[0], wanted[0], counts[1], wanted[1]);
	return false;
}

/* What they are when nobody borrows it any more: the same in three readings. */
static void read_steady_counts(pid_t pid, long counts[2])
{
	long again[2];
	int i, same = 0;

	read_counts(pid, counts);
	for (i = 0; i < PATIENCE && same < 2; i++) {
		usleep(50000);
		read_counts(pid, again);
		same = again[0] == counts[0] && again[1] == counts[1] ? same + 1 : 0;
		memcpy(counts, again, sizeof(again));
	}
}

static struct sleeper *sleeper;

static void many_rounds(void)
{
	char pid[16];
	int i;

	snprintf(pid, sizeof(pid), "%d", sleeper->tid);
	for (i = 0; i < ROUNDS; i++)
		one_round(pid);
}

TEST(all_is_given_back)
{
	char pid[16];
	long counts[2];

	sleeper = sleepers_alloc(1);
	sleeper_start(sleeper);
	sleeper_wait(sleeper);
	snprintf(pid, sizeof(pid), "%d", sleeper->tid);
	one_round(pid);
	read_steady_counts(sleeper->tid, counts);
	EXPECT_FALSE(leaves_objects(many_rounds, ROUNDS / 2));
	EXPECT_TRUE(counts_are(sleeper->tid, counts));
	write_file(SHARESTAT_DIR "set_pid", "\n");
	sleeper_end(sleeper);
}

#define CROWD 400

/* What a process leaves until its parent asks, and what a leader does before its thread. */
static pid_t start_zombie(struct sleeper *thread)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (thread) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		thread->flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
		sleeper_start(thread);
		sleeper_wait(thread);
		syscall(SYS_exit, 0);
	}
	_exit(0);
}

/* Read everywhere while they are there, they are gone when their parent has asked. */
static void read_the_dead(void)
{
	struct sleeper *threads = sleepers_alloc(SLEEPERS_MAX);
	static pid_t crowd[CROWD];
	size_t i, k;

	for (i = 0; i < CROWD; i++)
		crowd[i] = start_zombie(i < SLEEPERS_MAX ? &threads[i] : NULL);
	for (i = 0; i < CROWD; i++)
		wait_zombie(crowd[i]);
	for (k = 0; k < ABI_FILES; k++)
		if (file_gives_text(&abi_files[k])) {
			int fd = open_file(abi_files[k].name, O_RDONLY);

			read_some(fd, SIZE_MAX);
			close(fd);
		}
	for (i = 0; i < CROWD; i++) {
		kill(crowd[i], SIGKILL);
		waitpid(crowd[i], NULL, 0);
	}
	munmap(threads, SLEEPERS_MAX * sizeof(*threads));
}

TEST(the_dead_are_not_kept)
{
	write_file(SHARESTAT_DIR "set_pid", "\n");
	EXPECT_FALSE(leaves_objects(read_the_dead, SLEEPERS_MAX / 2));
}

#define BIG_PAGES (16UL << 10)
#define KILLED 150

/* Most of the time somebody holds its mmap_lock: for writing, as each fork does. */
static void fork_without_end(struct subject *subject)
{
	subject->start = map_or_fail(NULL, BIG_PAGES * PAGE, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(subject->start, BIG_PAGES * PAGE, MADV_NOHUGEPAGE);
	write_pages(subject->start, BIG_PAGES);
	__atomic_fetch_add(&subject->ready, 1, __ATOMIC_SEQ_CST);
	while (subject->ready == 1) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

static void read_without_end(const char *file, pid_t pid)
{
	for (;;) {
		int fd = open_file(file, O_RDWR);

		write_pids(fd, pid, 0);
		read_some(fd, SIZE_MAX);
		close(fd);
	}
}

/* At whatever point: waiting for the lock, in a walk, copying out, in open or close. */
TEST(killed_readers_give_back)
{
	static const char *const files[] = { "vmas", "frames", "frames.bin" };
	struct subject *subject = subject_start(fork_without_end, NULL);
	const long counts[2] = { 1, 1 };	/* its own use, which holds one reference */
	int i;

	for (i = 0; i < KILLED; i++) {
		pid_t reader = fork_attached();

		if (!reader)
			read_without_end(files[i % 3], subject->pid);
		usleep(2000 + rand() % 30000);
		kill(reader, SIGKILL);
		ASSERT_EQ(reader, waitpid(reader, NULL, 0));
	}
	__atomic_fetch_add(&subject->ready, 1, __ATOMIC_SEQ_CST);
	subject_wait(subject, 3);
	EXPECT_TRUE(counts_are(subject->pid, counts));
	subject_end(subject);
}

TEST_HARNESS_MAIN
