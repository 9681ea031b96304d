// SPDX-License-Identifier: GPL-2.0
/*
 * What unrelated programs have in common without asking for it: the pages of
 * the files that they run. cat(1) is run, twice for the claims on one program;
 * for libraries it is compared with this very program.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "measure/sight.h"
#include "read/formats.h"
#include "read/names.h"
#include "read/page-lookup.h"
#include "read/snapshot.h"
#include "witness/pagemap.h"

#define CLASS(name) (1U << SHARING_##name)

/* What of a program is looked at. */
struct part {
	const char *what;
	unsigned int classes;
	bool other_program;		/* compare cat with us, not with cat */
	const void *(*of_ours)(void);	/* a page of the kind, for the threads */
};

/* A cat that has shown that it runs, and waits for more. */
struct run {
	struct actor *actor;
	int ends[2];		/* ours, and its standard input and output */
};

/* One process, seen at one moment. */
struct image {
	pid_t tgid;
	struct snapshot vmas, frames;
};

/* Pages that both have present at the same place of the same file. */
struct comparison {
	size_t pages, same;
	uint64_t maps_low;
	uint64_t address[2];	/* of the first such page in each */
	char file[64];
	struct tally tally;
};

/* --- running programs --- */

static int become_cat(void *arg)
{
	const struct run *run = arg;

	if (dup2(run->ends[1], STDIN_FILENO) >= 0 && dup2(run->ends[1], STDOUT_FILENO) >= 0)
		execlp("cat", "cat", NULL);
	return 127;
}

/* What goes in comes out again once its code and libraries have run. */
static bool answers(const struct run *run)
{
	char byte = 'x';

	return send(run->ends[0], &byte, 1, MSG_NOSIGNAL) == 1 &&
	       recv(run->ends[0], &byte, 1, 0) == 1;
}

/* Without its input it ends by itself, so it never outlives us. */
static int stop_run(struct run *run)
{
	close(run->ends[0]);
	return actor_join(run->actor);
}

static int start_run(struct run *run)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, run->ends))
		return -1;
	run->actor = actor_start(ACTOR_PROCESS, become_cat, run);
	close(run->ends[1]);
	if (run->actor && answers(run))
		return 0;
	if (run->actor)
		stop_run(run);
	else
		close(run->ends[0]);
	return -1;
}

/* --- comparing two processes --- */

static int image_read(struct image *image, pid_t tgid)
{
	image->tgid = tgid;
	if (sight_read(&image->vmas, &format_vmas, &tgid, 1))
		return -1;
	if (!sight_read(&image->frames, &format_frames, &tgid, 1))
		return 0;
	snapshot_free(&image->vmas);
	return -1;
}

static void image_free(struct image *image)
{
	snapshot_free(&image->vmas);
	snapshot_free(&image->frames);
}

/* Where a file begins in a process: its lowest mapping; 0 when it has none. */
static uint64_t base_of(const struct image *image, const char *file)
{
	const struct vma_record *vmas = image->vmas.records;
	uint64_t base = 0;

	for (size_t i = 0; i < image->vmas.count; i++) {
		if (vmas[i].name && !strcmp(vmas[i].name, file) &&
		    (!base || vmas[i].start < base))
			base = vmas[i].start;
	}
	return base;
}

static bool find_page(const struct image *image, uint64_t address, unsigned int classes,
		      struct page_facts *facts)
{
	return !page_in(&image->frames, image->tgid, (const void *)(uintptr_t)address, facts) &&
	       classes & 1U << facts->sharing;
}

/* Other processes may begin or end to map it at any time: shared or not, no exact count. */
static bool witness_agrees(const struct image *image, uint64_t address,
			   const struct page_facts *facts)
{
	const void *page = (const void *)(uintptr_t)address;

	return pagemap_pfn(image->tgid, page) == facts->pfn &&
	       (kpagecount(facts->pfn) >= 2) == (facts->maps >= 2);
}

