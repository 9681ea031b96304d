// SPDX-License-Identifier: GPL-2.0
/*
 * One way to have pages, then sleep: share KIND PAGES [FILE]. Prints, for each
 * area of each process, "AREA PID ADDRESS PAGES", and "ready" when all is as it
 * shall be found. Ends when its standard input does; a family takes orders there.
 */
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include "areas.h"

#define RW (PROT_READ | PROT_WRITE)
#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)

struct task {
	unsigned long pages;
	const char *file;
};

static pid_t child;		/* 0: none */
static void (*take_order)(char *order);

static void report(const char *area, const void *start, unsigned long pages)
{
	printf("%s %d %lx %lu\n", area, getpid(), (unsigned long)start, pages);
	fflush(stdout);
}

/* With a hole before and behind, so that it is a mapping of its own. */
static char *map(unsigned long pages, int flags, int fd)
{
	char *start = mmap(NULL, (pages + 2) * PAGE, PROT_NONE, PRIVATE, -1, 0);

	if (start == MAP_FAILED)
		err(1, "mmap of %lu pages", pages);
	start = mmap(start + PAGE, pages * PAGE, RW, flags | MAP_FIXED, fd, 0);
	if (start == MAP_FAILED)
		err(1, "mmap of %lu pages", pages);
	if (flags & MAP_PRIVATE)
		madvise(start, pages * PAGE, MADV_NOHUGEPAGE);
	return start;
}

static void write_pages(char *start, unsigned long pages, unsigned long step)
{
	for (unsigned long page = 0; page < pages; page += step)
		start[page * PAGE] = (char)(page + step);
}

static void read_pages(const char *start, unsigned long pages)
{
	for (unsigned long page = 0; page < pages; page++)
		*(volatile const char *)(start + page * PAGE);
}

static void fork_child(void)
{
	int ready[2];
	char byte;

	if (pipe(ready))
		err(1, "pipe");
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child) {
		close(ready[1]);
		/* Until it is done: then it closes its end. */
		while (read(ready[0], &byte, 1) < 0 && errno == EINTR)
			;
		close(ready[0]);
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(ready[0]);
}

/* The child's work is done: it closes its end of the pipe. */
static void child_ready(void)
{
	for (int fd = 3; fd < 16; fd++)
		close(fd);
}

static void child_sleep(void)
{
	child_ready();
	for (;;)
		pause();
}

static const char *file_of(const struct task *task)
{
	if (!task->file)
		errx(1, "this kind wants a file");
	return task->file;
}

static void share_private(const struct task *task)
{
	char *start = map(task->pages, PRIVATE, -1);

	write_pages(start, task->pages, 1);
	report("area", start, task->pages);
}

static void share_program(const struct task *task)
{
	(void)task;
	read_pages(program_text, PROGRAM_TEXT_PAGES);
	read_pages(program_rodata, PROGRAM_RODATA_PAGES);
	report("text", program_text, PROGRAM_TEXT_PAGES);
	report("rodata", program_rodata, PROGRAM_RODATA_PAGES);
}

static void share_library(const struct task *task)
{
	void *library = dlopen(file_of(task), RTLD_NOW);
	const char *text, *rodata;

	if (!library)
		errx(1, "%s", dlerror());
	text = dlsym(library, "library_text");
	rodata = dlsym(library, "library_rodata");
	if (!text || !rodata)
		errx(1, "%s: it lacks what it is for", task->file);
	read_pages(text, LIBRARY_TEXT_PAGES);
	read_pages(rodata, LIBRARY_RODATA_PAGES);
	report("libtext", text, LIBRARY_TEXT_PAGES);
	report("librodata", rodata, LIBRARY_RODATA_PAGES);
}

/* After a fork the child writes every third page. */
static void share_fork(const struct task *task)
{
	char *start = map(task->pages, PRIVATE, -1);

	write_pages(start, task->pages, 1);
	report("parent", start, task->pages);
	fork_child();
	if (child)
		return;
	write_pages(start, task->pages, 3);
	report("child", start, task->pages);
	child_sleep();
}

static int borrow(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return 0;
}

/* Two processes, one address space: CLONE_VM without CLONE_THREAD, as vfork(2) makes it. */
static void share_borrowed(const struct task *task)
{
	char *start = map(task->pages, PRIVATE, -1), *stack = map(16, PRIVATE, -1);

	write_pages(start, task->pages, 1);
	child = clone(borrow, stack + 16 * PAGE, CLONE_VM | SIGCHLD, NULL);
	if (child < 0)
		err(1, "clone");
	report("area", start, task->pages);
	printf("borrower %d %lx %lu\n", child, (unsigned long)start, task->pages);
}

