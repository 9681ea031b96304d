// SPDX-License-Identifier: GPL-2.0
/*
 * many-addresses-one-frame: one page of a memfd is mapped at two addresses of
 * this process and at a third one of another. The page tables must lead all
 * three to one frame, which then has three mappings.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "measure/sight.h"
#include "read/page-lookup.h"
#include "witness/pagemap.h"

struct places {
	int fd;
	size_t page_size;
	char *first, *second;		/* in this process */
	char *volatile *foreign;	/* in the child, in memory that both share */
	pid_t child;			/* the thread group that it is in */
	struct page_facts facts[3];	/* in this order */
	uint64_t witness[3];		/* frames, by pagemap */
	uint64_t maps_witness;		/* by kpagecount */
};

static char *map_page(const struct places *places)
{
	void *page = mmap(NULL, places->page_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			  places->fd, 0);

	return page == MAP_FAILED ? NULL : page;
}

/* Maps it lower than any of the parent's, says where, and writes the page. */
static int map_elsewhere(void *arg)
{
	const struct places *places = arg;
	char *page;

	map_page(places);
	map_page(places);
	page = map_page(places);
	if (!page)
		return 1;
	*page = 1;
	*places->foreign = page;
	actor_ready();
	return 0;
}

static bool look_at(struct places *places, size_t i, pid_t tgid, const char *address)
{
	places->witness[i] = pagemap_pfn(tgid, address);
	return !sight_page(tgid, address, &places->facts[i]);
}

static bool look(struct places *places)
{
	places->first = map_page(places);
	places->second = map_page(places);
	if (!places->first || !places->second)
		return false;
	/* Reading makes the two pages present. */
	(void)*(volatile char *)places->first;
	(void)*(volatile char *)places->second;
	return look_at(places, 0, getpid(), places->first) &&
	       look_at(places, 1, getpid(), places->second) &&
	       look_at(places, 2, places->child, *places->foreign);
}

/* The child is forked first, so that it inherits none of the parent's mappings. */
static bool run(struct places *places)
{
	struct actor *child;
	bool found;

	places->page_size = sysconf(_SC_PAGESIZE);
	places->foreign = shared_block(sizeof(*places->foreign));
	places->fd = memfd_create("many-addresses", MFD_CLOEXEC);
	if (!places->foreign || places->fd < 0 || ftruncate(places->fd, places->page_size))
		return false;
	child = actor_start(ACTOR_PROCESS, map_elsewhere, places);
	if (!child)
		return false;
	actor_await(child);
	places->child = actor_tgid(child);
	found = look(places);
	places->maps_witness = kpagecount(places->facts[0].pfn);
	actor_join(child);
	munmap(places->first, places->page_size);
	munmap(places->second, places->page_size);
	close(places->fd);
	return found;
}

static void tell(struct finding *finding, const struct places *places)
{
	const char *const addresses[] = { places->first, places->second, *places->foreign };
	static const char *const owners[] = { "starter", "starter", "child" };
	bool same = true;

	for (size_t i = 0; i < 3; i++) {
		finding_evidence(finding, "debugfs:frames", "%s %p: pfn %llx, maps %llu", owners[i],
				 (void *)addresses[i], (unsigned long long)places->facts[i].pfn,
				 (unsigned long long)places->facts[i].maps);
		same &= places->witness[i] == places->facts[i].pfn;
	}
	pages_witness(finding, "/proc/PID/pagemap", same, "pfn %llx, %llx, %llx",
		      (unsigned long long)places->witness[0],
		      (unsigned long long)places->witness[1],
		      (unsigned long long)places->witness[2]);
	pages_witness(finding, "/proc/kpagecount", places->maps_witness == places->facts[0].maps,
		      "maps %llu", (unsigned long long)places->maps_witness);
}

static bool apart(const struct places *places)
{
	const char *foreign = *places->foreign;

	return places->first != places->second && places->first != foreign &&
	       places->second != foreign;
}

static void decide(struct finding *finding, const struct places *places)
{
	const struct page_facts *facts = places->facts;
	const bool one_process = facts[0].pfn == facts[1].pfn;
	const bool both = one_process && facts[0].pfn == facts[2].pfn;

	if (!apart(places)) {
		finding_impossible(finding, "the kernel gave equal addresses where different ones were needed");
		return;
	}
	side_text(&finding->process, "2 processes, 3 addresses: %s",
		  both ? "1 frame" : "not one frame");
	side_text(&finding->thread, "1 process, 2 addresses: %s",
		  one_process ? "1 frame" : "2 frames");
	finding_require(finding, one_process, "two addresses of one process lead to one frame");
	finding_require(finding, both, "that of another process leads there, too");
	finding_require(finding, facts[0].maps == 3, "that frame has three mappings");
	finding_decide(finding, "three virtual pages at different addresses lead to %s, with %llu mappings",
		       both ? "one frame" : "more than one frame",
		       (unsigned long long)facts[0].maps);
}

void measure_many_addresses_one_frame(struct finding *finding)
{
	struct places places = { 0 };

	if (!finding_needs(finding, SEE_FRAMES))
		return;
	if (!run(&places)) {
		finding_impossible(finding, "the mapped page was not seen");
		return;
	}
	tell(finding, &places);
	decide(finding, &places);
	munmap((void *)places.foreign, sizeof(*places.foreign));
}