static void compare_page(const struct image images[2], const uint64_t address[2],
			 unsigned int classes, struct comparison *comparison)
{
	struct page_facts facts[2];

	if (!find_page(&images[0], address[0], classes, &facts[0]) ||
	    !find_page(&images[1], address[1], classes, &facts[1]))
		return;
	if (!comparison->pages || facts[0].maps < comparison->maps_low)
		comparison->maps_low = facts[0].maps;
	if (!comparison->pages++)
		memcpy(comparison->address, address, sizeof(comparison->address));
	comparison->same += facts[0].pfn == facts[1].pfn;
	comparison->tally.pages += 2;
	for (int i = 0; i < 2; i++)
		comparison->tally.agreed += witness_agrees(&images[i], address[i], &facts[i]);
}

static void compare_mapping(const struct image images[2], const struct vma_record *vma,
			    unsigned int classes, struct comparison *comparison)
{
	const uint64_t page_size = sysconf(_SC_PAGESIZE);
	const uint64_t base[2] = { base_of(&images[0], vma->name),
				   base_of(&images[1], vma->name) };
	const size_t before = comparison->pages;

	if (!base[1])
		return;
	for (uint64_t at = vma->start; at < vma->end; at += page_size) {
		const uint64_t address[2] = { at, at - base[0] + base[1] };

		compare_page(images, address, classes, comparison);
	}
	if (!before && comparison->pages)
		snprintf(comparison->file, sizeof(comparison->file), "%s", vma->name);
}

static void compare_images(const struct image images[2], unsigned int classes,
			   struct comparison *comparison)
{
	const struct vma_record *vmas = images[0].vmas.records;

	for (size_t i = 0; i < images[0].vmas.count; i++) {
		if (vmas[i].name && *vmas[i].name == '/')
			compare_mapping(images, &vmas[i], classes, comparison);
	}
}

static int compare_processes(const pid_t tgids[2], unsigned int classes,
			     struct comparison *comparison)
{
	struct image images[2];

	if (image_read(&images[0], tgids[0]))
		return -1;
	if (image_read(&images[1], tgids[1])) {
		image_free(&images[0]);
		return -1;
	}
	compare_images(images, classes, comparison);
	image_free(&images[0]);
	image_free(&images[1]);
	return 0;
}

static int compare_runs(const struct part *part, struct comparison *comparison)
{
	struct run runs[2];
	const int count = part->other_program ? 1 : 2;
	pid_t tgids[2] = { 0, getpid() };
	int started = 0, error = -1;

	while (started < count && !start_run(&runs[started])) {
		tgids[started] = actor_tid(runs[started].actor);
		started++;
	}
	if (started == count)
		error = compare_processes(tgids, part->classes, comparison);
	while (started--)
		error |= stop_run(&runs[started]);
	return error ? -1 : 0;
}

/* --- what two threads do instead --- */

struct one_page {
	const volatile char *address;
	struct page_facts facts;
	uint64_t witness_pfn[2];
	bool one_space;
};

static int touch(void *arg)
{
	const struct one_page *page = arg;

	(void)*page->address;
	actor_ready();
	return 0;
}

static int share_by_threads(struct one_page *page)
{
	const void *address = (const void *)page->address;
	struct actor *actor = actor_start(ACTOR_THREAD, touch, page);
	struct task_pair pair;
	int error;

	if (!actor)
		return -1;
	actor_await(actor);
	error = task_pair(&pair, actor_tid(actor)) ||
		sight_page(actor_tgid(actor), address, &page->facts);
	page->one_space = !error && same_object(&pair, OBJECT_MM);
	page->witness_pfn[0] = pagemap_pfn(getpid(), address);
	page->witness_pfn[1] = pagemap_pfn(actor_tid(actor), address);
	return actor_join(actor) || error ? -1 : 0;
}

static const void *our_text(void)
{
	return (const void *)(uintptr_t)become_cat;
}

static const void *our_rodata(void)
{
	static const char constant[] = "in .rodata";

	return constant;
}

static const void *our_library(void)
{
	return (const void *)(uintptr_t)execlp;
}

/* --- the verdict --- */