/*
 * A parent and its children "one" and "two": an order is "WHO write FIRST COUNT"
 * or "WHO free FIRST COUNT", of pages; the answer is "done".
 */
static char *family_area;
static FILE *family_orders[2];

static void family_obey(const char *order)
{
	unsigned long first, count;
	char verb[8];

	if (sscanf(order, "%7s %lu %lu", verb, &first, &count) != 3)
		errx(1, "no order: %s", order);
	if (!strcmp(verb, "write"))
		write_pages(family_area + first * PAGE, count, 1);
	else if (madvise(family_area + first * PAGE, count * PAGE, MADV_DONTNEED))
		err(1, "MADV_DONTNEED");
	puts("done");
	fflush(stdout);
}

static void family_order(char *order)
{
	const char *who = strsep(&order, " ");
	FILE *to = family_orders[!strcmp(who, "two")];

	if (!order || !strcmp(who, "parent")) {
		family_obey(order ? order : who);
	} else {
		fputs(order, to);
		fflush(to);
	}
}

/* Return: in the parent, where to send the child's orders. */
static FILE *family_child(const char *name, unsigned long pages)
{
	char order[80];
	int fds[2];

	if (pipe(fds))
		err(1, "pipe");
	fork_child();
	if (child) {
		close(fds[0]);
		return fdopen(fds[1], "w");
	}
	dup2(fds[0], STDIN_FILENO);
	report(name, family_area, pages);
	child_ready();
	while (fgets(order, sizeof(order), stdin))
		family_obey(order);
	exit(0);
}

static void share_family(const struct task *task)
{
	family_area = map(task->pages, PRIVATE, -1);
	write_pages(family_area, task->pages, 1);
	report("parent", family_area, task->pages);
	family_orders[0] = family_child("one", task->pages);
	family_orders[1] = family_child("two", task->pages);
	take_order = family_order;
}

/* Memory that a child has, too; it looks at all of it. */
static void share_with_child(char *start, const struct task *task)
{
	write_pages(start, task->pages, 1);
	report("parent", start, task->pages);
	fork_child();
	if (child)
		return;
	read_pages(start, task->pages);
	report("child", start, task->pages);
	child_sleep();
}

static void share_anonymous(const struct task *task)
{
	share_with_child(map(task->pages, MAP_SHARED | MAP_ANONYMOUS, -1), task);
}

static char *map_file(const struct task *task, int fd)
{
	if (fd < 0 || ftruncate(fd, (off_t)(task->pages * PAGE)))
		err(1, "a file of %lu pages", task->pages);
	return map(task->pages, MAP_SHARED, fd);
}

static void share_file(const struct task *task)
{
	share_with_child(map_file(task, open(file_of(task), O_RDWR | O_CREAT, 0600)), task);
}

/* A file that others have, too, of which nothing changes. */
static void share_readonly(const struct task *task)
{
	int fd = open(file_of(task), O_RDONLY | O_CLOEXEC);
	char *start = mmap(NULL, task->pages * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);

	if (start == MAP_FAILED)
		err(1, "%s", task->file);
	close(fd);
	read_pages(start, task->pages);
	report("area", start, task->pages);
}

static void share_memfd(const struct task *task)
{
	share_with_child(map_file(task, memfd_create("share", 0)), task);
}

static void share_posix(const struct task *task)
{
	int fd = shm_open("/sharestat-share", O_RDWR | O_CREAT, 0600);

	shm_unlink("/sharestat-share");
	share_with_child(map_file(task, fd), task);
}

static char *attach(unsigned long size, int flags)
{
	int id = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600 | flags);
	char *start = shmat(id, NULL, 0);

	shmctl(id, IPC_RMID, NULL);
	if (start == (char *)-1)
		err(1, "shmat");
	return start;
}

static void share_sysv(const struct task *task)
{
	share_with_child(attach(task->pages * PAGE, 0), task);
}

static void share_sysv_huge(const struct task *task)
{
	share_with_child(attach(task->pages * PAGE, SHM_HUGETLB), task);
}

static void share_hugetlb(const struct task *task)
{
	char *start = mmap(NULL, task->pages * PAGE, RW, PRIVATE | MAP_HUGETLB, -1, 0);

	if (start == MAP_FAILED)
		err(1, "mmap of hugetlb");
	write_pages(start, task->pages, 1);
	report("area", start, task->pages);
}

/* The first of what one table of PMDs maps, so that both have that table. */
static void share_hugetlb_table(const struct task *task)
{
	size_t size = HUGE_PAGES * HUGE_SIZE;
	int fd = memfd_create("share", MFD_HUGETLB);
	char *start = mmap(NULL, 2 * size, PROT_NONE, PRIVATE | MAP_NORESERVE, -1, 0);

	if (fd < 0 || ftruncate(fd, (off_t)size) || start == MAP_FAILED)
		err(1, "room for a table");
	start = (char *)(((uintptr_t)start + size - 1) & ~(size - 1));
	start = mmap(start, size, RW, MAP_SHARED | MAP_FIXED | MAP_NORESERVE, fd, 0);
	if (start == MAP_FAILED)
		err(1, "mmap of hugetlb");
	share_with_child(start, task);
}

