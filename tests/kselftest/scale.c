// SPDX-License-Identifier: GPL-2.0
/*
 * Many tasks, many VMAs, many address spaces: the memory that a reading takes is
 * bounded, and a signal ends it. With the argument "growth": what a reading costs grows
 * with them and no faster, and the signal is prompt. That is time, so tests/bench/run asks
 * for it, where a nanosecond is an instruction.
 */
#include "control-test.h"
#include "sleepers.h"

#include <math.h>
#include <pthread.h>

#include "kselftest.h"

#define TASKS 10000
#define VMAS 10000
#define MMS 1000
#define TRIES 5
#define SIZES 4		/* an eighth, a quarter, a half, all */
#define EXPONENT 1.2	/* of the cost, as a power of how many there are; n log n is 1.1 */
/*
 * Of mms, when there are many tasks and few address spaces. What it does with a task is so
 * little that one sees the kernel look for the memory: a larger chunk of it takes longer.
 */
#define EXPONENT_OF_MEMORY 1.6
#define SOME (16 << 10)	/* kB: for snapshots of which a row has some 300 bytes */
#define PROMPT_MS 1000

static int divisor = 1;		/* for a kernel in which all takes longer */
static bool growth;

/*
 * In microseconds. System time alone would not do: the kernel splits the whole in
 * proportion to the ticks that hit each part. Nor the process's, which adds up its threads.
 */
static uint64_t processor_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

static uint64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

/* lines() - read a file whole, of this process only if asked; how many lines */
static size_t read_lines(const char *file, bool own)
{
	static char buffer[1 << 16];
	int fd = open_file(file, own ? O_RDWR : O_RDONLY);
	size_t count = 0;
	ssize_t got;

	if (own)
		write_pids(fd, getpid(), 0);
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		while (got--)
			count += buffer[got] == '\n';
	if (got)
		fail("%s: %s", file, strerror(errno));
	close(fd);
	return count;
}

/* cost() - the least of some readings, as a disturbance only adds */
static uint64_t cost(const char *file, bool own, size_t wanted)
{
	uint64_t least = UINT64_MAX;
	int try;

	for (try = 0; try < TRIES; try++) {
		uint64_t since = processor_time();
		size_t lines = read_lines(file, own);

		since = processor_time() - since;
		if (lines < wanted)
			fail("%s: %zu lines, there should be %zu", file, lines, wanted);
		least = since < least ? since : least;
	}
	return least;
}

/* A file that is read at each size, and the least lines that it then has, in parts of them. */
struct growing {
	const char *file;
	bool own;
	unsigned int part;	/* 0: one line will do */
	double most;
	uint64_t cost[SIZES];
};

static void test_growth(const struct growing *growing)
{
	const uint64_t *cost = growing->cost;
	/* The slope of a line through the logarithms, for sizes that double. */
	double slope = (3 * (log2(cost[3]) - log2(cost[0])) + log2(cost[2]) - log2(cost[1])) / 10;

	ksft_print_msg("%s: %llu, %llu, %llu, %llu us, each for twice as many: n^%.2f\n",
		       growing->file, (unsigned long long)cost[0], (unsigned long long)cost[1],
		       (unsigned long long)cost[2], (unsigned long long)cost[3], slope);
	ksft_test_result(slope > 0 && slope < growing->most, "%s: its cost grows as they do\n",
			 growing->file);
}

/* Makes so many, and reads two files whenever there are twice as many. */
static void grow(void (*make)(size_t count), size_t many, struct growing *first,
		 struct growing *second)
{
	size_t there = 0, size;

	for (size = growth ? 0 : SIZES - 1; size < SIZES; size++) {
		size_t now = many >> (SIZES - 1 - size);

		make(now - there);
		there = now;
		if (!growth)
			continue;
		first->cost[size] = cost(first->file, first->own,
					 first->part ? now / first->part : 1);
		second->cost[size] = cost(second->file, second->own,
					  second->part ? now / second->part : 1);
	}
	if (!growth)
		return;
	test_growth(first);
	test_growth(second);
}

static uint64_t available(void)
{
	char text[4096];
	int fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
	ssize_t got = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[got > 0 ? got : 0] = '\0';
	return proc_number(text, "MemAvailable");
}

