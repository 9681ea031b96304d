// SPDX-License-Identifier: GPL-2.0
/*
 * A parent and its child whose main threads have ended while another thread of each lives
 * on: 41 pages of shared memory, 37 that are still shared since the fork, and one that is
 * swapped out where there is swap. Prints the child's number, the three addresses and "ready";
 * both end when the input does.
 */
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "page.h"

#define SHARED 41
#define FORKED 37

static char *map(size_t pages, int flags)
{
	char *start = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS,
			   -1, 0);

	if (start == MAP_FAILED)
		err(1, "mmap");
	memset(start, 1, pages * PAGE);
	return start;
}

static void *live_on(void *unused)
{
	char byte;

	while (read(0, &byte, 1) > 0)
		;
	_exit(0);
	return unused;
}

int main(void)
{
	char *shared = map(SHARED, MAP_SHARED), *forked = map(FORKED, MAP_PRIVATE);
	pid_t child = fork();
	char *swapped = map(1, MAP_PRIVATE);
	pthread_t thread;

	if (child < 0)
		err(1, "fork");
	if (!child)
		memset(shared, 2, SHARED * PAGE);
	madvise(swapped, PAGE, MADV_PAGEOUT);
	errno = pthread_create(&thread, NULL, live_on, NULL);
	if (errno)
		err(1, "pthread_create");
	if (child) {
		printf("%d %lx %lx %lx\nready\n", child, (unsigned long)shared,
		       (unsigned long)forked, (unsigned long)swapped);
		fflush(stdout);
	}
	pthread_exit(NULL);
}
