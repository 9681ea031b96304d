// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to look at all pages of a process: sharestat's frames.bin and
 * what else there is, on one process, in turn. Prints a line of samples each;
 * tests/bench/frames makes medians and ratios of them.
 *
 * Under --icount a nanosecond is an instruction.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FRAMES "/sys/kernel/debug/sharestat/frames.bin"
#define BATCH 4096

static char *buffer;
#define BUFFER_SIZE (256 << 10)

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/*
 * Processor time in ns, of the programs too that were started and have ended: who
 * waits for a file of the host does not work meanwhile.
 */
static uint64_t worked_ns(void)
{
	struct rusage children;
	struct timespec own;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
	getrusage(RUSAGE_CHILDREN, &children);
	return (own.tv_sec + children.ru_utime.tv_sec + children.ru_stime.tv_sec) *
	       1000000000ULL + own.tv_nsec +
	       (children.ru_utime.tv_usec + children.ru_stime.tv_usec) * 1000ULL;
}

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		die(path);
	return fd;
}

static void read_all(int fd)
{
	ssize_t size;

	while ((size = read(fd, buffer, BUFFER_SIZE)) > 0)
		;
	if (size < 0)
		die("read");
	close(fd);
}

/* Our own file, with the filter that is written into this opening. */
static void read_frames(pid_t pid, const char *words)
{
	int fd = open_or_die(FRAMES, O_RDWR);

	if (dprintf(fd, "%d %s\n", pid, words) < 0)
		die("filter");
	read_all(fd);
}

static void frames_bin(pid_t pid, uint64_t start, uint64_t pages)
{
	(void)start;
	(void)pages;
	read_frames(pid, "");
}

static void floor_walk(pid_t pid, uint64_t start, uint64_t pages)
{
	(void)start;
	(void)pages;
	read_frames(pid, "totals");
}

static void read_proc(pid_t pid, const char *file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	read_all(open_or_die(path, O_RDONLY));
}

static void smaps(pid_t pid, uint64_t start, uint64_t pages)
{
	(void)start;
	(void)pages;
	read_proc(pid, "smaps");
}

static void smaps_rollup(pid_t pid, uint64_t start, uint64_t pages)
{
	(void)start;
	(void)pages;
	read_proc(pid, "smaps_rollup");
}

static void pread_words(int fd, uint64_t *words, size_t count, uint64_t index)
{
	if (pread(fd, words, count * 8, index * 8) != (ssize_t)(count * 8))
		die("pread");
}

/* How many of the entries from @at on lie on neighbouring frames. */
static size_t neighbours(const uint64_t *entries, size_t at, size_t count)
{
	const uint64_t frame = (1ULL << 55) - 1;
	size_t n = 1;

	while (at + n < count && (entries[at + n] & frame) == (entries[at] & frame) + n)
		n++;
	return n;
}

/* The best that a program can do with the kernel's own files: in batches. */
static void pagemap_c(pid_t pid, uint64_t start, uint64_t pages)
{
	static uint64_t entries[BATCH], counts[BATCH], flags[BATCH];
	int count_fd = open_or_die("/proc/kpagecount", O_RDONLY);
	int flags_fd = open_or_die("/proc/kpageflags", O_RDONLY);
	uint64_t done, sum = 0;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open_or_die(path, O_RDONLY);
	for (done = 0; done < pages; done += BATCH) {
		size_t count = pages - done < BATCH ? pages - done : BATCH, at, n;

		pread_words(fd, entries, count, start / 4096 + done);
		for (at = 0; at < count; at += n) {
			uint64_t pfn = entries[at] & ((1ULL << 55) - 1);

			n = neighbours(entries, at, count);
			pread_words(count_fd, counts + at, n, pfn);
			pread_words(flags_fd, flags + at, n, pfn);
			sum += counts[at] + flags[at];
		}
	}
	close(fd);
	close(count_fd);
	close(flags_fd);
	if (!sum)
		die("pagemap: no page");
}

static const char *page_types_path;

static void page_types(pid_t pid, uint64_t start, uint64_t pages)
{
	char number[16];
	int status;
	pid_t child;

	(void)start;
	(void)pages;
	snprintf(number, sizeof(number), "%d", pid);
	child = vfork();
	if (!child) {
		/* It prints a line for each run; nobody reads them. */
		dup2(open_or_die("/dev/null", O_WRONLY), 1);
		execl(page_types_path, "page-types", "-p", number, "-N", "-l", NULL);
		_exit(127);
	}
	if (waitpid(child, &status, 0) < 0 || status)
		die("page-types");
}

static const struct method {
	const char *name;
	void (*run)(pid_t pid, uint64_t start, uint64_t pages);
} methods[] = {
	{ "frames.bin", frames_bin },
	{ "floor", floor_walk },
	{ "page-types", page_types },
	{ "pagemap-c", pagemap_c },
	{ "smaps", smaps },
	{ "smaps_rollup", smaps_rollup },
};

/* A process with that many pages, which sleeps. */
static pid_t start_subject(size_t size, int huge, uint64_t *start)
{
	char *memory = mmap(NULL, size + (2 << 20), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int ready[2];
	pid_t pid;
	char c;

	if (memory == MAP_FAILED || pipe(ready))
		die("mmap");
	memory = (char *)(((uintptr_t)memory + (2 << 20) - 1) & ~((2UL << 20) - 1));
	*start = (uintptr_t)memory;
	pid = fork();
	if (!pid) {
		madvise(memory, size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
		for (size_t i = 0; i < size; i += 4096)
			memory[i] = 1;
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	if (read(ready[0], &c, 1) != 1)
		die("subject");
	return pid;
}

static void measure(const struct method *method, const char *suffix, pid_t pid,
		    uint64_t start, uint64_t pages, int rounds)
{
	printf("samples %s%s", method->name, suffix);
	for (int i = -1; i < rounds; i++) {
		uint64_t since = worked_ns();

		method->run(pid, start, pages);
		if (i >= 0)	/* the first one warms up */
			printf(" %.2f", (double)(worked_ns() - since) / pages);
	}
	printf("\n");
}

int main(int argc, char **argv)
{
	const char *suffix;
	uint64_t start;
	int rounds;
	size_t size;
	pid_t pid;

	if (argc != 6) {
		fprintf(stderr, "Usage: frames MIB huge|small ROUNDS SUFFIX PAGE-TYPES\n");
		return 1;
	}
	size = strtoul(argv[1], NULL, 10) << 20;
	rounds = atoi(argv[3]);
	suffix = argv[4];
	page_types_path = argv[5];
	buffer = malloc(BUFFER_SIZE);
	if (!buffer)
		die("malloc");
	setvbuf(stdout, NULL, _IOLBF, 0);
	pid = start_subject(size, !strcmp(argv[2], "huge"), &start);
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		measure(&methods[i], suffix, pid, start, size / 4096, rounds);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}
