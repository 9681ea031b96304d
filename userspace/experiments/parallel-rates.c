// SPDX-License-Identifier: GPL-2.0
/*
 * faults-scale, files-scale: more and more tasks, each on a CPU of its own, fault pages
 * in, or open and close a file, as often as they can. Threads do it in one address space
 * and one table of files, processes each in their own: who gets more done?
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "lib/quantity.h"
#include "measure/clock.h"
#include "measure/pin.h"
#include "model/machine.h"

#define WORKERS_MAX 8
#define REPEATS 11
#define TURN_NS 15000000	/* how long one turn of one kind takes */
#define AREA (1UL << 20)
#define SLOWER 0.95		/* of the processes' rate: what is called slower */

/* One task's share, in memory that all see, a cache line for each. */
struct worker {
	unsigned int cpu;
	uint64_t (*work)(void);		/* one round. Return: what it did, 0 for a failure */
	uint64_t done, ns;		/* a round that has begun goes to its end */
} __attribute__((aligned(128)));

/* When all of them begin and end. */
struct scene {
	volatile uint64_t begin, end;
	struct worker workers[WORKERS_MAX];
};

static struct scene *scene;

static uint64_t fault_pages(void)
{
	char *area = mmap(NULL, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (area == MAP_FAILED)
		return 0;
	madvise(area, AREA, MADV_NOHUGEPAGE);
	for (size_t at = 0; at < AREA; at += page)
		area[at] = 1;
	munmap(area, AREA);
	return AREA / page;
}

static uint64_t open_files(void)
{
	for (size_t i = 0; i < 64; i++) {
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			return 0;
		close(fd);
	}
	return 64;
}

static int work(void *arg)
{
	struct worker *worker = arg;
	uint64_t did = 1;

	pin_to(worker->cpu);
	actor_ready();
	while (now_ns() < scene->begin)
		;
	while (did && now_ns() < scene->end) {
		did = worker->work();
		worker->done += did;
	}
	worker->ns = now_ns() - scene->begin;
	return did ? 0 : 1;
}

/* All @count at once. Return: thousands that they did a second, together; 0 for a failure. */
static double rate(enum actor_kind kind, size_t count)
{
	struct actor *actors[WORKERS_MAX] = { NULL };
	double sum = 0;
	bool fine = true;

	for (size_t i = 0; fine && i < count; i++) {
		scene->workers[i].done = 0;
		actors[i] = actor_start(kind, work, &scene->workers[i]);
		fine = actors[i];
		if (fine)
			actor_await(actors[i]);
	}
	scene->begin = now_ns() + TURN_NS / 10;
	scene->end = scene->begin + TURN_NS;
	for (size_t i = 0; i < count && actors[i]; i++)
		actor_release(actors[i]);
	for (size_t i = 0; i < count && actors[i]; i++) {
		fine = !actor_join(actors[i]) && fine;
		sum += (double)scene->workers[i].done * 1e6 / (double)scene->workers[i].ns;
	}
	return fine ? sum : 0;
}

/* Both kinds with one number of tasks; they take turns. */
struct pair {
	double process[REPEATS], thread[REPEATS], ratio[REPEATS];
};

static bool measure_pair(struct pair *pair, size_t count)
{
	for (size_t i = 0; i < REPEATS; i++) {
		pair->process[i] = rate(ACTOR_PROCESS, count);
		pair->thread[i] = rate(ACTOR_THREAD, count);
		if (pair->process[i] <= 0 || pair->thread[i] <= 0)
			return false;
		pair->ratio[i] = pair->thread[i] / pair->process[i];
	}
	return true;
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
			struct summary *ratio)
{
	struct pair pair;

	for (size_t count = 1; count <= most; count = next_count(count, most)) {
		if (!measure_pair(&pair, count))
			return false;
		tell(finding, &pair, count, ratio);
	}
	tell_sides(finding, &pair, what, most);
	return true;
}

/* Can tasks run side by side here, and so wait for one another? */
static bool is_parallel(struct finding *finding, size_t cpus)
{
	const bool emulated = !strcmp(environment()->machine, "emulated");

	if (cpus < 2)
		finding_impossible(finding, "there is one CPU only, so nobody waits for another");
	else if (emulated)
		finding_impossible(finding, "the CPUs of an emulated machine take turns: nobody waits for another");
	return cpus >= 2 && !emulated;
}

static void measure_on(struct finding *finding, const char *what, size_t cpus)
{
	struct summary ratio;

	if (!measure_all(finding, what, cpus, &ratio)) {
		finding_impossible(finding, "%zu tasks could not be started, or got nothing done",
				   cpus);
		return;
	}
	decide(finding, what, cpus, &ratio);
}

static void measure(struct finding *finding, const char *what, uint64_t (*round)(void))
{
	unsigned int cpus[WORKERS_MAX];
	const size_t count = measuring_cpus(cpus, WORKERS_MAX);

	if (!is_parallel(finding, count))
		return;
	scene = mmap(NULL, sizeof(*scene), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (scene == MAP_FAILED) {
		finding_impossible(finding, "no memory that all tasks see");
		return;
	}
	for (size_t i = 0; i < count; i++)
		scene->workers[i] = (struct worker) { .cpu = cpus[i], .work = round };
	measure_on(finding, what, count);
	munmap(scene, sizeof(*scene));
}

void measure_faults_scale(struct finding *finding)
{
	measure(finding, "faults", fault_pages);
}

void measure_files_scale(struct finding *finding)
{
	measure(finding, "opens", open_files);
}
