// SPDX-License-Identifier: GPL-2.0
/*
 * read-only-is-safe: after a fork, look at every page that parent and child
 * have privately and share: none may be writable, in neither page table. Then
 * the child writes one of them, and gets a frame of its own. Threads share one
 * page table, so their pages stay writable, for both.
 */
#include <string.h>
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

#define PAGES 64

/* Pages that two address spaces share privately, and those writable in one. */
struct census {
	uint64_t shared, writable;
	uint64_t cow;			/* of the shared, those that fork made */
};

/* Both sides of one page, and what the witness says of its frame(s). */
struct pair {
	struct page_facts parent, child;
	uint64_t parent_witness, child_witness;		/* frames, by pagemap */
	uint64_t parent_maps, child_maps;		/* by kpagecount */
};

static int write_on_release(void *arg)
{
	char *page = arg;

	actor_ready();
	*page = 99;
	actor_ready();
	return 0;
}

/* MAP_SHARED ones are shared on purpose, and may be writable. */
static bool is_private_mapping(enum sharing_class sharing)
{
	switch (sharing) {
	case SHARING_COW:
	case SHARING_FILECOW:
	case SHARING_TEXT:
	case SHARING_RODATA:
	case SHARING_LIBTEXT:
	case SHARING_LIBRODATA:
		return true;
	default:
		return false;
	}
}

static void take_census(struct census *census, const struct snapshot *frames)
{
	const struct frame_record *run = frames->records;

	for (size_t i = 0; i < frames->count; i++) {
		if (!is_private_mapping(run[i].sharing) || run[i].maps == ABSENT ||
		    run[i].maps < 2)
			continue;
		census->shared += run[i].pages;
		if (strchr(run[i].pte, 'w'))
			census->writable += run[i].pages;
		if (run[i].sharing == SHARING_COW)
			census->cow += run[i].pages;
	}
}

static bool look_at_pair(struct pair *pair, const struct snapshot *frames, pid_t child,
			 const char *page)
{
	pair->parent_witness = pagemap_pfn(getpid(), page);
	pair->child_witness = pagemap_pfn(child, page);
	pair->parent_maps = kpagecount(pair->parent_witness);
	pair->child_maps = kpagecount(pair->child_witness);
	return !page_in(frames, getpid(), page, &pair->parent) &&
	       !page_in(frames, child, page, &pair->child);
}

/* The census may be NULL. */
static bool look(struct pair *pair, struct census *census, pid_t child, const char *page)
{
	pid_t tgids[2] = { getpid(), child };
	struct snapshot frames;
	bool found;

	if (sight_read(&frames, &format_frames, tgids, tgids[0] == tgids[1] ? 1 : 2))
		return false;
	found = look_at_pair(pair, &frames, child, page);
	if (census)
		take_census(census, &frames);
	snapshot_free(&frames);
	return found;
}

static bool fork_and_write(char *page, struct pair *before, struct pair *after,
			   struct census *census)
{
	struct actor *child = actor_start(ACTOR_PROCESS, write_on_release, page);
	bool found;

	if (!child)
		return false;
	actor_await(child);
	found = look(before, census, actor_tgid(child), page);
	actor_release(child);
	actor_await(child);
	found = found && look(after, NULL, actor_tgid(child), page);
	actor_join(child);
	return found;
}

/* Fresh pages of the starter: with a thread there, how many stay writable? -1: unknown. */
static long count_writable(const char *pages)
{
	struct actor *thread = pages ? actor_start(ACTOR_THREAD, actor_idle, NULL) : NULL;
	struct page_facts facts;
	struct snapshot frames;
	pid_t tgid = getpid();
	long writable = -1;

	if (!thread)
		return -1;
	actor_await(thread);
	if (!sight_read(&frames, &format_frames, &tgid, 1)) {
		writable = 0;
		for (size_t i = 0; i < PAGES; i++)
			writable += !page_in(&frames, tgid, pages + i * sysconf(_SC_PAGESIZE),
					     &facts) && strchr(facts.pte, 'w');
		snapshot_free(&frames);
	}
	actor_join(thread);
	return writable;
}

