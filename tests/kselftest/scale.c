// SPDX-License-Identifier: GPL-2.0
/*
 * Many tasks, many VMAs, many address spaces: what a reading costs grows with
 * them and no faster, the memory it takes is bounded, and a signal ends it.
 */
#include "control-test.h"
#include "sleepers.h"

#include <pthread.h>

#include "kselftest.h"

#define TASKS 10000
#define VMAS 10000
#define MMS 1000
#define TRIES 20
#define STEP 4		/* measured at a quarter, too */
#define GROWTH 10	/* 4 times as many: 4 times the time, 16 if it were the square */
#define SOME (16 << 10)	/* kB: for snapshots of which a row has some 300 bytes */
#define PROMPT_MS 1000

static int divisor = 1;		/* for a kernel in which all takes longer */

/*
 * In microseconds. System time alone would not do: the kernel splits the whole in
 * proportion to the ticks that hit each part.
 */
static uint64_t processor_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
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

/*
 * The least of some readings, as a disturbance only adds. Stops once it is below
 * @enough: more readings could only bring it further down.
 */
static uint64_t cost(const char *file, bool own, size_t wanted, uint64_t enough)
{
	uint64_t least = UINT64_MAX;
	int try;

	for (try = 0; try < TRIES && least >= enough; try++) {
		uint64_t since = processor_time();
		size_t lines = read_lines(file, own);

		since = processor_time() - since;
		if (lines < wanted)
			fail("%s: %zu lines, there should be %zu", file, lines, wanted);
		least = since < least ? since : least;
	}
	return least;
}

/* Now that there is STEP times as much to read as when it took @few. */
static void test_growth(const char *file, bool own, size_t wanted, uint64_t few)
{
	uint64_t many = cost(file, own, wanted, GROWTH * few);

	ksft_print_msg("%s: %llu us, then %llu us for %d times as many\n", file,
		       (unsigned long long)few, (unsigned long long)many, STEP);
	ksft_test_result(many > few && many < GROWTH * few,
			 "%s: its cost grows as they do\n", file);
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

/* A kernel with detectors takes its time to end a process, too. */
static uint64_t prompt_ms(void)
{
	return divisor > 1 ? 5 * PROMPT_MS : PROMPT_MS;
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
	ksft_test_result(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT && since < prompt_ms(),
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
	size_t many = TASKS / divisor, few = many / STEP;
	uint64_t tasks, mms;

	start_threads(few);
	tasks = cost("tasks", false, few, 0);
	mms = cost("mms", false, 1, 0);
	start_threads(many - few);
	test_growth("tasks", false, many, tasks);
	test_growth("mms", false, 1, mms);
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
	size_t many = VMAS / divisor, few = many / STEP;
	uint64_t vmas, frames;

	map_vmas(few);
	vmas = cost("vmas", true, few, 0);
	frames = cost("frames", true, few / 2, 0);
	map_vmas(many - few);
	test_growth("vmas", true, many, vmas);
	test_growth("frames", true, many / 2, frames);
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
	size_t many = MMS / divisor, few = many / STEP;
	uint64_t mms, vmas;

	fork_sleepers(few);
	mms = cost("mms", false, few, 0);
	vmas = cost("vmas", false, few, 0);
	fork_sleepers(many - few);
	test_growth("mms", false, many, mms);
	test_growth("vmas", false, many, vmas);
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

int main(void)
{
	ksft_print_header();
	ksft_set_plan(14);
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
