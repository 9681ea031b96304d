/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The witness of counters: the kernel's own trace of the same event, in an
 * instance of tracefs with a buffer of its own.
 *
 * Four marks stand in the trace, around the two readings of the counters:
 * A reading B ... work ... C reading D. What lies between B and C must have
 * been counted, what lies outside of A and D must not.
 */
#ifndef TRACE_TEST_H
#define TRACE_TEST_H

#include <sys/stat.h>
#include <sys/utsname.h>

#include "proc-test.h"

#define TRACE_DIR "/sys/kernel/tracing/instances/sharestat-test/"

enum trace_section { BEFORE_A, A_TO_B, B_TO_C, C_TO_D, AFTER_D };

static inline void trace_write(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), TRACE_DIR "%s", name);
	write_file(path, text);
}

/* trace_open() - begin to record an event, such as "sched/sched_switch" */
static inline void trace_open(const char *event)
{
	char name[64];

	/* Of a test that failed. */
	try_write(TRACE_DIR "events/enable", "0\n");
	rmdir(TRACE_DIR);
	if (mkdir(TRACE_DIR, 0700))
		fail("%s: %s", TRACE_DIR, strerror(errno));
	trace_write("trace_clock", "global\n");
	trace_write("buffer_size_kb", "4096\n");
	snprintf(name, sizeof(name), "events/%s/enable", event);
	trace_write(name, "1\n");
}

static inline void trace_mark(const char *mark)
{
	trace_write("trace_marker", mark);
}

static inline void trace_clear(void)
{
	int fd = open(TRACE_DIR "trace", O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (fd < 0)
		fail("%strace: %s", TRACE_DIR, strerror(errno));
	close(fd);
}

/* trace_text() - what was recorded, in the order of time; free() it */
static inline char *trace_text(void)
{
	char *text, *lost;
	int fd;

	fd = open(TRACE_DIR "trace", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("%strace: %s", TRACE_DIR, strerror(errno));
	text = read_whole(fd, "trace");
	close(fd);
	lost = strstr(text, "LOST");
	if (lost)
		fail("the trace's buffer was too small");
	return text;
}

static inline void trace_close(void)
{
	trace_write("events/enable", "0\n");
	if (rmdir(TRACE_DIR))
		fail("%s: %s", TRACE_DIR, strerror(errno));
}

/* A recorded event: its CPU, whether a task ran there or an interrupt, and what it says. */
struct trace_event {
	enum trace_section section;
	int cpu;
	bool in_task;
	const char *text;
};

/* Of "COMM-PID [CPU] FLAGS TIME"; the idle task's pid is 0. */
static inline bool in_task(const char *line, const char *cpu)
{
	const char *flags = strchr(cpu, ' ');

	while (cpu > line && *cpu != '-')
		cpu--;
	return atoi(cpu + 1) > 0 && flags && strlen(flags) > 3 && flags[3] == '.';
}

/*
 * trace_next() - the next event called @name, such as "sched_switch"
 * @at: where to go on in trace_text(); cut into lines
 * @event: its section must be BEFORE_A at first
 */
static inline bool trace_next(char **at, const char *name, struct trace_event *event)
{
	char *line, wanted[64];

	snprintf(wanted, sizeof(wanted), ": %s: ", name);
	while ((line = next_line(at))) {
		char *mark = strstr(line, ": tracing_mark_write: "), *found = strstr(line, wanted);
		char *cpu;

		if (mark) {
			event->section++;
			continue;
		}
		if (!found)
			continue;
		*found = '\0';
		cpu = strrchr(line, '[');
		if (!cpu || sscanf(cpu, "[%d]", &event->cpu) != 1)
			fail("a line of the trace has no CPU: '%s'", line);
		event->in_task = in_task(line, cpu);
		event->text = found + strlen(wanted);
		return true;
	}
	return false;
}

/* In 5.10 a CPU that has others flush traces that it received its own: nobody did. */
static inline bool flushes_have_echoes(void)
{
	struct utsname kernel;

	if (uname(&kernel))
		fail("uname: %s", strerror(errno));
	return atoi(kernel.release) < 6;
}

#endif /* TRACE_TEST_H */
