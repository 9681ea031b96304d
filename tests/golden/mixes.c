// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks in all mixes of what clone(2) can share, to be recorded: see record.
 * Prints the process ids when all are there, and sleeps until it is killed.
 */
#define _GNU_SOURCE
#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define STACK_SIZE (64 * 1024)
#define PAGE 4096

static void name_and_sleep(const char *name)
{
	prctl(PR_SET_NAME, name);
	for (;;)
		pause();
}

static int child(void *name)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	name_and_sleep(name);
	return 0;
}

static void *thread(void *name)
{
	name_and_sleep(name);
	return NULL;
}

static void *unsharing_thread(void *name)
{
	if (unshare(CLONE_FILES | CLONE_FS))
		err(EXIT_FAILURE, "unshare");
	return thread(name);
}

static pid_t mix(int flags, const char *name)
{
	char *stack = malloc(STACK_SIZE);
	pid_t pid;

	if (!stack)
		err(EXIT_FAILURE, "stack");
	pid = clone(child, stack + STACK_SIZE, flags | SIGCHLD, (void *)name);
	if (pid < 0)
		err(EXIT_FAILURE, "%s", name);
	return pid;
}

/* The parent of a vfork waits: so it is a process of its own. */
static pid_t vforks(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "vforks");
	mix(CLONE_VM | CLONE_VFORK, "vforked");
	_exit(EXIT_FAILURE);
}

static void start_thread(void *(*run)(void *), const char *name)
{
	pthread_t id;

	if (pthread_create(&id, NULL, run, (void *)name))
		errx(EXIT_FAILURE, "%s", name);
}

static char *map(int flags)
{
	char *area = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		err(EXIT_FAILURE, "mmap");
	for (int i = 0; i < 16; i++)
		area[i * PAGE] = 1;
	return area;
}

int main(void)
{
	pid_t forked;

	prctl(PR_SET_NAME, "mixes");
	map(MAP_PRIVATE);
	map(MAP_SHARED);
	start_thread(thread, "two\twords \xff");
	start_thread(unsharing_thread, "unshared");
	forked = mix(0, "forked");
	mix(CLONE_VM | CLONE_FILES | CLONE_SIGHAND, "twin");
	mix(CLONE_FILES | CLONE_FS, "filer");
	mix(CLONE_IO | CLONE_SYSVSEM, "");
	vforks();
	sleep(2);	/* until all have their names */
	printf("%d %d\n", getpid(), forked);
	fflush(stdout);
	name_and_sleep("mixes");
}
