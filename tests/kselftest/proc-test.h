/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The witness: what /proc says of mappings and frames. And the subjects that
 * both are asked about: child processes that make mappings and then sleep.
 */
#ifndef PROC_TEST_H
#define PROC_TEST_H

#include <linux/kernel-page-flags.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "sharestat-test.h"

#define THP_DIR "/sys/kernel/mm/transparent_hugepage/"

/* Bits of /proc/PID/pagemap. */
#define PAGEMAP_PFN ((1ULL << 55) - 1)
#define PAGEMAP_FILE (1ULL << 61)
#define PAGEMAP_PRESENT (1ULL << 63)

/* A mapping as /proc/PID/smaps has it; sizes in bytes. */
struct smap {
	unsigned long start, end, rss, pss, private, lazyfree, swap, pss_anon;
	char perms[5], name[512];
	bool pfnmap;
};

struct smaps {
	struct smap *map;
	size_t count;
};

/* has_thp() - not with PREEMPT_RT, for one */
static inline bool has_thp(void)
{
	return !access(THP_DIR, F_OK);
}

static inline bool parse_smap_head(const char *line, struct smap *map)
{
	int at = 0;

	if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %n", &map->start, &map->end,
		   map->perms, &at) < 3 || !at)
		return false;
	snprintf(map->name, sizeof(map->name), "%s", line + at);
	map->name[strcspn(map->name, "\n")] = '\0';
	return true;
}

static inline void parse_smap_value(const char *line, struct smap *map)
{
	unsigned long value;

	if (sscanf(line, "Rss: %lu kB", &value) == 1)
		map->rss = value << 10;
	else if (sscanf(line, "Pss: %lu kB", &value) == 1)
		map->pss = value << 10;
	else if (sscanf(line, "Private_Clean: %lu kB", &value) == 1 ||
		 sscanf(line, "Private_Dirty: %lu kB", &value) == 1)
		map->private += value << 10;
	else if (sscanf(line, "LazyFree: %lu kB", &value) == 1)
		map->lazyfree = value << 10;
	else if (sscanf(line, "Swap: %lu kB", &value) == 1)
		map->swap = value << 10;
	else if (!strncmp(line, "VmFlags:", 8))
		map->pfnmap = strstr(line, " pf");
}

/* smaps_read() - all mappings of a process; none when it is gone or has none */
static inline struct smaps smaps_read(pid_t pid)
{
	struct smaps smaps = { .map = NULL };
	char path[64], line[1024];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		struct smap map = { .start = 0 };

		if (!parse_smap_head(line, &map)) {
			if (smaps.count)
				parse_smap_value(line, &smaps.map[smaps.count - 1]);
			continue;
		}
		smaps.map = reallocarray(smaps.map, smaps.count + 1, sizeof(map));
		if (!smaps.map)
			fail("%s: no memory", path);
		smaps.map[smaps.count++] = map;
	}
	if (file)
		fclose(file);
	return smaps;
}

/* words_read() - @count 64-bit words of a file that is an array of them */
static inline void words_read(const char *path, uint64_t first, uint64_t *words, size_t count)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = count * sizeof(*words);

	if (fd < 0 || pread(fd, words, size, first * sizeof(*words)) != size)
		fail("%s: word %ju: %s", path, (uintmax_t)first, strerror(errno));
	close(fd);
}

static inline uint64_t word_read(const char *path, uint64_t index)
{
	uint64_t word;

	words_read(path, index, &word, 1);
	return word;
}

/*
 * frame_words_read() - from /proc/kpageflags or /proc/kpagecount, which stay open
 *
 * A debug kernel takes longer to open them than to read a thousand words.
 */
static inline void frame_words_read(const char *path, uint64_t first, uint64_t *words,
				    size_t count)
{
	static struct { const char *path; int fd; } files[2] = { { .fd = -1 }, { .fd = -1 } };
	ssize_t size = count * sizeof(*words);
	size_t i = strcmp(path, "/proc/kpageflags") ? 1 : 0;

	if (files[i].fd < 0)
		files[i].fd = open(path, O_RDONLY | O_CLOEXEC);
	if (pread(files[i].fd, words, size, first * sizeof(*words)) != size)
		fail("%s: frame %#jx: %s", path, (uintmax_t)first, strerror(errno));
}

/* pagemap_read() - the entries of [start, end); free() it */
static inline uint64_t *pagemap_read(pid_t pid, unsigned long start, unsigned long end)
{
	size_t count = (end - start) / PAGE;
	uint64_t *words = calloc(count, sizeof(*words));
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	words_read(path, start / PAGE, words, count);
	return words;
}

/* run_or_fail() - a command of the shell */
static inline void run_or_fail(const char *command)
{
	int status = system(command);

	if (status)
		fail("%s: status %#x", command, status);
}

/* map_or_fail(), write_pages(), read_pages() - what subjects do with memory */
static inline char *map_or_fail(void *at, size_t size, int prot, int flags,
				int fd, off_t offset)
{
	char *start = mmap(at, size, prot, flags, fd, offset);

	if (start == MAP_FAILED)
		fail("mmap of %zu bytes: %s", size, strerror(errno));
	return start;
}

