// SPDX-License-Identifier: GPL-2.0
/*
 * Copy on write, page by page: after fork parent and child have every page in
 * common; exactly those that the child writes get a frame of their own.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "measure/pages.h"
#include "read/page-lookup.h"

#define PAGES 101	/* primes, which no rounding makes by chance */
#define WRITTEN 37

/* How many pages are what, at one moment. */
struct count {
	size_t same;		/* frame in both */
	size_t shared;		/* of these: the module calls it cow, with 2 mappings */
	size_t alone;		/* of these: 1 mapping */
};

struct erosion {
	struct count before, after;
	bool one_space;
};

static int write_some(void *arg)
{
	const size_t page_size = sysconf(_SC_PAGESIZE);
	volatile char *memory = arg;

	actor_ready();
	for (size_t i = 0; i < WRITTEN; i++)
		memory[i * page_size] = 2;
	actor_ready();
	return 0;
}

static int count_pages(struct actor *actor, const char *memory,
		       struct count *count, struct tally *tally)
{
	struct page_view ours[PAGES], theirs[PAGES];

	memset(count, 0, sizeof(*count));
	if (view_pages(getpid(), getpid(), memory, PAGES, ours, tally) != PAGES ||
	    view_pages(actor_tgid(actor), actor_tid(actor), memory, PAGES,
		       theirs, tally) != PAGES)
		return -1;
	for (size_t i = 0; i < PAGES; i++) {
		const struct page_facts *facts = &ours[i].facts;

		if (!same_frame(&ours[i], &theirs[i]))
			continue;
		count->same++;
		count->shared += facts->maps == 2 && facts->sharing == SHARING_COW;
		count->alone += facts->maps == 1;
	}
	return 0;
}

static int erode(enum actor_kind kind, char *memory, struct erosion *erosion,
		 struct tally *tally)
{
	struct actor *actor = actor_start(kind, write_some, memory);
	struct task_pair pair;
	int error;

	if (!actor)
		return -1;
	actor_await(actor);
	error = task_pair(&pair, actor_tid(actor));
	erosion->one_space = !error && same_object(&pair, OBJECT_MM);
	error |= count_pages(actor, memory, &erosion->before, tally);
	actor_release(actor);
	actor_await(actor);
	error |= count_pages(actor, memory, &erosion->after, tally);
	actor_release(actor);
	return actor_join(actor) || error ? -1 : 0;
}

static int observe(struct finding *finding, enum actor_kind kind, struct erosion *erosion,
		   struct tally *tally)
{
	char *memory = pages_map(PAGES);
	int error;

	if (!memory) {
		finding_impossible(finding, "no memory: %s", strerror(errno));
		return -1;
	}
	error = erode(kind, memory, erosion, tally);
	pages_unmap(memory, PAGES);
	if (error)
		finding_impossible(finding, "a %s could not be started, or not all %d pages are seen",
				   side_name[kind], PAGES);
	return error;
}

static void show(struct finding *finding, enum actor_kind kind, const struct erosion *erosion)
{
	const struct count *before = &erosion->before, *after = &erosion->after;

	finding_evidence(finding, "debugfs:frames",
			 "%s, before the write: %zu of %d pages on one frame; %zu are class cow with maps 2, %zu have maps 1",
			 side_name[kind], before->same, PAGES, before->shared, before->alone);
	finding_evidence(finding, "debugfs:frames",
			 "%s, %d pages written: %zu on one frame; %zu are class cow with maps 2, %zu have maps 1",
			 side_name[kind], WRITTEN, after->same, after->shared, after->alone);
}

/* The claim is about processes; threads stand beside them. */
static void decide(struct finding *finding, const struct erosion *process,
		   const struct erosion *thread)
{
	side_count(&finding->process, process->after.same, "pages");
	side_label(&finding->process, "%zu pages shared, then %zu",
		   process->before.same, process->after.same);
	side_count(&finding->thread, thread->after.same, "pages");
	side_label(&finding->thread, "%zu pages shared, then %zu",
		   thread->before.same, thread->after.same);
	finding_require(finding, !process->one_space, "parent and child have two page tables");
	finding_require(finding, process->before.shared == PAGES,
			"fork leaves every page on one frame, copy on write");
	finding_require(finding, process->after.same == PAGES - WRITTEN,
			"each page that the child writes gets a frame of its own, and no other");
	finding_require(finding, process->after.shared == PAGES - WRITTEN,
			"those that it does not write stay shared");
	finding_decide(finding, "writing %d of the %zu pages that fork left shared gave the child %zu frames of its own; a thread's writes copy %zu pages",
		       WRITTEN, process->before.shared, PAGES - process->after.same,
		       PAGES - thread->after.same);
}

void measure_can_share_cow(struct finding *finding)
{
	struct erosion process, thread;
	struct tally tally = { 0, 0 };

	if (!finding_needs(finding, SEE_OBJECTS) || !finding_needs(finding, SEE_FRAMES) ||
	    observe(finding, ACTOR_PROCESS, &process, &tally) ||
	    observe(finding, ACTOR_THREAD, &thread, &tally))
		return;
	show(finding, ACTOR_PROCESS, &process);
	show(finding, ACTOR_THREAD, &thread);
	tally_evidence(finding, &tally);
	decide(finding, &process, &thread);
}
