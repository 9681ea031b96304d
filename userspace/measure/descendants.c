// SPDX-License-Identifier: GPL-2.0
/* Who descends from a process; see family.h. */
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "measure/descendants.h"

#define TRACEFS "/sys/kernel/tracing"
#define PIDS_MAX (1 << 22)		/* the kernel's PID_MAX_LIMIT */
#define INITIAL_PID_NAMESPACE 4026531836UL	/* PROC_PID_INIT_INO */

static bool set_has(const struct pid_set *set, pid_t pid)
{
	return pid > 0 && pid < PIDS_MAX && set->words[pid / 64] >> pid % 64 & 1;
}

static void set_change(struct pid_set *set, pid_t pid, bool in)
{
	if (pid <= 0 || pid >= PIDS_MAX)
		return;
	if (in)
		set->words[pid / 64] |= 1ULL << pid % 64;
	else
		set->words[pid / 64] &= ~(1ULL << pid % 64);
}

static void set_new(struct pid_set *set)
{
	set->words = calloc(PIDS_MAX / 64, sizeof(*set->words));
	if (!set->words)
		err(EXIT_FAILURE, "processes");
}

/* "...comm-12  [000] .....  5.123456: birth: kind=fork pid=13 tgid=13 mm=..." */
bool birth_parse(const char *line, struct birth *birth, unsigned long *lost)
{
	static const char mark[] = ": birth: kind=";
	const char *at = NULL, *next, *end;
	char kind[16];
	unsigned long count;

	if (sscanf(line, "CPU:%*u [LOST %lu EVENTS]", &count) == 1)
		*lost += count;
	for (next = line; (next = strstr(next, mark)); next++)
		at = next;
	if (!at || sscanf(at + strlen(mark), "%15s pid=%d tgid=%d", kind, &birth->pid,
			  &birth->tgid) != 3)
		return false;
	/* Back over the time, the flags and the CPU, words without spaces. */
	for (int words = 0; words < 3; words++) {
		while (at > line && at[-1] != ' ')
			at--;
		while (at > line && at[-1] == ' ')
			at--;
	}
	for (end = at; at > line && isdigit((unsigned char)at[-1]);)
		at--;
	if (at == end || at == line || at[-1] != '-')
		return false;
	birth->parent = atoi(at);
	return true;
}

/*
 * A pid that is born again outside is no longer of the family; its thread group
 * stays, for what was counted for the one that it was.
 */
void family_take(struct family *family, const struct birth *birth)
{
	bool in = set_has(&family->tasks, birth->parent);

	set_change(&family->tasks, birth->pid, in);
	if (in)
		set_change(&family->groups, birth->tgid, true);
}

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

static const char *instance(void)
{
	static char path[64];

	snprintf(path, sizeof(path), TRACEFS "/instances/sharestat.%d", getpid());
	return path;
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

	if (mkdir(instance(), 0700) && errno != EEXIST)
		return -1;
	snprintf(path, sizeof(path), "%s/trace_pipe", instance());
	/* One clock for all CPUs: a child is born after its parent. */
	if (write_to(instance(), "trace_clock", "mono") ||
	    write_to(instance(), "events/sharestat/birth/enable", "1"))
		return -1;
	return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

void family_begin(struct family *family)
{
	*family = (struct family) { .trace = -1 };
	set_new(&family->tasks);
	set_new(&family->groups);
	if (!in_initial_namespace()) {
		snprintf(family->why, sizeof(family->why),
			 "this is not the initial pid namespace");
		return;
	}
	family->trace = open_trace();
	if (family->trace >= 0)
		return;
	snprintf(family->why, sizeof(family->why), "%s: %s", instance(), strerror(errno));
	rmdir(instance());
}

void family_add(struct family *family, pid_t tgid)
{
	char path[64];
	struct dirent *entry;
	DIR *dir;

	set_change(&family->tasks, tgid, true);
	set_change(&family->groups, tgid, true);
	snprintf(path, sizeof(path), "/proc/%d/task", tgid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		set_change(&family->tasks, atoi(entry->d_name), true);
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

bool family_has(const struct family *family, pid_t tgid)
{
	return set_has(&family->groups, tgid);
}

unsigned long family_size(const struct family *family)
{
	unsigned long size = 0;

	for (size_t i = 0; i < PIDS_MAX / 64; i++)
		size += (unsigned long)__builtin_popcountll(family->groups.words[i]);
	return size;
}

void family_end(struct family *family)
{
	if (family->trace >= 0) {
		close(family->trace);
		write_to(instance(), "events/sharestat/birth/enable", "0");
		rmdir(instance());
	}
	free(family->tasks.words);
	free(family->groups.words);
}
