// SPDX-License-Identifier: GPL-2.0
/* Looking at two tasks and their pages, with a witness. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "measure/sight.h"
#include "read/formats.h"
#include "read/page-lookup.h"
#include "read/snapshot.h"
#include "witness/pagemap.h"

#define LOOKS 5		/* before a disagreement of the witness counts */

const char *const side_name[2] = { "process", "thread" };
const char *const measurer_name[2] = { "parent", "main thread" };
const char *const actor_name[2] = { "child", "thread" };

int task_pair(struct task_pair *pair, pid_t actor)
{
	const struct task_record *measurer, *other;
	struct snapshot tasks;
	int error = -1;

	if (sight_read(&tasks, &format_tasks, NULL, 0))
		return -1;
	measurer = snapshot_task(&tasks, getpid());
	other = snapshot_task(&tasks, actor);
	if (measurer && other) {
		pair->measurer = *measurer;
		pair->actor = *other;
		error = 0;
	}
	snapshot_free(&tasks);
	return error;
}

bool same_object(const struct task_pair *pair, enum shared_object object)
{
	return pair->measurer.object[object] &&
	       pair->measurer.object[object] == pair->actor.object[object];
}

static bool witness_agrees(const struct page_view *view)
{
	if (!view->present)
		return !view->witness_pfn;
	return view->facts.pfn == view->witness_pfn &&
	       view->facts.maps == view->witness_maps;
}

static void view_page(struct page_view *view, const struct snapshot *frames,
		      pid_t tgid, pid_t tid, const void *page)
{
	memset(view, 0, sizeof(*view));
	view->present = !page_in(frames, tgid, page, &view->facts);
	view->witness_pfn = pagemap_pfn(tid, page);
	if (view->witness_pfn)
		view->witness_maps = kpagecount(view->witness_pfn);
}

int view_pages(pid_t tgid, pid_t tid, const void *address, size_t pages,
	       struct page_view *views, struct tally *tally)
{
	const size_t page_size = sysconf(_SC_PAGESIZE);
	size_t present = 0, agreed = 0;
	struct snapshot frames;

	for (int look = 0; look < LOOKS && agreed < pages; look++) {
		if (sight_read(&frames, &format_frames, &tgid, 1))
			return -1;
		present = 0;
		agreed = 0;
		for (size_t i = 0; i < pages; i++) {
			view_page(&views[i], &frames, tgid, tid,
				  (const char *)address + i * page_size);
			present += views[i].present;
			agreed += witness_agrees(&views[i]);
		}
		snapshot_free(&frames);
	}
	tally->pages += pages;
	tally->agreed += agreed;
	return present;
}

bool same_frame(const struct page_view *a, const struct page_view *b)
{
	return a->present && b->present && a->facts.pfn == b->facts.pfn;
}

void pages_witness(struct finding *finding, const char *source, bool agrees,
		   const char *format, ...)
{
	char text[sizeof(finding->evidence->text)];
	va_list args;

	/* CONFIG_PROC_PAGE_MONITOR */
	if (access("/proc/self/pagemap", R_OK) || access("/proc/kpagecount", R_OK)) {
		finding_unwitnessed(finding, source, "cannot be read here");
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	finding_witness(finding, source, agrees, "%s", text);
}

void kcmp_witness(struct finding *finding, const char *who, int kcmp, bool same,
		  const char *object)
{
	if (kcmp < 0)
		finding_unwitnessed(finding, "kcmp(2)", "%s: cannot tell on this kernel", who);
	else
		finding_witness(finding, "kcmp(2)", kcmp == same, "%s: %s %s", who,
				kcmp ? "the same" : "not the same", object);
}

void tally_evidence(struct finding *finding, const struct tally *tally)
{
	if (sight_lacks(SEE_FRAMES))
		finding_unwitnessed(finding, "pagemap", "%s", sight_lacks(SEE_FRAMES));
	if (sight_lacks(SEE_MODULE))	/* then it is they who were looked at */
		return;
	pages_witness(finding, "pagemap, kpagecount", tally->agreed == tally->pages,
		      "agree with the module on frame and mappings in %zu of %zu looks at a page",
		      tally->agreed, tally->pages);
}

void *shared_block(size_t size)
{
	void *block = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return block == MAP_FAILED ? NULL : block;
}
