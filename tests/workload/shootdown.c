// SPDX-License-Identifier: GPL-2.0
/*
 * Changes mappings FLUSHES times while a thread of the same address space spins
 * on another CPU, so that each is a TLB shootdown; with "process" the one that
 * spins is a forked child, and nothing has to be shot down.
 */
#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CPU_FLUSHES 0
#define CPU_SPINS 1

static atomic_int *state;	/* 0: not there yet, 1: spins, 2: shall end */

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "CPU %d", cpu);
}

static void *spin(void *unused)
{
	(void)unused;
	pin(CPU_SPINS);
	atomic_store(state, 1);
	while (atomic_load(state) == 1)
		;
	return NULL;
}

/* One flush each: of a page that was just written. */
static void flush_by(const char *way, char *page, size_t size)
{
	*(volatile char *)page = 1;
	if (!strcmp(way, "madvise")) {
		if (madvise(page, size, MADV_DONTNEED))
			err(1, "madvise");
	} else if (!strcmp(way, "mprotect")) {
		if (mprotect(page, size, PROT_READ) ||
		    mprotect(page, size, PROT_READ | PROT_WRITE))
			err(1, "mprotect");
	} else if (!strcmp(way, "munmap")) {
		if (munmap(page, size) ||
		    mmap(page, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != page)
			err(1, "munmap");
	} else {
		errx(1, "what is %s?", way);
	}
}

static void flush(const char *way, long count)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	char *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		err(1, "mmap");
	while (atomic_load(state) != 1)
		sched_yield();
	while (count--)
		flush_by(way, page, size);
	atomic_store(state, 2);
}

int main(int argc, char **argv)
{
	pthread_t thread;
	pid_t child = 0;
	int threaded;

	if (argc != 4)
		errx(1, "usage: shootdown thread|process munmap|mprotect|madvise FLUSHES");
	threaded = !strcmp(argv[1], "thread");
	state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (state == MAP_FAILED)
		err(1, "mmap");
	if (threaded && pthread_create(&thread, NULL, spin, NULL))
		errx(1, "no thread");
	if (!threaded) {
		child = fork();
		if (child < 0)
			err(1, "fork");
		if (!child) {
			spin(NULL);
			_exit(0);
		}
	}
	pin(CPU_FLUSHES);
	flush(argv[2], atol(argv[3]));
	if (threaded)
		pthread_join(thread, NULL);
	else
		waitpid(child, NULL, 0);
	return 0;
}
