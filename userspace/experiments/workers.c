// SPDX-License-Identifier: GPL-2.0
/* Workers: tasks that do one thing as often as they can, each on a CPU of its own. */
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "experiments/workers.h"
#include "measure/clock.h"
#include "measure/pin.h"
#include "model/machine.h"

#define START_NS 1000000		/* in which all of them wake up */

/* One task's share, in memory that all see, two cache lines for each. */
struct worker {
	unsigned int cpu;
	size_t number;
	uint64_t (*round)(size_t number);
	uint64_t done, cpu_ns;
	uint64_t ns;			/* a round that has begun goes to its end */
} __attribute__((aligned(128)));

/* When all of them begin and end. */
static struct scene {
	volatile uint64_t begin, end;
	struct worker workers[WORKERS_MAX];
} *scene;

static uint64_t own_cpu_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static int work(void *arg)
{
	struct worker *worker = arg;
	uint64_t did = 1, done = 0, before;

	pin_to(worker->cpu);
	actor_ready();
	while (now_ns() < scene->begin)
		;
	before = own_cpu_ns();
	while (did && now_ns() < scene->end) {
		did = worker->round(worker->number);
		done += did;
	}
	worker->ns = now_ns() - scene->begin;
	worker->cpu_ns = own_cpu_ns() - before;
	worker->done = done;
	return did ? 0 : 1;
}

static bool start_all(struct actor **actors, enum actor_kind kind, size_t count,
		      uint64_t (*round)(size_t number))
{
	for (size_t i = 0; i < count; i++) {
		scene->workers[i].round = round;
		actors[i] = actor_start(kind, work, &scene->workers[i]);
		if (!actors[i])
			return false;
		actor_await(actors[i]);
	}
	return true;
}

struct turn workers_turn(enum actor_kind kind, size_t count, uint64_t ns,
			 uint64_t (*round)(size_t number))
{
	struct actor *actors[WORKERS_MAX] = { NULL };
	bool fine = start_all(actors, kind, count, round);
	struct turn turn = { .least_share = 1 };

	scene->begin = now_ns() + START_NS;
	scene->end = scene->begin + ns;
	for (size_t i = 0; i < count && actors[i]; i++)
		actor_release(actors[i]);
	for (size_t i = 0; i < count && actors[i]; i++) {
		const struct worker *worker = &scene->workers[i];
		double share;

		fine = !actor_join(actors[i]) && fine;
		share = (double)worker->cpu_ns / (double)worker->ns;
		turn.rate += (double)worker->done * 1e6 / (double)worker->ns;
		turn.least_share = share < turn.least_share ? share : turn.least_share;
	}
	turn.failed = !fine;
	return turn;
}

bool workers_are_parallel(struct finding *finding, size_t cpus)
{
	const bool emulated = !strcmp(environment()->machine, "emulated");

	if (cpus < 2)
		finding_impossible(finding, "there is one CPU only, so nobody waits for another");
	else if (emulated)
		finding_impossible(finding, "the CPUs of an emulated machine take turns: nobody waits for another");
	return cpus >= 2 && !emulated;
}

bool workers_open(struct finding *finding, const unsigned int *cpus, size_t count)
{
	scene = mmap(NULL, sizeof(*scene), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (scene == MAP_FAILED) {
		finding_impossible(finding, "no memory that all tasks see");
		return false;
	}
	for (size_t i = 0; i < count; i++)
		scene->workers[i] = (struct worker) { .cpu = cpus[i], .number = i };
	return true;
}

void workers_close(void)
{
	munmap(scene, sizeof(*scene));
}