/* What an opened file holds while its reader does nothing. */
static void test_memory(const char *file)
{
	uint64_t before = available(), during;
	int fds[8];
	char byte;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = open_file(file, O_RDONLY);
		if (read(fds[i], &byte, 1) != 1)
			fail("%s: %s", file, strerror(errno));
	}
	during = available();
	for (i = 0; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
	ksft_print_msg("%s: %lld kB less in 8 readings at once\n", file,
		       (long long)(before - during));
	ksft_test_result((int64_t)(before - during) < (int64_t)ARRAY_SIZE(fds) * SOME,
			 "%s: what a reading takes is bounded\n", file);
}

/* Ctrl-C in the middle of it. */
static void test_interrupt(const char *file)
{
	uint64_t since;
	pid_t pid = fork();
	int status;

	while (!pid)
		read_lines(file, false);
	usleep(300000);
	since = milliseconds();
	kill(pid, SIGINT);
	waitpid(pid, &status, 0);
	since = milliseconds() - since;
	ksft_print_msg("%s: ended %llu ms after SIGINT\n", file, (unsigned long long)since);
	ksft_test_result(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT &&
			 (!growth || since < PROMPT_MS),
			 "%s: a signal ends the reading\n", file);
}

static void *sleep_for_good(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void start_threads(size_t count)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	/* The smallest is 128 KiB on arm64; huge pages would fill it all. */
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	if (pthread_attr_setstacksize(&attributes, sysconf(_SC_THREAD_STACK_MIN)))
		fail("a small stack: %s", strerror(errno));
	pthread_attr_setguardsize(&attributes, 0);
	while (count--) {
		int error = pthread_create(&thread, &attributes, sleep_for_good, NULL);

		if (error)
			fail("a thread: %s", strerror(error));
	}
}

/* In a process of its own, which takes its threads with it. */
static void many_tasks(void)
{
	struct growing tasks = { .file = "tasks", .part = 1, .most = EXPONENT };
	struct growing mms = { .file = "mms", .most = EXPONENT_OF_MEMORY };

	grow(start_threads, TASKS / divisor, &tasks, &mms);
	test_memory("tasks");
	test_memory("mms");
	test_interrupt("tasks");
}

/* Each second page may be written to, so that no two of them become one. */
static void map_vmas(size_t count)
{
	size_t page = sysconf(_SC_PAGESIZE), i;
	char *area = mmap(NULL, count * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	for (i = 0; i < count; i += 2)
		if (mprotect(area + i * page, page, PROT_READ | PROT_WRITE))
			fail("mprotect: %s", strerror(errno));
	for (i = 0; i < count; i += 2)
		area[i * page] = 1;
}

static void many_vmas(void)
{
	struct growing vmas = { .file = "vmas", .own = true, .part = 1, .most = EXPONENT };
	struct growing frames = { .file = "frames", .own = true, .part = 2, .most = EXPONENT };

	grow(map_vmas, VMAS / divisor, &vmas, &frames);
	test_memory("vmas");
	test_interrupt("frames");
}

static void fork_sleepers(size_t count)
{
	while (count--) {
		pid_t pid = fork();

		if (pid < 0)
			fail("fork: %s", strerror(errno));
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			sleep_for_good(NULL);
		}
	}
}

static void many_mms(void)
{
	struct growing mms = { .file = "mms", .part = 1, .most = EXPONENT };
	struct growing vmas = { .file = "vmas", .part = 1, .most = EXPONENT };

	grow(fork_sleepers, MMS / divisor, &mms, &vmas);
	test_memory("mms");
	test_memory("frames");
	test_interrupt("vmas");
}

/* Tests are counted in the process that makes them: hand the numbers on. */
static void in_a_process(void (*tests)(void))
{
	struct ksft_count *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;
	int status;

	if (shared == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		tests();
		*shared = ksft_cnt;
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (status)
		fail("ended with status %#x", status);
	ksft_cnt = *shared;
	munmap(shared, 4096);
}

int main(int argc, char *argv[])
{
	growth = argc > 1 && !strcmp(argv[1], "growth");
	ksft_print_header();
	ksft_set_plan(growth ? 14 : 8);
	/* A shell that runs it in the background has it ignored. */
	signal(SIGINT, SIG_DFL);
	if (!access("/sys/kernel/debug/kmemleak", F_OK) ||
	    !access("/sys/kernel/debug/kcsan", F_OK))
		divisor = 10;
	in_a_process(many_tasks);
	in_a_process(many_vmas);
	in_a_process(many_mms);
	ksft_finished();
}
