// SPDX-License-Identifier: GPL-2.0
/*
 * creation-cost: fork() and wait against pthread_create() and join, with more
 * and more memory touched by the creator. fork copies page tables, so its cost
 * must grow; a thread shares them, so its cost must not.
 */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "lib/quantity.h"
#include "measure/clock.h"
#include "measure/pages.h"
#include "measure/pin.h"
#include "measure/read-counters.h"
#include "model/counters.h"
#include "model/machine.h"
#include "witness/available-memory.h"

#define SIZES	4
#define PASSES	3	/* over all sizes, so that a slow moment meets them all */
#define ROUNDS	11	/* of each pass */
#define SAMPLES	(PASSES * ROUNDS)
#define SPAWN_ROUNDS 3	/* each begins a program, which takes its time */
#define SPAWNS	(PASSES * SPAWN_ROUNDS)
#define LEAST_SIZES 3	/* that there must be memory for */
#define FAULTS	512	/* pages that a child writes after the fork */

static const size_t sizes_mib[SIZES] = { 0, 16, 64, 256 };

/* What was measured with one amount of memory. */
struct creation {
	double fork_ns[SAMPLES], thread_ns[SAMPLES], vfork_ns[SAMPLES], spawn_ns[SPAWNS];
	struct summary fork, thread;
	size_t passes;			/* with this size: 0 when there is no memory for it */
	double vm_pte_bytes;		/* page tables of the creator, by /proc */
	unsigned long long forks, threads;
	unsigned long long pgtables[2];	/* that all forks, all threads copied */
};

static void *return_at_once(void *arg)
{
	return arg;
}

/* A call that failed took no time: -1, with errno. */
static double elapsed(uint64_t start, bool done)
{
	uint64_t end = now_ns();

	return done ? (double)(end - start) : -1;
}

static double time_fork(void)
{
	uint64_t start = now_ns();
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return elapsed(start, pid > 0 && waitpid(pid, NULL, 0) == pid);
}

static double time_thread(void)
{
	uint64_t start = now_ns();
	pthread_t thread;

	errno = pthread_create(&thread, NULL, return_at_once, NULL);
	return elapsed(start, !errno && !pthread_join(thread, NULL));
}

/* The parent sleeps until the child is gone: it lends its address space. */
static double time_vfork(void)
{
	uint64_t start = now_ns();
	pid_t pid = vfork();

	if (!pid)
		_exit(0);
	return elapsed(start, pid > 0 && waitpid(pid, NULL, 0) == pid);
}

/* Begins a program, too, as all that follows a fork in a shell does. */
static double time_spawn(void)
{
	static char *const words[] = { "true", NULL };
	uint64_t start = now_ns();
	pid_t pid;

	errno = posix_spawn(&pid, "/bin/true", NULL, NULL, words, environ);
	return elapsed(start, !errno && waitpid(pid, NULL, 0) == pid);
}

/* Fills @ns; false when one of the calls failed. */
static bool time_all(double (*time)(void), double *ns, size_t rounds)
{
	for (size_t i = 0; i < rounds; i++) {
		ns[i] = time();
		if (ns[i] < 0)
			return false;
	}
	return true;
}

/* A line of a file of /proc that gives kB, in bytes. */
static double proc_bytes(const char *path, const char *key)
{
	FILE *in = fopen(path, "re");
	double kib = 0;
	char line[128];

	while (in && fgets(line, sizeof(line), in)) {
		if (!strncmp(line, key, strlen(key)))
			sscanf(line + strlen(key), " %lf", &kib);
	}
	if (in)
		fclose(in);
	return kib * 1024;
}

static double available_mib(void)
{
	return available_memory("/proc", "/sys/fs/cgroup") / (1 << 20);
}