static void show(struct finding *finding, const struct part *part,
		 const struct comparison *comparison, const struct one_page *page)
{
	finding_evidence(finding, "debugfs:frames",
			 "process: %s: %zu pages of %s present in both, %zu on the same frame, each mapped %llu times or more",
			 part->other_program ? "cat and sharestat" : "two runs of cat",
			 comparison->pages, part->what, comparison->same,
			 (unsigned long long)comparison->maps_low);
	finding_evidence(finding, "debugfs:vmas", "process: the first of them, of %s, is at %llx and at %llx",
			 comparison->file, (unsigned long long)comparison->address[0],
			 (unsigned long long)comparison->address[1]);
	pages_witness(finding, "pagemap, kpagecount",
		      comparison->tally.agreed == comparison->tally.pages,
		      "process: the same frame, mapped once or more often, in %zu of %zu looks at a page",
		      comparison->tally.agreed, comparison->tally.pages);
	finding_evidence(finding, "debugfs:frames", "thread: %p is on frame %llx (%s) in %s",
			 (const void *)page->address, (unsigned long long)page->facts.pfn,
			 sharing_names[page->facts.sharing],
			 page->one_space ? "the one page table of both threads" :
			 "one of two page tables");
	pages_witness(finding, "/proc/PID/pagemap",
		      page->witness_pfn[0] == page->facts.pfn &&
		      page->witness_pfn[1] == page->facts.pfn,
		      "thread: frames %llx and %llx", (unsigned long long)page->witness_pfn[0],
		      (unsigned long long)page->witness_pfn[1]);
}

/* The claim is about processes; threads, which have one page table, stand beside them. */
static void decide(struct finding *finding, const struct part *part,
		   const struct comparison *comparison, const struct one_page *page)
{
	const bool moved = comparison->address[0] != comparison->address[1];

	if (part->other_program && !moved) {
		finding_impossible(finding, "both programs have the library at one address: is address randomisation off (/proc/sys/kernel/randomize_va_space)?");
		return;
	}
	finding_require(finding, comparison->same == comparison->pages,
			"both have all pages on the same frames");
	finding_require(finding, comparison->maps_low >= 2, "each is mapped twice or more");
	finding_decide(finding, "%zu of %zu pages of %s that both processes have are the same frames%s; two threads have %s",
		       comparison->same, comparison->pages, part->what,
		       moved ? ", at different addresses" : "",
		       page->one_space ? "one page table" : "two page tables");
}

static void measure_part(struct finding *finding, const struct part *part)
{
	struct comparison comparison = { 0 };
	struct one_page page = { .address = part->of_ours() };

	if (!finding_needs(finding, SEE_OBJECTS) || !finding_needs(finding, SEE_FRAMES))
		return;
	if (compare_runs(part, &comparison)) {
		finding_impossible(finding, "cat(1) could not be run, or its pages are not seen");
		return;
	}
	if (!comparison.pages) {
		finding_impossible(finding, "no page of %s is present in both: cat is linked statically, or (arm64) has its read-only data in its text",
				   part->what);
		return;
	}
	if (share_by_threads(&page)) {
		finding_impossible(finding, "a thread could not be started, or its page is not seen");
		return;
	}
	side_count(&finding->process, comparison.same, "pages");
	side_label(&finding->process, "%zu of %zu pages, same frames", comparison.same,
		   comparison.pages);
	side_text(&finding->thread, "%s", page.one_space ? "one page table for both" :
		  "two page tables");
	show(finding, part, &comparison, &page);
	decide(finding, part, &comparison, &page);
}

void measure_can_share_text(struct finding *finding)
{
	static const struct part part = { "text", CLASS(TEXT), false, our_text };

	measure_part(finding, &part);
}

void measure_can_share_rodata(struct finding *finding)
{
	static const struct part part = { "rodata", CLASS(RODATA), false, our_rodata };

	measure_part(finding, &part);
}

void measure_can_share_library(struct finding *finding)
{
	static const struct part part = {
		"libraries", CLASS(LIBTEXT) | CLASS(LIBRODATA), true, our_library,
	};

	measure_part(finding, &part);
}
