// SPDX-License-Identifier: GPL-2.0
/*
 * For the page: a small family that shares in the ways that matter (threads,
 * copy-on-write after fork, shared memory, program and library), and histograms
 * of what the latency probe sees of switches between processes and threads.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/look-at-pages.h"
#include "experiments/picture-samples.h"
#include "experiments/pingpong.h"
#include "measure/pages.h"
#include "measure/pin.h"
#include "measure/read-frame-sets.h"
#include "model/counters.h"
#include "model/machine.h"
#include "model/picture.h"
#include "read/formats.h"
#include "read/probes.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

#define INHERITED	256	/* pages that the parent has before it forks */
#define WRITTEN		96	/* of them, by the second child */
#define COMMON		128	/* pages of MAP_SHARED */
#define CHILDREN	(FAMILY_SPACES - 1)

/* The family's own, and where its parent tells who they are. */
struct household {
	char *inherited;
	pid_t members[CHILDREN + 1];
	char common[];
};

static struct household *household;

/* Page tables of shared memory are filled by touching it. */
static void touch_common(void)
{
	const size_t page_size = sysconf(_SC_PAGESIZE);
	const volatile char *common = household->common;

	for (size_t i = 0; i < COMMON; i++)
		(void)common[i * page_size];
}

static int child_reads(void *arg)
{
	(void)arg;
	touch_common();
	actor_ready();
	return 0;
}

static int child_writes(void *arg)
{
	const size_t page_size = sysconf(_SC_PAGESIZE);

	(void)arg;
	touch_common();
	for (size_t i = 0; i < WRITTEN; i++)
		household->inherited[i * page_size] = 2;
	actor_ready();
	return 0;
}

static int be_parent(void *arg)
{
	static int (*const bodies[CHILDREN])(void *) = { child_reads, child_writes };
	struct actor *thread, *children[CHILDREN] = { NULL };

	(void)arg;
	touch_common();
	household->inherited = pages_map(INHERITED);
	household->members[0] = getpid();
	thread = household->inherited ? actor_start(ACTOR_THREAD, actor_idle, NULL) : NULL;
	if (!thread)
		return 1;
	actor_await(thread);
	for (size_t i = 0; i < CHILDREN; i++) {
		children[i] = actor_start(ACTOR_PROCESS, bodies[i], NULL);
		if (!children[i])
			return 1;
		actor_await(children[i]);
		household->members[i + 1] = actor_tid(children[i]);
	}
	actor_ready();
	for (size_t i = 0; i < CHILDREN; i++)
		actor_join(children[i]);
	return actor_join(thread);
}

int picture_family(struct overlap *overlap)
{
	size_t size = sizeof(*household) + COMMON * sysconf(_SC_PAGESIZE);
	struct actor *parent;
	int result = -1;

	if (environment()->without_module)
		return -1;
	household = shared_block(size);
	if (!household)
		return -1;
	memset(household->common, 1, COMMON * sysconf(_SC_PAGESIZE));
	parent = actor_start(ACTOR_PROCESS, be_parent, NULL);
	if (parent) {
		actor_await(parent);
		if (household->members[CHILDREN])
			result = overlap_read(overlap, household->members, NULL, CHILDREN + 1);
		actor_join(parent);
	}
	munmap(household, size);
	return result;
}

static int read_class(uint64_t *buckets, enum switch_class class)
{
	struct snapshot latency;

	memset(buckets, 0, LATENCY_BUCKETS * sizeof(*buckets));
	if (snapshot_read(&latency, &format_latency, NULL, 0))
		return -1;
	for (size_t i = 0; i < latency.count; i++) {
		const struct latency_record *record = snapshot_record(&latency, i);

		if (record->class == class && record->bucket < LATENCY_BUCKETS)
			buckets[record->bucket] += record->count;
	}
	snapshot_free(&latency);
	return 0;
}

static int play(struct pingpong *game, enum actor_kind kind, enum switch_class class,
		uint64_t *buckets)
{
	struct pingpong_match match = { 0 };
	uint64_t before[LATENCY_BUCKETS];
	struct pingpong_time time;

	if (read_class(before, class) || !pingpong_play(game, kind, &match, &time) ||
	    read_class(buckets, class))
		return -1;
	for (size_t i = 0; i < LATENCY_BUCKETS; i++)
		buckets[i] = counter_since(buckets[i], before[i]);
	return 0;
}

int picture_latencies(struct latencies *latencies)
{
	struct pingpong game;
	int result;

	if (!environment_offers("latency") || probes_hold("=latency"))
		return -1;
	if (!pingpong_open(&game, 1009, 0))
		return -1;
	pin_to(measuring_cpu());
	result = play(&game, ACTOR_PROCESS, SWITCH_PROCESS, latencies->buckets[0]) ||
		 play(&game, ACTOR_THREAD, SWITCH_THREAD, latencies->buckets[1]) ? -1 : 0;
	unpin();
	pingpong_close(&game);
	return result;
}
