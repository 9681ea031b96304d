/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Somebody who keeps an address space loaded on CPU 0 while mappings change on CPU 1;
 * only while asked to: as a real-time task it starves what the kernel has to do there.
 */
#ifndef SHOOTDOWN_TEST_H
#define SHOOTDOWN_TEST_H

#include <sys/syscall.h>

#include "turns-test.h"

struct flags {
	volatile bool wanted, spinning, over;
	volatile pid_t tid;		/* of who spins */
};

/* flags_new() - shared by processes, too */
static inline struct flags *flags_new(void)
{
	return (void *)map_or_fail(NULL, PAGE, PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* spin_on_cpu0() - what a thread or a process does; @argument is its struct flags */
static inline void *spin_on_cpu0(void *argument)
{
	struct flags *flags = argument;

	pin_to(0);
	flags->tid = (pid_t)syscall(SYS_gettid);
	while (!flags->over) {
		flags->spinning = flags->wanted;
		while (flags->wanted)
			;
		flags->spinning = false;
		usleep(1000);
	}
	return NULL;
}

/* How often whoever spins had to leave its CPU: then no flush reaches it there. */
static inline unsigned long spinner_switches(const struct flags *flags)
{
	char path[64], line[128];
	unsigned long count = 0;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", flags->tid);
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status))
		sscanf(line, "nonvoluntary_ctxt_switches: %lu", &count);
	if (!status)
		fail("%s: %s", path, strerror(errno));
	fclose(status);
	return count;
}

static inline void spin_begin(struct flags *flags)
{
	flags->wanted = true;
	while (!flags->spinning)
		;
}

static inline void spin_end(struct flags *flags)
{
	flags->wanted = false;
}

/* spinner_start() - a process that spins; it maps the first @pages of @fd, if any */
static inline pid_t spinner_start(struct flags *flags, int fd, unsigned long pages)
{
	pid_t child = fork_attached();

	if (child) {
		usleep(200000);
		return child;
	}
	if (pages)
		write_pages(map_or_fail(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
					fd, 0), pages);
	spin_on_cpu0(flags);
	_exit(0);
}

static inline void spinner_end(struct flags *flags, pid_t child)
{
	flags->over = true;
	waitpid(child, NULL, 0);
}

#endif /* SHOOTDOWN_TEST_H */