static bool measure_size(struct creation *creation, size_t pass)
{
	struct counters before, now;

	/* The first pays for what the next find ready. */
	if (time_fork() < 0 || time_thread() < 0 || counters_read(&before))
		return false;
	/* Apart: right after a fork a thread pays for the creator's pages that are cow. */
	if (!time_all(time_fork, creation->fork_ns + pass * ROUNDS, ROUNDS) ||
	    !time_all(time_thread, creation->thread_ns + pass * ROUNDS, ROUNDS) ||
	    !time_all(time_vfork, creation->vfork_ns + pass * ROUNDS, ROUNDS) ||
	    !time_all(time_spawn, creation->spawn_ns + pass * SPAWN_ROUNDS, SPAWN_ROUNDS) ||
	    counters_read(&now))
		return false;
	creation->passes++;
	counters_since(&now, &before);
	creation->forks += now.births[BIRTH_FORK];
	creation->threads += now.births[BIRTH_THREAD];
	creation->pgtables[0] += now.birth_pgtables[BIRTH_FORK];
	creation->pgtables[1] += now.birth_pgtables[BIRTH_THREAD];
	creation->vm_pte_bytes = proc_bytes("/proc/self/status", "VmPTE:");
	return true;
}

static bool measure_pass(struct finding *finding, struct creation *creations, size_t pass)
{
	for (size_t i = 0; i < SIZES; i++) {
		size_t pages = sizes_mib[i] * (1 << 20) / sysconf(_SC_PAGESIZE);
		char *memory = NULL;
		bool fine;
		int error;

		if (pages && available_mib() > 1.5 * sizes_mib[i])
			memory = pages_map(pages);
		if (pages && !memory && i >= LEAST_SIZES)
			continue;
		if (pages && !memory) {
			finding_impossible(finding, "there is no memory to touch %zu MiB",
					   sizes_mib[i]);
			return false;
		}
		fine = measure_size(&creations[i], pass);
		error = errno;
		if (memory)
			pages_unmap(memory, pages);
		if (fine)
			continue;
		finding_impossible(finding, "a process or a thread could not be created, or not be counted: %s",
				   strerror(error));
		return false;
	}
	return true;
}

static bool measure_sizes(struct finding *finding, struct creation *creations)
{
	for (size_t pass = 0; pass < PASSES; pass++) {
		if (!measure_pass(finding, creations, pass))
			return false;
	}
	return true;
}

/* The largest that there was memory for in all passes. */
static size_t largest(const struct creation *creations)
{
	size_t last = SIZES - 1;

	while (creations[last].passes < PASSES)
		last--;
	return last;
}

/* Page tables that one fork copied, in bytes. */
static double copied_by_fork(const struct creation *creation)
{
	return creation->forks ? (double)creation->pgtables[0] / creation->forks : 0;
}

static void tell_size(struct finding *finding, size_t i, struct creation *creation)
{
	static const struct series forks = {
		.name = "fork and wait", .x_unit = "MiB", .unit = "ns",
	};
	static const struct series threads = {
		.name = "thread create and join", .of_threads = true, .x_unit = "MiB",
		.unit = "ns",
	};
	static const struct series vforks = {
		.name = "vfork and wait", .x_unit = "MiB", .unit = "ns",
	};
	static const struct series spawns = {
		.name = "posix_spawn of /bin/true", .x_unit = "MiB", .unit = "ns",
	};
	struct summary vforked = summarize(creation->vfork_ns, SAMPLES);
	struct summary spawned = summarize(creation->spawn_ns, SPAWNS);
	char fork[32], thread[32], vfork[32], spawn[32];

	creation->fork = summarize(creation->fork_ns, SAMPLES);
	creation->thread = summarize(creation->thread_ns, SAMPLES);
	finding_point(finding, &forks, sizes_mib[i], creation->fork);
	finding_point(finding, &threads, sizes_mib[i], creation->thread);
	finding_point(finding, &vforks, sizes_mib[i], vforked);
	finding_point(finding, &spawns, sizes_mib[i], spawned);
	format_quantity(vfork, sizeof(vfork), vforked.median, "ns");
	format_quantity(spawn, sizeof(spawn), spawned.median, "ns");
	finding_evidence(finding, "clock_gettime(2)",
			 "+%zu MiB: vfork and wait %s, posix_spawn of /bin/true %s", sizes_mib[i],
			 vfork, spawn);
	format_quantity(fork, sizeof(fork), creation->fork.median, "ns");
	format_quantity(thread, sizeof(thread), creation->thread.median, "ns");
	finding_evidence(finding, "clock_gettime(2)",
			 "+%zu MiB touched: fork and wait %s, thread create and join %s (medians of %d)",
			 sizes_mib[i], fork, thread, SAMPLES);
	if (!environment_offers("births"))
		return;
	finding_evidence(finding, "debugfs:births",
			 "+%zu MiB: %llu forks copied %.0f KiB of page tables each; %llu threads copied %llu KiB",
			 sizes_mib[i], creation->forks, copied_by_fork(creation) / 1024,
			 creation->threads, creation->pgtables[1] / 1024);
}

