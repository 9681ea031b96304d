// SPDX-License-Identifier: GPL-2.0
/* Verdicts without the module: what nobody sees is not looked at, and it is said. */
#include <linux/kcmp.h>
#include <pthread.h>
#include <unistd.h>

#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "read/formats.h"
#include "verdict-test.h"
#include "witness/pagemap.h"

static void test_conditions(void)
{
	struct finding finding = { 0 };

	finding_require(&finding, true, "one is so");
	finding_require_seen(&finding, SEE_MODULE, false, "two is so");
	finding_decide(&finding, "found");
	check_finding(&finding, CONFIRMED, "no word from the witness the module", "unseen");
	finding = (struct finding) { 0 };
	finding_require_seen(&finding, SEE_MODULE, true, "two is so");
	finding_decide(&finding, "found");
	check_finding(&finding, NOT_MEASURABLE, "no condition", "all unseen");
	finding = (struct finding) { 0 };
	CHECK(!finding_needs(&finding, SEE_MODULE), "verdict: alone: it is needed");
	check_finding(&finding, NOT_MEASURABLE, "only the module", "needed");
	finding = (struct finding) { 0 };
	CHECK(!finding_counts(&finding, "births") && !finding_counts(&finding, "none"),
	      "verdict: alone: nothing is counted");
	CHECK(strstr(finding.evidence[0].text, "so") && finding.nevidence == 2,
	      "verdict: alone: and why, is evidence");
}

static void test_with_module(void)
{
	struct finding finding = { 0 };

	finding_require_seen(&finding, SEE_MODULE, false, "two is %s", "so");
	finding_decide(&finding, "found");
	check_finding(&finding, REFUTED, "two is so", "seen");
	CHECK(finding_needs(&finding, SEE_MODULE) && finding_needs(&finding, SEE_FRAMES) &&
	      finding_needs(&finding, SEE_OBJECTS), "verdict: the module sees all");
	CHECK(finding_counts(&finding, "births"), "verdict: and counts");
	finding_evidence(&finding, "debugfs:tasks", "-");
	CHECK(!strcmp(finding.evidence[finding.nevidence - 1].source, "debugfs:tasks"),
	      "verdict: and is the source");
}

/* Evidence does not name who was not asked. */
static void test_sources(void)
{
	static const char *const sources[] = { "debugfs:tasks", "debugfs:frames", "debugfs:vmas" };
	struct finding finding = { 0 };

	for (size_t i = 0; i < 3; i++) {
		finding_evidence(&finding, sources[i], "-");
		CHECK(!strncmp(finding.evidence[i].source, "/proc", 5),
		      "verdict: alone: who has it instead of %s", sources[i]);
	}
	finding_require(&finding, true, "it is so");
	finding_witness(&finding, "memory", false, "-");
	finding_decide(&finding, "found");
	check_finding(&finding, NOT_MEASURABLE, "the witnesses disagree", "disagreement");
}

static void *wait_for_it(void *arg)
{
	pthread_barrier_wait(arg);
	pthread_barrier_wait(arg);
	return NULL;
}

/* Of this process and a thread of it. */
static void test_tasks(void)
{
	pthread_barrier_t barrier;
	struct task_pair pair;
	struct snapshot tasks;
	pthread_t thread;
	pid_t tid = 0;

	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&thread, NULL, wait_for_it, &barrier);
	pthread_barrier_wait(&barrier);
	CHECK(!sight_read(&tasks, &format_tasks, NULL, 0), "sight: tasks by /proc");
	for (size_t i = 0; i < tasks.count; i++) {
		const struct task_record *task = snapshot_record(&tasks, i);

		if (task->tgid == getpid() && task->tid != getpid())
			tid = task->tid;
	}
	snapshot_free(&tasks);
	CHECK(tid && !task_pair(&pair, tid) && pair.actor.tgid == getpid() &&
	      pair.measurer.ppid == getppid(), "sight: a thread is in its group");
	for (enum shared_object i = OBJECT_MM; i <= OBJECT_SIGNAL; i++)
		CHECK(sight_lacks(SEE_OBJECTS) || same_object(&pair, i),
		      "sight: and shares object %d with it", i);
	CHECK(task_pair(&pair, getppid()), "sight: who started us is none of ours");
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&barrier);
}

static void test_pages(void)
{
	const pid_t me = getpid();
	struct page_facts facts;
	static int here = 1;
	struct snapshot vmas;
	bool found = false;

	CHECK(!sight_page(me, &here, &facts) &&
	      (sight_lacks(SEE_FRAMES) || (facts.pfn == pagemap_pfn(me, &here) &&
					   facts.maps == kpagecount(facts.pfn))),
	      "sight: a page by pagemap");
	CHECK(sight_page(me, NULL, &facts), "sight: and none where none is");
	CHECK(!sight_read(&vmas, &format_vmas, &me, 1), "sight: mappings by /proc");
	for (size_t i = 0; i < vmas.count; i++) {
		const struct vma_record *vma = snapshot_record(&vmas, i);

		found |= vma->start <= (uintptr_t)&here && (uintptr_t)&here < vma->end &&
			 vma->perms[1] == 'w';
	}
	CHECK(found, "sight: with the one that a variable lies in");
	snapshot_free(&vmas);
	CHECK(sight_read(&vmas, &format_mms, NULL, 0), "sight: address spaces nobody lists");
}

void test_verdict_alone(void)
{
	on_machine(true);
	test_conditions();
	test_sources();
	test_tasks();
	test_pages();
	on_machine(false);
	test_with_module();
}