static void tell_pair(struct finding *finding, const char *when, const struct pair *pair)
{
	finding_evidence(finding, "debugfs:frames",
			 "%s the write: parent pfn %llx maps %llu %s, child pfn %llx maps %llu %s",
			 when, (unsigned long long)pair->parent.pfn,
			 (unsigned long long)pair->parent.maps, pair->parent.pte,
			 (unsigned long long)pair->child.pfn,
			 (unsigned long long)pair->child.maps, pair->child.pte);
	pages_witness(finding, "pagemap, kpagecount",
		      pair->parent_witness == pair->parent.pfn &&
		      pair->child_witness == pair->child.pfn &&
		      pair->parent_maps == pair->parent.maps &&
		      pair->child_maps == pair->child.maps,
		      "%s the write: parent pfn %llx maps %llu, child pfn %llx maps %llu", when,
		      (unsigned long long)pair->parent_witness,
		      (unsigned long long)pair->parent_maps,
		      (unsigned long long)pair->child_witness,
		      (unsigned long long)pair->child_maps);
}

/* Both had it on one frame, and now each has one of its own. */
static void decide(struct finding *finding, const struct census *census,
		   const struct pair *before, const struct pair *after, long writable)
{
	const bool parted = after->parent.pfn != after->child.pfn;

	if (before->parent.pfn != before->child.pfn || !census->shared) {
		finding_impossible(finding, "fork left no page shared, so there is none whose write could be seen");
		return;
	}
	side_count(&finding->process, census->writable, "pages");
	side_label(&finding->process, "%llu shared, %llu writable; a write %s",
		   (unsigned long long)census->shared, (unsigned long long)census->writable,
		   parted ? "copied" : "hit it");
	side_count(&finding->thread, writable, "pages");
	side_label(&finding->thread, "%d shared, %ld writable: %s", PAGES, writable,
		   writable ? "nothing guards them" : "guarded as well");
	finding_require(finding, !census->writable, "no page that is shared privately is writable");
	finding_require(finding, parted, "the write made a new frame");
	finding_require(finding, before->parent.maps == 2, "both had that page before");
	finding_require(finding, after->parent.maps == 1 && after->child.maps == 1,
			"each has it alone after the write");
	finding_require(finding, strchr(after->child.pte, 'w'), "who wrote it may write it now");
	finding_decide(finding, "%llu of %llu privately shared pages are writable, and the write went to %s frame",
		       (unsigned long long)census->writable, (unsigned long long)census->shared,
		       parted ? "a new" : "the same");
}

void measure_read_only_is_safe(struct finding *finding)
{
	struct pair before = { 0 }, after = { 0 };
	struct census census = { 0 };
	char *pages, *fresh;
	long writable;

	if (!finding_needs(finding, SEE_MODULE))
		return;
	pages = pages_map(PAGES);
	if (!pages || !fork_and_write(pages, &before, &after, &census)) {
		finding_impossible(finding, "the shared page was not seen");
		return;
	}
	pages_unmap(pages, PAGES);
	/* Not the same pages: those stay read-only until the parent writes. */
	fresh = pages_map(PAGES);
	writable = count_writable(fresh);
	if (fresh)
		pages_unmap(fresh, PAGES);
	if (writable < 0) {
		finding_impossible(finding, "the pages of two threads were not seen");
		return;
	}
	finding_evidence(finding, "debugfs:frames",
			 "parent and child: %llu pages shared privately (%llu by fork), %llu of them writable",
			 (unsigned long long)census.shared, (unsigned long long)census.cow,
			 (unsigned long long)census.writable);
	tell_pair(finding, "before", &before);
	tell_pair(finding, "after", &after);
	finding_evidence(finding, "debugfs:frames",
			 "two threads: %ld of %d pages that they share are writable, for both",
			 writable, PAGES);
	decide(finding, &census, &before, &after, writable);
}
