/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tasks that are made with given clone flags and then sleep, so that what
 * /proc and the module say of them is not a moving target.
 */
#ifndef SHARESTAT_SLEEPERS_H
#define SHARESTAT_SLEEPERS_H

#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#ifdef __x86_64__
#include <asm/prctl.h>
#endif

#include "sharestat-test.h"

#define SLEEPERS_MAX 128
#define SLEEPER_STACK (64 << 10)
#define PATIENCE_MS 10000

/**
 * struct sleeper - a task of ours; lives in memory that all of them share
 * @tid: as its creator sees it
 * @flags: clone flags
 * @naps: how often it sleeps for a moment before it sleeps for good
 * @semaphore: of a set in which it makes itself an undo list, or 0
 * @comm: its name, or NULL
 * @child: is started by it, with the child's flags, or NULL
 * @tls: what it read back as its thread pointer
 * @thread_area: around its thread pointer
 */
struct sleeper {
	pid_t tid;
	unsigned long flags;
	int naps, semaphore;
	const char *comm;
	struct sleeper *child;
	unsigned long tls;
	char thread_area[2][512];
};

static inline struct sleeper *sleepers_alloc(size_t count)
{
	void *sleepers = mmap(NULL, count * sizeof(struct sleeper), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (sleepers == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	return sleepers;
}

static inline void sleeper_start(struct sleeper *sleeper);

/* Each its own, so that no two can be taken for each other. */
static inline void sleeper_set_tls(struct sleeper *self)
{
#ifdef __x86_64__
	syscall(SYS_arch_prctl, ARCH_SET_FS, self->thread_area[1]);
	syscall(SYS_arch_prctl, ARCH_GET_FS, &self->tls);
#elif defined(__aarch64__)
	asm volatile("msr tpidr_el0, %0" : : "r" (self->thread_area[1]));
	asm volatile("mrs %0, tpidr_el0" : "=r" (self->tls));
#else
#error "how does a task set its thread pointer here?"
#endif
}

/*
 * Once the thread pointer is set, or in a thread that libc does not know:
 * system calls only, and none that fails.
 */
static inline int sleeper_main(void *argument)
{
	struct sembuf undo = { .sem_op = 1, .sem_flg = SEM_UNDO };
	/* Long enough to be asleep before it is over, on a slow kernel too. */
	struct timespec moment = { .tv_nsec = 20000000 };
	struct sleeper *self = argument;
	int i;

	/* The parent of a thread is its group's, which is no reason to die. */
	if (!(self->flags & CLONE_THREAD))
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (self->comm)
		prctl(PR_SET_NAME, self->comm);
	if (self->semaphore)
		syscall(SYS_semop, self->semaphore, &undo, 1);
	if (self->child)
		sleeper_start(self->child);
	/* Who calls it first has the dynamic linker look around the thread pointer. */
	syscall(SYS_gettid);
	sleeper_set_tls(self);
	for (i = 0; i < self->naps; i++)
		syscall(SYS_nanosleep, &moment, NULL);
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return 0;
}

static inline char *sleeper_stack(void)
{
	char *stack = mmap(NULL, SLEEPER_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	if (stack == MAP_FAILED)
		fail("mmap of a stack: %s", strerror(errno));
	return stack + SLEEPER_STACK;
}

static inline pid_t sleeper_clone3(struct sleeper *sleeper)
{
	struct clone_args arguments = {
		.flags = sleeper->flags | CLONE_PARENT_SETTID,
		.parent_tid = (uintptr_t)&sleeper->tid,
		.exit_signal = SIGCHLD,
	};
	pid_t pid = syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (!pid)
		sleeper_main(sleeper);
	return pid;
}

/* With CLONE_VFORK it does not come back: the tid is set all the same. */
static inline pid_t sleeper_clone(struct sleeper *sleeper)
{
	int signal = sleeper->flags & CLONE_THREAD ? 0 : SIGCHLD;

	return clone(sleeper_main, sleeper_stack(),
		     sleeper->flags | CLONE_PARENT_SETTID | signal, sleeper, &sleeper->tid);
}

/* sleeper_start() - start it with its flags; sleeper_wait() for its sleep */
static inline void sleeper_start(struct sleeper *sleeper)
{
	pid_t tid;

	/* On a copy of the memory both system calls work without a stack. */
	if (sleeper->flags & CLONE_VM)
		tid = sleeper_clone(sleeper);
	else
		tid = sleeper_clone3(sleeper);
	if (tid < 0)
		fail("clone with flags %lx: %s", sleeper->flags, strerror(errno));
}

/*
 * proc_read() - the text of /proc/PID/NAME, or false when there is no such task
 */
static inline bool proc_read(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	got = read(fd, text, size - 1);
	close(fd);
	if (got <= 0)
		return false;
	text[got] = '\0';
	return true;
}

/* Is it off the CPU, in the system call @number, or in any when @number is -1? */
static inline bool is_asleep(pid_t tid, long number)
{
	char text[256];

	/* "running" or the number of the system call. */
	if (!proc_read(tid, "syscall", text, sizeof(text)) || *text < '0' || *text > '9')
		return false;
	return number < 0 || atol(text) == number;
}

static inline void wait_asleep(const volatile pid_t *tid, long number)
{
	struct timespec moment = { .tv_nsec = 1000000 };
	int i;

	for (i = 0; i < PATIENCE_MS; i++) {
		if (*tid > 0 && is_asleep(*tid, number))
			return;
		nanosleep(&moment, NULL);
	}
	fail("task %d does not fall asleep", *tid);
}

/* is_zombie() - has it ended, also a leader whose threads live on, and let go of all? */
static inline bool is_zombie(pid_t pid)
{
	char stat[256];

	return proc_read(pid, "stat", stat, sizeof(stat)) && strstr(stat, ") Z ");
}

static inline void wait_zombie(pid_t pid)
{
	int i;

	for (i = 0; i < PATIENCE_MS; i++) {
		if (is_zombie(pid))
			return;
		usleep(1000);
	}
	fail("process %d does not end", pid);
}

/* sleeper_wait() - until it and its child sleep */
static inline void sleeper_wait(struct sleeper *sleeper)
{
	bool vfork = sleeper->child && sleeper->child->flags & CLONE_VFORK;

	if (sleeper->child)
		wait_asleep(&sleeper->child->tid, SYS_ppoll);
	wait_asleep(&sleeper->tid, vfork ? -1 : SYS_ppoll);
}

/* sleeper_end() - kill it and its child; a thread goes with its group */
static inline void sleeper_end(struct sleeper *sleeper)
{
	if (sleeper->flags & CLONE_THREAD || sleeper->tid <= 0)
		return;
	/* First the child, for whose end a parent in vfork waits. */
	if (sleeper->child && !(sleeper->child->flags & CLONE_THREAD))
		kill(sleeper->child->tid, SIGKILL);
	kill(sleeper->tid, SIGKILL);
	waitpid(sleeper->tid, NULL, __WALL);
	sleeper->tid = 0;
}

/* proc_number() - the number after "NAME:" in a status file */
static inline uint64_t proc_number(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	if (!at || (at != status && at[-1] != '\n') || at[strlen(name)] != ':')
		fail("/proc/PID/status has no %s", name);
	return strtoull(at + strlen(name) + 1, NULL, 10);
}

/* proc_stat() - field @number of /proc/PID/stat, counted as in proc(5), from 3 */
static inline uint64_t proc_stat(const char *stat, int number)
{
	/* The name may hold anything, blanks and parentheses too. */
	const char *at = strrchr(stat, ')');

	for (; at && number > 2; number--)
		at = strchr(at + 1, ' ');
	if (!at)
		fail("/proc/PID/stat is too short");
	return strtoull(at + 1, NULL, 10);
}

/* table_row() - the row whose @column is @number; the test ends without one */
static inline size_t table_row(const struct table *table, const char *column, uint64_t number)
{
	size_t row;

	for (row = 0; row < table->rows; row++)
		if (table_number(table, row, column) == number)
			return row;
	fail("%s: no row with %s %llu", table->file, column, (unsigned long long)number);
}

#endif /* SHARESTAT_SLEEPERS_H */
