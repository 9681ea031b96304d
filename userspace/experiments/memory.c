// SPDX-License-Identifier: GPL-2.0
/*
 * memory: an actor writes to pages that the starter wrote before. A child gets
 * a new frame for each and the starter never sees the writes; a thread writes
 * to the very frames of the starter.
 */
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "measure/pages.h"
#include "measure/sight.h"
#include "read/formats.h"
#include "read/page-lookup.h"
#include "read/snapshot.h"
#include "witness/pagemap.h"

#define PAGES	64
#define WRITTEN	42	/* by the actor, in each of them */

struct writes {
	char *pages;
	size_t page_size;
	size_t moved;		/* pages that the actor and the starter have in different frames */
	size_t moved_pagemap;	/* the same by /proc/PID/pagemap */
	size_t seen;		/* pages in which the starter sees what the actor wrote */
	size_t found;
	struct page_facts first[2];	/* page 0 of starter and actor, afterwards */
};

static int write_pages(void *arg)
{
	struct writes *writes = arg;

	for (size_t i = 0; i < PAGES; i++)
		writes->pages[i * writes->page_size] = WRITTEN;
	actor_ready();
	return 0;
}

/* One page, as the starter and as the actor have it. */
static void compare_page(struct writes *writes, size_t i, const struct snapshot *frames,
			 pid_t actor_tgid)
{
	const char *page = writes->pages + i * writes->page_size;
	struct page_facts mine, its;

	writes->seen += *page == WRITTEN;
	writes->moved_pagemap += pagemap_pfn(getpid(), page) != pagemap_pfn(actor_tgid, page);
	if (page_in(frames, getpid(), page, &mine) || page_in(frames, actor_tgid, page, &its))
		return;
	writes->found++;
	writes->moved += mine.pfn != its.pfn;
	if (i == 0) {
		writes->first[0] = mine;
		writes->first[1] = its;
	}
}

static void compare_pages(struct writes *writes, const struct actor *actor)
{
	pid_t tgids[2] = { getpid(), actor_tgid(actor) };
	struct snapshot frames;

	if (sight_read(&frames, &format_frames, tgids, tgids[0] == tgids[1] ? 1 : 2))
		return;
	for (size_t i = 0; i < PAGES; i++)
		compare_page(writes, i, &frames, tgids[1]);
	snapshot_free(&frames);
}

static bool run(struct writes *writes, enum actor_kind kind)
{
	struct actor *actor;

	writes->page_size = sysconf(_SC_PAGESIZE);
	writes->pages = pages_map(PAGES);
	if (!writes->pages)
		return false;
	actor = actor_start(kind, write_pages, writes);
	if (actor) {
		actor_await(actor);
		compare_pages(writes, actor);
		actor_join(actor);
	}
	pages_unmap(writes->pages, PAGES);
	return writes->found == PAGES;
}

static void tell(struct finding *finding, const char *who, const struct writes *writes)
{
	finding_evidence(finding, "memory", "the starter sees %zu of the %d writes of the %s",
			 writes->seen, PAGES, who);
	if (sight_lacks(SEE_FRAMES)) {
		finding_unwitnessed(finding, "/proc/PID/pagemap", "%s: %s", who,
				    sight_lacks(SEE_FRAMES));
		return;
	}
	finding_evidence(finding, "debugfs:frames",
			 "%s wrote %d pages: %zu are now in another frame than the starter's, %zu in the same",
			 who, PAGES, writes->moved, PAGES - writes->moved);
	finding_evidence(finding, "debugfs:frames",
			 "first page: starter pfn %llx maps %llu, %s pfn %llx maps %llu",
			 (unsigned long long)writes->first[0].pfn,
			 (unsigned long long)writes->first[0].maps, who,
			 (unsigned long long)writes->first[1].pfn,
			 (unsigned long long)writes->first[1].maps);
	pages_witness(finding, "/proc/PID/pagemap", writes->moved == writes->moved_pagemap,
		      "%s: %zu pages in another frame", who, writes->moved_pagemap);
}

static void fill_side(struct side *side, const struct writes *writes)
{
	if (sight_lacks(SEE_FRAMES)) {
		side_count(side, writes->seen, "pages");
		side_label(side, "starter sees %zu of %d writes", writes->seen, PAGES);
		return;
	}
	side_count(side, writes->moved, "pages");
	side_label(side, "%zu of %d pages copied, starter sees %zu writes", writes->moved, PAGES,
		   writes->seen);
}

static void decide(struct finding *finding, const struct writes *child,
		   const struct writes *thread)
{
	fill_side(&finding->process, child);
	fill_side(&finding->thread, thread);
	finding_require_seen(finding, SEE_FRAMES, child->moved == PAGES,
			     "each page that the child writes goes to another frame");
	finding_require(finding, !child->seen, "the starter sees no write of the child");
	finding_require_seen(finding, SEE_FRAMES, !thread->moved,
			     "each page that the thread writes stays on its frame");
	finding_require(finding, thread->seen == PAGES,
			"the starter sees all writes of the thread");
	finding_decide(finding, "the child: %s; the thread: %s", finding->process.text,
		       finding->thread.text);
}

void measure_memory(struct finding *finding)
{
	struct writes child = { 0 }, thread = { 0 };

	if (!run(&child, ACTOR_PROCESS) || !run(&thread, ACTOR_THREAD)) {
		finding_impossible(finding, "the written pages were not seen");
		return;
	}
	tell(finding, "child", &child);
	tell(finding, "thread", &thread);
	decide(finding, &child, &thread);
}
