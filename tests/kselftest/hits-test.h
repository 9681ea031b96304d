/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How often the events happened, as perf counts them, on each CPU and of all tasks: no
 * buffer that could be too small, under any load.
 *
 * Probes are attached and detached while others work, so the true number is between
 * what was seen while they surely were attached and what was seen while they may have been.
 */
#ifndef HITS_TEST_H
#define HITS_TEST_H

#include <linux/perf_event.h>
#include <sys/syscall.h>

#include "trace-test.h"

enum { HIT_SWITCHES, HIT_FLUSHES, HIT_CLONES, HIT_EXECS, HITS };

static const char *const hit_events[HITS] = {
	"sched/sched_switch", "tlb/tlb_flush", "task/task_newtask", "sched/sched_process_exec",
};

#define HIT_CPUS 64

static int hit_fds[HITS][HIT_CPUS];

struct hits {
	uint64_t count[HITS];
};

/* hit_number() - the event's. Return: 0 where flushes are not traced */
static inline uint64_t hit_number(const char *event)
{
	char path[96];
	unsigned long number = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/kernel/tracing/events/%s/id", event);
	file = fopen(path, "re");
	if (!file && (errno != ENOENT || flushes_are_traced()))
		fail("%s: %s", path, strerror(errno));
	if (file && fscanf(file, "%lu", &number) != 1)
		fail("%s has no number", path);
	if (file)
		fclose(file);
	return number;
}

/* hit_open() - one event on one CPU. Return: -1 when there is no such CPU */
static inline int hit_open(uint64_t number, int cpu)
{
	struct perf_event_attr event = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(event),
		.config = number,
	};
	int fd = syscall(SYS_perf_event_open, &event, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0 && (!cpu || (errno != ENODEV && errno != EINVAL)))
		fail("perf_event_open: %s", strerror(errno));
	return fd;
}

static inline void hits_open(void)
{
	int event, cpu;

	for (event = 0; event < HITS; event++) {
		uint64_t number = hit_number(hit_events[event]);

		for (cpu = 0; cpu < HIT_CPUS; cpu++)
			hit_fds[event][cpu] = number ? hit_open(number, cpu) : -1;
	}
}

static inline void hits_close(void)
{
	int event, cpu;

	for (event = 0; event < HITS; event++)
		for (cpu = 0; cpu < HIT_CPUS; cpu++)
			if (hit_fds[event][cpu] >= 0)
				close(hit_fds[event][cpu]);
}

static inline struct hits hits_read(void)
{
	struct hits hits = { 0 };
	int event, cpu;

	for (event = 0; event < HITS; event++) {
		for (cpu = 0; cpu < HIT_CPUS; cpu++) {
			uint64_t count;

			if (hit_fds[event][cpu] < 0)
				continue;
			if (read(hit_fds[event][cpu], &count, sizeof(count)) != sizeof(count))
				fail("perf's counter: %s", strerror(errno));
			hits.count[event] += count;
		}
	}
	return hits;
}

/* Around the attaching (or a reset), and around the detaching. */
struct window {
	struct hits before, begun, ending, after;
};

static inline void window_open(struct window *window, const char *words)
{
	window->before = hits_read();
	probes(words);
	window->begun = hits_read();
}

static inline void window_reset(struct window *window)
{
	window->before = hits_read();
	reset_counters();
	window->begun = hits_read();
}

static inline void window_close(struct window *window)
{
	window->ending = hits_read();
	probes(PROBES_OFF);
	window->after = hits_read();
}

/* window_holds() - can @counted be what happened to these events in the window? */
static inline bool window_holds(const struct window *window, const char *what, uint64_t counted,
				int first, int last)
{
	uint64_t least = 0, most = 0;
	int i;

	for (i = first; i <= last; i++) {
		least += window->ending.count[i] - window->begun.count[i];
		most += window->after.count[i] - window->before.count[i];
	}
	if (least <= counted && counted <= most)
		return true;
	fprintf(stderr, "# %s: %ju counted, the kernel saw %ju to %ju\n", what,
		(uintmax_t)counted, (uintmax_t)least, (uintmax_t)most);
	return false;
}

#endif /* HITS_TEST_H */
