// SPDX-License-Identifier: GPL-2.0
/* Follows births in a trace instance of its own. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/at-end.h"
#include "measure/birth-trace.h"
#include "model/descendants.h"

#define INSTANCES "/sys/kernel/tracing/instances"
#define BIRTH_ENABLE "events/sharestat/birth/enable"
#define INITIAL_PID_NAMESPACE 4026531836UL	/* PROC_PID_INIT_INO */

static int write_to(const char *dir, const char *name, const char *text)
{
	char path[PATH_MAX];
	int fd, result;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = write(fd, text, strlen(text)) < 0 ? -1 : 0;
	close(fd);
	return result;
}

/* Of the process that has the trace; made beforehand, for a handler of signals. */
static char instance[64], enable[96];
static int trace = -1;
static pid_t owner;	/* 0: nobody has one */

/* An instance of which a file is open, or about to be, cannot be removed by the handler. */
static void block_signals(sigset_t *old)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, old);
}

static void remove_instance(void)
{
	sigset_t old;
	int fd;

	if (owner != getpid())
		return;
	block_signals(&old);
	owner = 0;
	if (trace >= 0)
		close(trace);
	trace = -1;
	fd = open(enable, O_WRONLY | O_CLOEXEC);
	if (fd >= 0) {
		(void)!write(fd, "0", 1);
		close(fd);
	}
	rmdir(instance);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

/* What somebody left behind who was killed. A number that was born again keeps it. */
static void remove_left_behind(void)
{
	DIR *dir = opendir(INSTANCES);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char path[PATH_MAX];
		int pid, end = 0;

		if (sscanf(entry->d_name, "sharestat.%d%n", &pid, &end) != 1 ||
		    entry->d_name[end] || pid <= 0 || !kill(pid, 0) || errno != ESRCH)
			continue;
		snprintf(path, sizeof(path), INSTANCES "/%s", entry->d_name);
		write_to(path, BIRTH_ENABLE, "0");
		rmdir(path);
	}
	if (dir)
		closedir(dir);
}

/* The trace has the numbers of the initial namespace. */
static bool in_initial_namespace(void)
{
	struct stat status;

	return !stat("/proc/self/ns/pid", &status) &&
	       status.st_ino == INITIAL_PID_NAMESPACE;
}

static int open_trace(void)
{
	char path[PATH_MAX];

	owner = getpid();
	snprintf(instance, sizeof(instance), INSTANCES "/sharestat.%d", owner);
	snprintf(enable, sizeof(enable), "%s/" BIRTH_ENABLE, instance);
	at_end(remove_instance);
	if (mkdir(instance, 0700) && errno != EEXIST)
		return -1;
	snprintf(path, sizeof(path), "%s/trace_pipe", instance);
	trace = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	/* One clock for all CPUs: a child is born after its parent. */
	if (trace < 0 || write_to(instance, "trace_clock", "mono") ||
	    write_to(instance, BIRTH_ENABLE, "1"))
		return -1;
	return trace;
}

void family_begin(struct family *family)
{
	sigset_t old;

	family_init(family);
	if (!in_initial_namespace()) {
		snprintf(family->why, sizeof(family->why),
			 "this is not the initial pid namespace");
		return;
	}
	remove_left_behind();
	block_signals(&old);
	family->trace = open_trace();
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (family->trace >= 0)
		return;
	snprintf(family->why, sizeof(family->why), "%s: %s", instance, strerror(errno));
	remove_instance();
}

void family_add(struct family *family, pid_t tgid)
{
	char path[64];
	struct dirent *entry;
	DIR *dir;

	pid_set_change(&family->tasks, tgid, true);
	pid_set_change(&family->groups, tgid, true);
	snprintf(path, sizeof(path), "/proc/%d/task", tgid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		pid_set_change(&family->tasks, atoi(entry->d_name), true);
	if (dir)
		closedir(dir);
}

/* Takes the whole lines of @text and keeps the rest for the next time. */
static size_t take_lines(struct family *family, char *text, size_t length)
{
	char *line = text, *end;
	struct birth birth;

	while ((end = memchr(line, '\n', length - (size_t)(line - text)))) {
		*end = '\0';
		if (birth_parse(line, &birth, &family->lost))
			family_take(family, &birth);
		line = end + 1;
	}
	length -= (size_t)(line - text);
	memmove(text, line, length);
	return length;
}

void family_update(struct family *family)
{
	char text[16384];
	size_t length = 0;
	ssize_t got;

	if (family->trace < 0)
		return;
	while ((got = read(family->trace, text + length, sizeof(text) - length)) > 0) {
		length = take_lines(family, text, length + (size_t)got);
		if (length == sizeof(text))
			length = 0;
	}
}

void family_end(struct family *family)
{
	if (family->trace >= 0)
		remove_instance();
	family_free(family);
}