/*
 * ksm_is_told() - does kpageflags say KSM of those pages alone
 *
 * Since some release before 6.12 it does so of every anonymous page; ask it about one of
 * our own that nobody merges.
 */
static inline bool ksm_is_told(void)
{
	static int told = -1;
	uint64_t entry, flags;
	char *page;

	if (told >= 0)
		return told;
	page = map_or_fail(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*page = 1;
	entry = word_read("/proc/self/pagemap", (unsigned long)page / PAGE);
	frame_words_read("/proc/kpageflags", entry & PAGEMAP_PFN, &flags, 1);
	told = !(flags & (1ULL << KPF_KSM));
	munmap(page, PAGE);
	return told;
}

/* map_huge() - as many pages of HUGE_SIZE; the kernel need not have any */
static inline char *map_huge(unsigned long count, int prot)
{
	char *start = map_or_fail(NULL, (count + 1) * HUGE_SIZE, prot,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	start = (char *)(((unsigned long)start + HUGE_SIZE - 1) & ~(HUGE_SIZE - 1));
	if (madvise(start, count * HUGE_SIZE, MADV_HUGEPAGE) && has_thp())
		fail("MADV_HUGEPAGE: %s", strerror(errno));
	return start;
}

static inline void write_pages(char *start, unsigned long pages)
{
	unsigned long page;

	for (page = 0; page < pages; page++)
		start[page * PAGE] = page + 1;
}

static inline void read_pages(const char *start, unsigned long pages)
{
	unsigned long page;

	for (page = 0; page < pages; page++)
		*(volatile const char *)(start + page * PAGE);
}

/* status_line() - is this line of /proc/PID/status the one of @key, with a number */
static inline bool status_line(const char *line, const char *key, uint64_t *value)
{
	size_t size = strlen(key);

	if (strncmp(line, key, size))
		return false;
	*value = strtoull(line + size, NULL, 10);
	return true;
}

/* What a subject tells the test, in memory that they share. */
struct subject {
	pid_t pid, partner;
	volatile int ready;
	char *start;		/* of what it made */
	void (*partner_work)(struct subject *subject);
};

/* The rest of a subject's life: everything is as the test shall find it. */
static inline __attribute__((noreturn)) void subject_sleep(struct subject *subject)
{
	__atomic_fetch_add(&subject->ready, 1, __ATOMIC_SEQ_CST);
	for (;;)
		pause();
}

/* A process that dies with its parent; 0 in the child, as fork(). */
static inline pid_t fork_attached(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
	}
	return pid;
}

static inline void subject_wait(struct subject *subject, int ready)
{
	while (subject->ready < ready) {
		int status;

		if (waitpid(subject->pid, &status, WNOHANG) == subject->pid)
			fail("the subject ended early, with status %#x", status);
		usleep(1000);
	}
	usleep(10000);		/* into its sleep */
}

/* subject_start() - a child that does @work and then sleeps; its stack is its own */
static inline struct subject *subject_start(void (*work)(struct subject *subject),
					    void (*partner_work)(struct subject *subject))
{
	struct subject *subject = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (subject == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	subject->partner_work = partner_work;
	pid = fork_attached();
	if (!pid) {
		work(subject);
		subject_sleep(subject);
	}
	subject->pid = pid;
	subject_wait(subject, partner_work ? 2 : 1);
	return subject;
}

/* In a subject: a child of its own with all that is mapped so far. */
static inline void subject_fork_partner(struct subject *subject)
{
	pid_t pid = fork_attached();

	if (!pid) {
		subject->partner = getpid();
		subject->partner_work(subject);
		subject_sleep(subject);
	}
	while (!subject->ready)
		usleep(1000);
}

static inline void subject_end(struct subject *subject)
{
	if (subject->partner)
		kill(subject->partner, SIGKILL);
	kill(subject->pid, SIGKILL);
	waitpid(subject->pid, NULL, 0);
	munmap(subject, PAGE);
}

static bool quiet;

/* one_more() - counts a difference; is it one of the first few, which are printed? */
static inline bool one_more(size_t *count)
{
	return (*count)++ < 8 && !quiet;
}

/*
 * lasting_differences() - how many differences to its witness a sleeping process has
 *
 * Only one that stays counts: this very process shares pages with its children until
 * it writes to them, which it does while it compares.
 */
static inline size_t lasting_differences(pid_t pid, size_t (*compare)(pid_t pid))
{
	size_t count, tries;

	for (tries = 0; tries < 3; tries++) {
		quiet = tries < 2;
		count = compare(pid);
		if (!count)
			break;
	}
	return count;
}

/* A subject that wakes up again and again, for a moment, on both CPUs. */
static inline void subject_tick(struct subject *subject)
{
	__atomic_fetch_add(&subject->ready, 1, __ATOMIC_SEQ_CST);
	for (;;) {
		pin_to(0);
		usleep(5000);
		pin_to(1);
		usleep(5000);
	}
}

#endif /* PROC_TEST_H */