/*
 * The page tables that fork copies must have grown by what /proc says that
 * those of the creator have grown by. Births are counted for the whole system:
 * forks of others in between have page tables of another size.
 */
static void ask_proc(struct finding *finding, const struct creation *creations)
{
	const struct creation *small = &creations[0], *large = &creations[largest(creations)];
	double copied = copied_by_fork(large) - copied_by_fork(small);
	double grown = large->vm_pte_bytes - small->vm_pte_bytes;
	long long others = (long long)(small->forks + large->forks) - 2 * SAMPLES;

	if (others < 0)		/* births_counted() has the word */
		return;
	if (others) {
		finding_evidence(finding, "debugfs:births",
				 "%lld forks of other programs came between: page tables not compared with /proc",
				 others);
		return;
	}

	finding_witness(finding, "/proc/self/status",
			copied > 0.8 * grown && copied < 1.2 * grown,
			"VmPTE of the creator grew by %.0f KiB, what a fork copies by %.0f KiB",
			grown / 1024, copied / 1024);
}

/* The cost at each size, in the median or at best. */
struct costs {
	size_t last;				/* the largest size */
	double fork[SIZES], thread[SIZES];
	double fork_slope, thread_slope;	/* for one more MiB */
};

static double figure(const struct summary *summary, bool best)
{
	return best ? summary->min : summary->median;
}

static void costs_of(struct costs *costs, const struct creation *creations, bool best)
{
	double mib[SIZES];

	costs->last = largest(creations);
	for (size_t i = 0; i <= costs->last; i++) {
		mib[i] = sizes_mib[i];
		costs->fork[i] = figure(&creations[i].fork, best);
		costs->thread[i] = figure(&creations[i].thread, best);
	}
	costs->fork_slope = fit_slope(mib, costs->fork, costs->last + 1);
	costs->thread_slope = fit_slope(mib, costs->thread, costs->last + 1);
}

/*
 * A fork is dearer by a half, and dearer by a half at the largest size than at
 * the smallest; a thread grows by less than a tenth of what a fork grows by.
 */
static bool fork_is_dearer(const struct costs *costs)
{
	return costs->fork[0] > 1.5 * costs->thread[0];
}

static bool fork_grows(const struct costs *costs)
{
	return costs->fork[costs->last] > 1.5 * costs->fork[0];
}

static bool thread_stays(const struct costs *costs)
{
	return costs->thread_slope < costs->fork_slope / 10;
}

static bool as_claimed(const struct costs *costs)
{
	return fork_is_dearer(costs) && fork_grows(costs) && thread_stays(costs);
}

/*
 * Births of others come on top; fewer than were made here were not seen, or not made.
 * Where nobody counts there is nothing to be missed.
 */
static bool births_counted(const struct creation *creations)
{
	for (size_t i = 0; environment_offers("births") && i <= largest(creations); i++) {
		if (creations[i].forks < SAMPLES || creations[i].threads < SAMPLES)
			return false;
	}
	return true;
}