/* Equal contents; it is the test that makes ksmd run and waits. */
static void share_ksm(const struct task *task)
{
	char *start = map(task->pages, PRIVATE, -1);

	memset(start, 'k', task->pages * PAGE);
	if (madvise(start, task->pages * PAGE, MADV_MERGEABLE))
		err(1, "MADV_MERGEABLE");
	report("area", start, task->pages);
}

/* A huge page of which all but so many are given back: it is split. */
static void share_thp_split(const struct task *task)
{
	char *start = mmap(NULL, 3 * HUGE_SIZE, RW, PRIVATE, -1, 0);

	if (start == MAP_FAILED)
		err(1, "mmap");
	start = (char *)(((uintptr_t)start + HUGE_SIZE - 1) & ~(HUGE_SIZE - 1));
	if (madvise(start, HUGE_SIZE, MADV_HUGEPAGE))
		err(1, "MADV_HUGEPAGE");
	*start = 1;
	if (madvise(start + task->pages * PAGE, HUGE_SIZE - task->pages * PAGE, MADV_DONTNEED))
		err(1, "MADV_DONTNEED");
	/* Else khugepaged may make it whole again. */
	if (madvise(start, HUGE_SIZE, MADV_NOHUGEPAGE))
		err(1, "MADV_NOHUGEPAGE");
	report("area", start, task->pages);
}

static void share_mremap(const struct task *task)
{
	char *start = map(task->pages, PRIVATE, -1);
	char *target = map(task->pages, PRIVATE, -1);

	write_pages(start, task->pages, 1);
	report("before", start, task->pages);
	start = mremap(start, task->pages * PAGE, task->pages * PAGE,
		       MREMAP_MAYMOVE | MREMAP_FIXED, target);
	if (start != target)
		err(1, "mremap");
	report("area", start, task->pages);
}

static void share_twice(const struct task *task)
{
	int fd = memfd_create("share", 0);
	char *one = map_file(task, fd), *other = map(task->pages, MAP_SHARED, fd);

	write_pages(one, task->pages, 1);
	read_pages(other, task->pages);
	report("one", one, task->pages);
	report("other", other, task->pages);
}

static void share_zero(const struct task *task)
{
	char *start = map(task->pages, PRIVATE, -1);

	read_pages(start, task->pages);
	report("area", start, task->pages);
}

static void share_swapped(const struct task *task)
{
	char *start = map(task->pages, PRIVATE, -1);

	for (unsigned long page = 0; page < task->pages; page++)
		memset(start + page * PAGE, (int)page + 1, PAGE);
	if (madvise(start, task->pages * PAGE, MADV_PAGEOUT))
		err(1, "MADV_PAGEOUT");
	report("area", start, task->pages);
}

static const struct kind {
	const char *name;
	void (*share)(const struct task *task);
} kinds[] = {
	{ "private", share_private },
	{ "program", share_program },
	{ "library", share_library },
	{ "fork", share_fork },
	{ "family", share_family },
	{ "borrowed", share_borrowed },
	{ "anonymous", share_anonymous },
	{ "file", share_file },
	{ "readonly", share_readonly },
	{ "memfd", share_memfd },
	{ "posix", share_posix },
	{ "sysv", share_sysv },
	{ "sysv-huge", share_sysv_huge },
	{ "hugetlb", share_hugetlb },
	{ "hugetlb-table", share_hugetlb_table },
	{ "ksm", share_ksm },
	{ "thp-split", share_thp_split },
	{ "mremap", share_mremap },
	{ "twice", share_twice },
	{ "zero", share_zero },
	{ "swapped", share_swapped },
};

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	fprintf(stderr, "share: the kinds are:");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		fprintf(stderr, " %s", kinds[i].name);
	fputc('\n', stderr);
	exit(1);
}

int main(int argc, char **argv)
{
	const struct kind *kind = argc > 1 ? find_kind(argv[1]) : NULL;
	struct task task = { .file = argc > 3 ? argv[3] : NULL };
	char order[80];

	if (argc < 3)
		errx(1, "usage: share KIND PAGES [FILE]");
	task.pages = strtoul(argv[2], NULL, 10);
	kind->share(&task);
	puts("ready");
	fflush(stdout);
	while (fgets(order, sizeof(order), stdin)) {
		if (take_order)
			take_order(order);
	}
	if (child)
		kill(child, SIGKILL);
	return 0;
}
