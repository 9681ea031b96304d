// SPDX-License-Identifier: GPL-2.0
/*
 * A family tree of a known size: tree FORKS VFORKS THREADS [MAPPINGS]. Each of FORKS
 * children forks one that leaves its session and is still there when its parent has
 * ended; VFORKS children become /bin/true; THREADS threads come and go. Ends when all
 * have: 2 * FORKS forks, VFORKS vforks, VFORKS + 1 programs with its own, THREADS
 * threads. With so many mappings more, an odd number, each fork copies that many more,
 * and MAPPINGS / 2 pages more.
 */
#include <err.h>
#include <pthread.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void *live(void *unused)
{
	return unused;
}

static pid_t born(pid_t pid)
{
	if (pid < 0)
		err(1, "fork");
	return pid;
}

/* It ends, and with it its end of the pipe that main() waits for. */
static void have_orphan(void)
{
	pid_t parent = getpid();

	if (born(fork()))
		_exit(0);
	if (setsid() < 0)
		err(1, "setsid");
	while (getppid() == parent)
		usleep(1000);
	_exit(0);
}

static void have_children(long count)
{
	while (count--)
		if (!born(fork()))
			have_orphan();
}

/* By CLONE_VM and CLONE_VFORK, as vfork(2). */
static void have_programs(long count)
{
	char name[] = "true", *arguments[] = { name, NULL };
	pid_t pid;

	while (count--)
		if (posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, NULL))
			errx(1, "no /bin/true");
}

static void have_threads(long count)
{
	pthread_t thread;

	while (count--)
		if (pthread_create(&thread, NULL, live, NULL) || pthread_join(thread, NULL))
			errx(1, "no thread");
}

/* Neighbours with other rights: the first and the last have none. */
static void have_mappings(long count)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	char *start;

	if (!count)
		return;
	start = mmap(NULL, (size_t)count * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (long page = 1; start != MAP_FAILED && page < count; page += 2) {
		if (mprotect(start + page * size, size, PROT_READ | PROT_WRITE))
			err(1, "mprotect");
		start[page * size] = 1;
	}
	if (start == MAP_FAILED)
		err(1, "mmap");
}

int main(int argc, char **argv)
{
	int alive[2], status;
	char byte;

	if (argc < 4)
		errx(1, "usage: tree FORKS VFORKS THREADS [MAPPINGS]");
	if (pipe(alive))
		err(1, "pipe");
	have_mappings(argc > 4 ? atol(argv[4]) : 0);
	have_children(atol(argv[1]));
	have_programs(atol(argv[2]));
	have_threads(atol(argv[3]));
	while (wait(&status) > 0)
		if (status)
			errx(1, "a child failed");
	/* Whoever is left has the other end. */
	close(alive[1]);
	return read(alive[0], &byte, 1) ? 1 : 0;
}