static void side_cost(struct side *side, double *samples, double slope)
{
	char more[32];

	side_number(side, samples, SAMPLES, "ns");
	format_quantity(more, sizeof(more), fabs(slope), "ns");
	side_label(side, "each MiB %c%s", slope < 0 ? '-' : '+', more);
}

/* Noise only slows, so it was too much when median and best case disagree. */
static void decide(struct finding *finding, struct creation *creations)
{
	struct costs median, best;

	if (!births_counted(creations)) {
		finding_impossible(finding, "the module counted fewer births than were made: was the probe births switched off meanwhile?");
		return;
	}
	costs_of(&median, creations, false);
	costs_of(&best, creations, true);
	side_cost(&finding->process, creations[0].fork_ns, median.fork_slope);
	side_cost(&finding->thread, creations[0].thread_ns, median.thread_slope);
	if (as_claimed(&median) != as_claimed(&best)) {
		finding_impossible(finding, "the costs scatter too much to see them grow: is the machine busy?");
		return;
	}
	finding_require(finding, fork_is_dearer(&median), "a process costs 1.5 times a thread");
	finding_require(finding, fork_grows(&median), "it costs 1.5 times as much with %zu MiB touched",
			sizes_mib[median.last]);
	finding_require(finding, thread_stays(&median),
			"a thread's cost grows by less than a tenth of that");
	finding_decide(finding, "a process costs %.1f times a thread, and %.1f times with %zu MiB touched",
		       median.fork[0] / median.thread[0],
		       median.fork[median.last] / median.thread[median.last],
		       sizes_mib[median.last]);
}

/* What a task found when it wrote pages that its starter had touched. */
struct writing {
	char *pages;
	double first_ns, again_ns;	/* all pages, then once more */
	long faults;			/* by the kernel, of the first time */
};

static double write_pages(char *pages)
{
	const size_t page_size = sysconf(_SC_PAGESIZE);
	uint64_t start = now_ns();

	for (size_t i = 0; i < FAULTS; i++)
		((volatile char *)pages)[i * page_size] = 3;
	return now_ns() - start;
}

static int write_twice(void *arg)
{
	struct writing *writing = arg;
	struct rusage before, after;

	getrusage(RUSAGE_THREAD, &before);
	writing->first_ns = write_pages(writing->pages);
	getrusage(RUSAGE_THREAD, &after);
	writing->again_ns = write_pages(writing->pages);
	writing->faults = after.ru_minflt - before.ru_minflt;
	return 0;
}

/* The bill of a fork comes later, too: a fault and a copy for each page written. */
static void measure_faults(struct finding *finding, enum actor_kind kind)
{
	struct writing *writing = shared_block(sizeof(*writing));
	struct actor *actor;
	char first[32], again[32];

	if (!writing)
		return;
	writing->pages = pages_map(FAULTS);
	actor = writing->pages ? actor_start(kind, write_twice, writing) : NULL;
	if (actor) {
		actor_join(actor);
		format_quantity(first, sizeof(first), writing->first_ns / FAULTS, "ns");
		format_quantity(again, sizeof(again), writing->again_ns / FAULTS, "ns");
		finding_evidence(finding, "getrusage(2)",
				 "a %s wrote %d pages that its starter had touched: %ld faults, %s a page; once more %s",
				 side_name[kind == ACTOR_THREAD], FAULTS, writing->faults, first,
				 again);
	}
	if (writing->pages)
		pages_unmap(writing->pages, FAULTS);
	munmap(writing, sizeof(*writing));
}

void measure_creation_cost(struct finding *finding)
{
	struct creation creations[SIZES] = { 0 };

	pin_to(measuring_cpu());
	if (measure_sizes(finding, creations)) {
		for (size_t i = 0; i <= largest(creations); i++)
			tell_size(finding, i, &creations[i]);
		measure_faults(finding, ACTOR_PROCESS);
		measure_faults(finding, ACTOR_THREAD);
		if (finding_counts(finding, "births"))
			ask_proc(finding, creations);
		decide(finding, creations);
	}
	unpin();
}
