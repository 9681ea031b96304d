// SPDX-License-Identifier: GPL-2.0
/*
 * Two tasks wake each other over pipes: 2 * ROUNDS switches when they share a
 * CPU. Prints the time of a switch, pipes included: "pingpong NS".
 */
#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WARM_UP 101

static long rounds;
static int there[2], back[2];
static int cpus[2] = { -1, -1 };

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	if (cpu < 0)
		return;
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "CPU %d", cpu);
}

static void pass(int fd)
{
	if (write(fd, "", 1) != 1)
		err(1, "write");
}

static void await(int fd)
{
	char byte;

	if (read(fd, &byte, 1) != 1)
		err(1, "read");
}

static void *answer(void *unused)
{
	(void)unused;
	pin(cpus[1]);
	for (long i = 0; i < rounds + WARM_UP; i++) {
		await(there[0]);
		pass(back[1]);
	}
	return NULL;
}

static void ask(long count)
{
	while (count--) {
		pass(there[1]);
		await(back[0]);
	}
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double measure(void)
{
	double since;

	pin(cpus[0]);
	ask(WARM_UP);
	since = now();
	ask(rounds);
	return (now() - since) / (2.0 * (double)rounds);
}

static double with_thread(void)
{
	pthread_t thread;
	double result;

	if (pthread_create(&thread, NULL, answer, NULL))
		errx(1, "no thread");
	result = measure();
	pthread_join(thread, NULL);
	return result;
}

static double with_process(void)
{
	pid_t child = fork();
	double result;

	if (child < 0)
		err(1, "fork");
	if (!child) {
		answer(NULL);
		_exit(0);
	}
	result = measure();
	waitpid(child, NULL, 0);
	return result;
}

int main(int argc, char **argv)
{
	int thread;

	if (argc > 2)
		rounds = atol(argv[2]);
	if (argc < 3 || argc > 5 || rounds <= 0)
		errx(1, "usage: pingpong thread|process ROUNDS [CPU [CPU of the other]]");
	thread = !strcmp(argv[1], "thread");
	if (!thread && strcmp(argv[1], "process"))
		errx(1, "neither thread nor process: %s", argv[1]);
	if (argc > 3) {
		cpus[0] = atoi(argv[3]);
		cpus[1] = cpus[0];
	}
	if (argc > 4)
		cpus[1] = atoi(argv[4]);
	if (pipe(there) || pipe(back))
		err(1, "pipe");
	printf("pingpong %.2f\n", thread ? with_thread() : with_process());
	return 0;
}
