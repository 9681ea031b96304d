// SPDX-License-Identifier: GPL-2.0
/*
 * faults-scale, files-scale: more and more tasks, each on a CPU of its own, fault pages
 * in, or open and close a file, as often as they can. Threads do it in one address space
 * and one table of files, processes each in their own: who gets more done?
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/workers.h"
#include "measure/pin.h"

#define REPEATS 11
#define TRIES (4 * REPEATS)	/* turns in which nobody came in time do not count */
#define TURN_NS 15000000	/* a round of faults takes some 100 us */
#define AREA (1UL << 20)
#define SLOWER 0.95		/* of the processes' rate: what is called slower */

static uint64_t fault_pages(size_t number)
{
	char *area = mmap(NULL, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	(void)number;
	if (area == MAP_FAILED)
		return 0;
	madvise(area, AREA, MADV_NOHUGEPAGE);
	for (size_t at = 0; at < AREA; at += page)
		area[at] = 1;
	munmap(area, AREA);
	return AREA / page;
}

static uint64_t open_files(size_t number)
{
	(void)number;
	for (size_t i = 0; i < 64; i++) {
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			return 0;
		close(fd);
	}
	return 64;
}

/* Both kinds with one number of tasks; they take turns. */
struct pair {
	double process[REPEATS], thread[REPEATS], ratio[REPEATS];
};

static bool measure_pair(struct pair *pair, size_t count, uint64_t (*round)(size_t number))
{
	size_t done = 0;

	for (size_t try = 0; try < TRIES && done < REPEATS; try++) {
		const struct turn process = workers_turn(ACTOR_PROCESS, count, TURN_NS, round);
		const struct turn thread = workers_turn(ACTOR_THREAD, count, TURN_NS, round);

		if (process.failed || thread.failed)
			return false;
		/* Others had the CPUs, till the turn was over. */
		if (process.rate <= 0 || thread.rate <= 0)
			continue;
		pair->process[done] = process.rate;
		pair->thread[done] = thread.rate;
		pair->ratio[done++] = thread.rate / process.rate;
	}
	return done == REPEATS;
}

static void tell(struct finding *finding, struct pair *pair, size_t count, struct summary *ratio)
{
	static const struct series processes = {
		.name = "processes", .x_unit = "tasks", .unit = "k/s",
	};
	static const struct series threads = {
		.name = "threads", .of_threads = true, .x_unit = "tasks", .unit = "k/s",
	};

	*ratio = summarize(pair->ratio, REPEATS);
	finding_point(finding, &processes, (double)count, summarize(pair->process, REPEATS));
	finding_point(finding, &threads, (double)count, summarize(pair->thread, REPEATS));
	finding_evidence(finding, "clock_gettime(2)",
			 "%zu on as many CPUs: threads do %.2f (%.2f to %.2f) of what processes do",
			 count, ratio->median, ratio->low, ratio->high);
}

static void tell_sides(struct finding *finding, struct pair *pair, const char *what, size_t cpus)
{
	side_number(&finding->process, pair->process, REPEATS, "k/s");
	side_number(&finding->thread, pair->thread, REPEATS, "k/s");
	side_label(&finding->process, "%s by %zu", what, cpus);
	side_label(&finding->thread, "%s by %zu", what, cpus);
}

static void decide(struct finding *finding, const char *what, size_t count,
		   const struct summary *ratio)
{
	if (ratio->low < SLOWER && ratio->high >= SLOWER) {
		finding_impossible(finding, "%zu threads do %.2f to %.2f of the %s that processes do: not told apart",
				   count, ratio->low, ratio->high, what);
		return;
	}
	finding_require(finding, ratio->high < SLOWER,
			"threads get fewer %s done than as many processes", what);
	finding_decide(finding, "%zu threads do %.2f (%.2f to %.2f) of the %s that as many processes do",
		       count, ratio->median, ratio->low, ratio->high, what);
}

/* One, two, four ... tasks, and as many as there are CPUs. */
static size_t next_count(size_t count, size_t most)
{
	return count == most ? most + 1 : count * 2 < most ? count * 2 : most;
}

static bool measure_all(struct finding *finding, const char *what, size_t most,
			struct summary *ratio, uint64_t (*round)(size_t number))
{
	struct pair pair;

	for (size_t count = 1; count <= most; count = next_count(count, most)) {
		if (!measure_pair(&pair, count, round))
			return false;
		tell(finding, &pair, count, ratio);
	}
	tell_sides(finding, &pair, what, most);
	return true;
}

static void measure_on(struct finding *finding, const char *what, size_t cpus,
		       uint64_t (*round)(size_t number))
{
	struct summary ratio = { 0 };

	if (!measure_all(finding, what, cpus, &ratio, round)) {
		finding_impossible(finding, "%zu tasks could not be started, or got nothing done",
				   cpus);
		return;
	}
	decide(finding, what, cpus, &ratio);
}

static void measure(struct finding *finding, const char *what, uint64_t (*round)(size_t number))
{
	unsigned int cpus[WORKERS_MAX];
	const size_t count = measuring_cpus(cpus, WORKERS_MAX);

	if (!workers_are_parallel(finding, count) || !workers_open(finding, cpus, count))
		return;
	measure_on(finding, what, count, round);
	workers_close();
}

void measure_faults_scale(struct finding *finding)
{
	measure(finding, "faults", fault_pages);
}

void measure_files_scale(struct finding *finding)
{
	measure(finding, "opens", open_files);
}
