/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two tasks that take turns, a known number of times: a byte to the other, a
 * byte back. As real-time tasks of one priority on one CPU they hand it over
 * exactly twice a round, and nothing but a stopper thread comes in between: with
 * PREEMPT_RT interrupts and timers have threads too, of priorities up to 50.
 */
#ifndef TURNS_TEST_H
#define TURNS_TEST_H

#include <linux/sched.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>

#include "proc-test.h"

#define RT_RUNTIME "/proc/sys/kernel/sched_rt_runtime_us"
#define FAIR_SERVER "/sys/kernel/debug/sched/fair_server/cpu%d/runtime"

static inline void write_other(const char *path, const char *value)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *before = read_whole(fd, path);

	close(fd);
	if (strcmp(before, value))
		write_file(path, value);
	free(before);
}

/*
 * real_time_unlimited() - may real-time tasks have a CPU for as long as they like
 *
 * 6.12 has a server besides that gives ordinary tasks 50 ms of each second. It is
 * taken away last and given back first: 6.12 reckons its share wrong otherwise, and
 * refuses the limit. At times it also warns (task_non_contending() in
 * kernel/sched/deadline.c) when that changes: in the lab, whose machine is thrown
 * away, it changes once.
 */
static inline void real_time_unlimited(bool unlimited)
{
	char path[128];
	int cpu;

	if (!unlimited && getenv("SHARESTAT_LAB"))
		return;
	if (unlimited)
		write_other(RT_RUNTIME, "-1\n");
	for (cpu = 0; cpu < get_nprocs(); cpu++) {
		snprintf(path, sizeof(path), FAIR_SERVER, cpu);
		if (!access(path, F_OK))
			write_other(path, unlimited ? "0\n" : "50000000\n");
	}
	if (!unlimited)
		write_other(RT_RUNTIME, "950000\n");
}

struct turns {
	int there[2], back[2];
	int cpu;		/* of the other */
	bool thread;
	pid_t pid;
	pthread_t handle;
	volatile pid_t tid;
};

static inline void real_time(void)
{
	struct sched_param param = { .sched_priority = 90 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		fail("SCHED_FIFO: %s", strerror(errno));
}

static inline void *answer_turns(void *argument)
{
	struct turns *turns = argument;
	char byte;

	pin_to(turns->cpu);
	turns->tid = syscall(SYS_gettid);
	while (read(turns->there[0], &byte, 1) == 1 && byte)
		if (write(turns->back[1], &byte, 1) != 1)
			break;
	return NULL;
}

/* turns_start() - the other one, a thread or a process, waits for its turn */
static inline void turns_start(struct turns *turns, bool thread, int cpu)
{
	if (pipe(turns->there) || pipe(turns->back))
		fail("pipe: %s", strerror(errno));
	turns->thread = thread;
	turns->cpu = cpu;
	if (thread) {
		if (pthread_create(&turns->handle, NULL, answer_turns, turns))
			fail("pthread_create");
		while (!turns->tid)
			usleep(1000);
	} else {
		turns->pid = fork_attached();
		if (!turns->pid) {
			answer_turns(turns);
			_exit(0);
		}
		turns->tid = turns->pid;
	}
	usleep(50000);
}

static inline void turns_take(struct turns *turns, unsigned int rounds)
{
	char byte = 1;

	while (rounds--)
		if (write(turns->there[1], &byte, 1) != 1 || read(turns->back[0], &byte, 1) != 1)
			fail("a turn: %s", strerror(errno));
}

static inline void turns_end(struct turns *turns)
{
	char byte = 0;

	if (write(turns->there[1], &byte, 1) != 1)
		fail("the last turn: %s", strerror(errno));
	if (turns->thread)
		pthread_join(turns->handle, NULL);
	else
		waitpid(turns->pid, NULL, 0);
	close(turns->there[0]);
	close(turns->there[1]);
	close(turns->back[0]);
	close(turns->back[1]);
}

/* Turns within a CPU and between both, births and flushes, until it is killed. */
static inline void __attribute__((noreturn)) be_busy(int cpu)
{
	struct turns near = { .tid = 0 }, far = { .tid = 0 };
	char *page = map_or_fail(NULL, PAGE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	pin_to(cpu);
	turns_start(&near, cpu, cpu);
	turns_start(&far, !cpu, !cpu);
	for (;;) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
		turns_take(&near, 31);
		turns_take(&far, 3);
		write_pages(page, 1);
		madvise(page, PAGE, MADV_DONTNEED);
	}
}

/* load_start(), load_end() - all that the probes count, on both CPUs */
static inline void load_start(pid_t load[2])
{
	int cpu;

	for (cpu = 0; cpu < 2; cpu++) {
		load[cpu] = fork_attached();
		if (!load[cpu])
			be_busy(cpu);
	}
}

static inline void load_end(const pid_t load[2])
{
	int cpu;

	for (cpu = 0; cpu < 2; cpu++) {
		kill(load[cpu], SIGKILL);
		waitpid(load[cpu], NULL, 0);
	}
}

/* Voluntary and other context switches of a task so far. */
struct csw {
	uint64_t voluntary, involuntary;
};

static inline struct csw csw_read(pid_t tid)
{
	struct csw csw = { .voluntary = 0 };
	char path[64], line[256];
	FILE *file;
	int found = 0;

	snprintf(path, sizeof(path), "/proc/self/task/%d/status", tid);
	file = fopen(path, "re");
	if (!file) {
		snprintf(path, sizeof(path), "/proc/%d/status", tid);
		file = fopen(path, "re");
	}
	while (file && fgets(line, sizeof(line), file)) {
		found += status_line(line, "voluntary_ctxt_switches:", &csw.voluntary);
		found += status_line(line, "nonvoluntary_ctxt_switches:", &csw.involuntary);
	}
	if (found != 2)
		fail("%s: no context switches", path);
	fclose(file);
	return csw;
}

static inline uint64_t csw_sum(pid_t tid)
{
	struct csw csw = csw_read(tid);

	return csw.voluntary + csw.involuntary;
}

/* read_ctxt() - all context switches since the boot */
static inline uint64_t read_ctxt(void)
{
	uint64_t ctxt = 0;
	char line[512];
	FILE *file = fopen("/proc/stat", "re");

	while (fgets(line, sizeof(line), file) && !status_line(line, "ctxt ", &ctxt))
		;
	fclose(file);
	return ctxt;
}

#endif /* TURNS_TEST_H */
