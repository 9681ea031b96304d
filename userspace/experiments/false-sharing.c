// SPDX-License-Identifier: GPL-2.0
/*
 * false-sharing: two tasks on two cores each add to a variable of their own, again and
 * again, atomically. The two variables are neighbours, or some lines of a cache apart.
 * Processes have each a copy of that page; threads have one, and its line goes to and fro.
 */
#include <stdio.h>
#include <sys/mman.h>

#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/workers.h"
#include "measure/pin.h"

#define TASKS 2
#define REPEATS 21
#define TURN_NS 3000000	/* others have each CPU for a time slice, and so have these */
#define TRIES (40 * REPEATS)	/* turns in which another had one of the CPUs do not count */
#define ADDITIONS 256		/* between two looks at the clock */
#define BUSY 0.9		/* of a turn, that each has to have its CPU */
#define SLOWER 0.5		/* of the processes' rate */

enum { NEIGHBOURS, APART, PLACES };

/* Bytes from one variable to the other; no cache has a line of so many as the second. */
static const size_t distances[PLACES] = { sizeof(uint64_t), 512 };

/* What was measured with one distance. */
struct contest {
	double process[REPEATS], thread[REPEATS];	/* millions a second */
	double ratio[REPEATS];
	size_t count;		/* of turns that count */
};

static char *variables;
static size_t distance;

static uint64_t add_often(size_t number)
{
	uint64_t *own = (uint64_t *)(variables + number * distance);

	for (size_t i = 0; i < ADDITIONS; i++)
		__atomic_fetch_add(own, 1, __ATOMIC_RELAXED);
	return ADDITIONS;
}

static bool counts(const struct turn *turn)
{
	return turn->least_share >= BUSY;
}

/* Return: false for a failure. */
static bool measure_contest(struct contest *contest)
{
	for (size_t try = 0; try < TRIES && contest->count < REPEATS; try++) {
		const struct turn process = workers_turn(ACTOR_PROCESS, TASKS, TURN_NS, add_often);
		const struct turn thread = workers_turn(ACTOR_THREAD, TASKS, TURN_NS, add_often);

		if (process.failed || thread.failed)
			return false;
		if (!counts(&process) || !counts(&thread))
			continue;
		contest->process[contest->count] = process.rate / 1000;
		contest->thread[contest->count] = thread.rate / 1000;
		contest->ratio[contest->count++] = thread.rate / process.rate;
	}
	return true;
}

static int read_core(unsigned int cpu, const char *name)
{
	char path[96];
	int number = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/topology/%s", cpu, name);
	file = fopen(path, "re");
	if (file && fscanf(file, "%d", &number) != 1)
		number = -1;
	if (file)
		fclose(file);
	return number;
}

/* Two threads of one core have one cache, and no line goes to and fro. */
static bool is_one_core(unsigned int one, unsigned int other)
{
	const int core = read_core(one, "core_id");

	return core >= 0 && core == read_core(other, "core_id") &&
	       read_core(one, "physical_package_id") == read_core(other, "physical_package_id");
}

/* The first CPU, and the next one of another core. */
static bool choose_cpus(struct finding *finding, unsigned int cpus[TASKS])
{
	unsigned int all[64];
	const size_t count = measuring_cpus(all, sizeof(all) / sizeof(all[0]));

	if (!workers_are_parallel(finding, count))
		return false;
	cpus[0] = all[0];
	for (size_t i = 1; i < count; i++) {
		cpus[1] = all[i];
		if (!is_one_core(all[0], all[i]))
			return true;
	}
	finding_impossible(finding, "all CPUs are of one core, which has one cache for them");
	return false;
}

static void tell(struct finding *finding, size_t bytes, struct contest *contest,
		 struct summary *ratio)
{
	*ratio = summarize(contest->ratio, contest->count);
	finding_evidence(finding, "clock_gettime(2)",
			 "variables %zu bytes apart: threads do %.2f (%.2f to %.2f) of the additions that processes do",
			 bytes, ratio->median, ratio->low, ratio->high);
}

static bool straddles(const struct summary *ratio)
{
	return ratio->low < SLOWER && ratio->high >= SLOWER;
}

static void decide(struct finding *finding, const struct summary ratios[PLACES])
{
	for (size_t i = 0; i < PLACES; i++) {
		if (ratios[i].count < REPEATS) {
			finding_impossible(finding, "the two CPUs were not left to the two tasks");
			return;
		}
		if (straddles(&ratios[i])) {
			finding_impossible(finding, "with variables %zu bytes apart threads do %.2f to %.2f of what processes do: not told apart",
					   distances[i], ratios[i].low, ratios[i].high);
			return;
		}
	}
	finding_require(finding, ratios[NEIGHBOURS].high < SLOWER,
			"threads that write neighbouring variables lose half of their speed");
	finding_require(finding, ratios[APART].low >= SLOWER,
			"threads whose variables are apart do not");
	finding_decide(finding, "two threads do %.2f (%.2f to %.2f) of what two processes do with neighbouring variables, and %.2f with variables apart",
		       ratios[NEIGHBOURS].median, ratios[NEIGHBOURS].low,
		       ratios[NEIGHBOURS].high, ratios[APART].median);
}

static void fill_side(struct side *side, double *rates, size_t count)
{
	if (!count)
		return;
	side_number(side, rates, count, "M/s");
	side_label(side, "additions of 2");
}

static void measure_places(struct finding *finding)
{
	static struct contest contests[PLACES];
	struct summary ratios[PLACES];

	for (size_t i = 0; i < PLACES; i++) {
		distance = distances[i];
		if (!measure_contest(&contests[i])) {
			finding_impossible(finding, "%d tasks could not be started", TASKS);
			return;
		}
		tell(finding, distance, &contests[i], &ratios[i]);
	}
	fill_side(&finding->process, contests[NEIGHBOURS].process, contests[NEIGHBOURS].count);
	fill_side(&finding->thread, contests[NEIGHBOURS].thread, contests[NEIGHBOURS].count);
	decide(finding, ratios);
}

void measure_false_sharing(struct finding *finding)
{
	const size_t size = TASKS * distances[APART];
	unsigned int cpus[TASKS];

	if (!choose_cpus(finding, cpus))
		return;
	/* Whoever writes first gets a frame: each process one, all threads one. */
	variables = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (variables == MAP_FAILED) {
		finding_impossible(finding, "no memory for two variables");
		return;
	}
	if (workers_open(finding, cpus, TASKS)) {
		measure_places(finding);
		workers_close();
	}
	munmap(variables, size);
}
