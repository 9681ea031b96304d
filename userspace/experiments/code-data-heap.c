// SPDX-License-Identifier: GPL-2.0
/*
 * Globals, data, heap and code: the actor writes, the measuring task reads.
 * Two page tables lead to one frame until the write and to two after it (copy
 * on write); one page table leads both to whatever the write left.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/look-at-pages.h"
#include "read/names.h"
#include "read/page-lookup.h"

#define OLD_VALUE 31
#define NEW_VALUE 37
#define PAGE_SIZE_MAX 65536	/* so that nothing else is on the pages below */

struct area {
	enum actor_kind about;		/* whom the claim is about; the other is shown beside it */
	const char *what, *where;	/* "the code", "an instruction" */
	volatile void *(*place)(void);	/* a page that reads OLD_VALUE */
	int (*read)(volatile void *place);
	int (*write)(volatile void *place, int value);
	void (*restore)(volatile void *place);
};

/* What was seen of one side; [0] before the write, [1] after it. */
struct writing {
	const char *where;
	struct task_pair pair;
	struct page_view measurer[2], actor[2];
	int value;		/* that the measuring task reads after it */
};

/* --- the areas --- */

struct lonely {
	int value;
} __attribute__((aligned(PAGE_SIZE_MAX)));

static struct lonely global;				/* .bss */
static struct lonely initialised = { OLD_VALUE };	/* .data */

static int read_value(volatile void *place)
{
	return *(volatile int *)place;
}

static int write_value(volatile void *place, int value)
{
	*(volatile int *)place = value;
	return 0;
}

static void restore_value(volatile void *place)
{
	write_value(place, OLD_VALUE);
}

static volatile void *place_global(void)
{
	restore_value(&global.value);
	return &global.value;
}

static volatile void *place_initialised(void)
{
	restore_value(&initialised.value);
	return &initialised.value;
}

static volatile void *place_heap(void)
{
	void *object = aligned_alloc(sysconf(_SC_PAGESIZE), sysconf(_SC_PAGESIZE));

	if (object)
		restore_value(object);
	return object;
}

static void free_heap(volatile void *place)
{
	free((void *)place);
}

/*
 * Code is written by changing the one constant in an instruction: the bytes in
 * which two functions that return different constants differ.
 */
#define ONE_CONSTANT __attribute__((noipa, aligned(16), no_profile_instrument_function))
#define FUNCTION_BYTES 16

static int ONE_CONSTANT answer_old(void)
{
	return OLD_VALUE;
}

static int ONE_CONSTANT answer_new(void)
{
	return NEW_VALUE;
}

static unsigned char original[FUNCTION_BYTES];

static volatile void *place_code(void)
{
	memcpy(original, (void *)(uintptr_t)answer_old, sizeof(original));
	return (volatile void *)(uintptr_t)answer_old;
}

static int call_code(volatile void *place)
{
	return ((int (*)(void))(uintptr_t)place)();
}

static int protect_code(volatile void *place, int protection)
{
	const size_t page_size = sysconf(_SC_PAGESIZE);

	return mprotect((void *)((uintptr_t)place & -page_size), page_size, protection);
}

static int patch_code(volatile void *place, const unsigned char *source)
{
	volatile unsigned char *code = place;
	size_t i = 0;

	if (protect_code(place, PROT_READ | PROT_WRITE | PROT_EXEC))
		return -1;
	while (i < FUNCTION_BYTES && code[i] == source[i])
		i++;
	for (; i < FUNCTION_BYTES && code[i] != source[i]; i++)
		code[i] = source[i];
	__builtin___clear_cache((char *)place, (char *)place + FUNCTION_BYTES);
	return protect_code(place, PROT_READ | PROT_EXEC);
}

static int write_code(volatile void *place, int value)
{
	return patch_code(place, value == NEW_VALUE ?
			  (unsigned char *)(uintptr_t)answer_new : original);
}

static void restore_code(volatile void *place)
{
	patch_code(place, original);
}

/* --- the experiment --- */

struct work {
	const struct area *area;
	volatile void *place;
};

/* Reads first: a new process has no page table entry for code it has not run. */
static int act(void *arg)
{
	const struct work *work = arg;

	if (work->area->read(work->place) != OLD_VALUE)
		return 1;
	actor_ready();
	if (work->area->write(work->place, NEW_VALUE) ||
	    work->area->read(work->place) != NEW_VALUE)
		return 2;
	actor_ready();
	return 0;
}

static int look(const struct work *work, struct actor *actor, struct writing *writing,
		int moment, struct tally *tally)
{
	const void *place = (const void *)work->place;
	const pid_t tid = actor_tid(actor);
	int present;

	actor_await(actor);
	present = view_pages(getpid(), getpid(), place, 1, &writing->measurer[moment], tally);
	if (present == 1)
		present = view_pages(actor_tgid(actor), tid, place, 1,
				     &writing->actor[moment], tally);
	return present == 1 ? 0 : -1;
}

static int observe(const struct work *work, enum actor_kind kind,
		   struct writing *writing, struct tally *tally)
{
	struct actor *actor = actor_start(kind, act, (void *)work);
	int error, value;

	if (!actor)
		return -1;
	writing->where = work->area->where;
	error = look(work, actor, writing, 0, tally);
	actor_release(actor);
	error |= look(work, actor, writing, 1, tally);
	error |= task_pair(&writing->pair, actor_tid(actor));
	writing->value = work->area->read(work->place);
	actor_release(actor);
	value = actor_join(actor);
	return error || value ? -1 : 0;
}

static int write_by(struct finding *finding, const struct area *area,
		    enum actor_kind kind, struct writing *writing, struct tally *tally)
{
	struct work work = { area, area->place() };

	if (!work.place || area->read(work.place) != OLD_VALUE) {
		finding_impossible(finding, "cannot prepare %s", area->what);
		return -1;
	}
	if (observe(&work, kind, writing, tally)) {
		finding_impossible(finding, "the %s could not write %s, or its page is not seen",
				   side_name[kind], area->what);
		area->restore(work.place);
		return -1;
	}
	area->restore(work.place);
	return 0;
}

static void show(struct finding *finding, enum actor_kind kind, const struct writing *writing)
{
	static const char *const moments[2] = { "before", "after" };

	finding_evidence(finding, "debugfs:tasks", "%s: %s", side_name[kind],
			 same_object(&writing->pair, OBJECT_MM) ?
			 "both run in one address space: one page table" :
			 "two address spaces: two page tables");
	for (int i = 0; i < 2 && !sight_lacks(SEE_FRAMES); i++) {
		const struct page_facts *a = &writing->measurer[i].facts;
		const struct page_facts *b = &writing->actor[i].facts;

		finding_evidence(finding, "debugfs:frames",
				 "%s, %s the write: %s at frame %llx (maps %llu, %s), %s at frame %llx (maps %llu, %s)",
				 side_name[kind], moments[i], measurer_name[kind],
				 (unsigned long long)a->pfn, (unsigned long long)a->maps,
				 sharing_names[a->sharing], actor_name[kind],
				 (unsigned long long)b->pfn, (unsigned long long)b->maps,
				 sharing_names[b->sharing]);
	}
	finding_evidence(finding, "memory", "%s: the %s writes %d over %d in %s, the %s then finds %d",
			 side_name[kind], actor_name[kind], NEW_VALUE, OLD_VALUE,
			 writing->where, measurer_name[kind], writing->value);
}

/* Two page tables, and after the write two frames: when they were parted does not matter. */
static void require_own(struct finding *finding, const struct area *area,
			const struct writing *writing)
{
	finding_require(finding, !same_object(&writing->pair, OBJECT_MM),
			"a child has a page table of its own");
	finding_require(finding, writing->value == OLD_VALUE,
			"the parent keeps its value when a child writes %s", area->what);
	finding_require_seen(finding, SEE_FRAMES,
			     !same_frame(&writing->measurer[1], &writing->actor[1]),
			     "what a child has written is on a frame of its own");
}

/* One frame under the one page table: what maps counts stays 1. */
static void require_shared(struct finding *finding, const struct area *area,
			   const struct writing *writing)
{
	finding_require(finding, same_object(&writing->pair, OBJECT_MM),
			"threads have one page table");
	finding_require(finding, writing->value == NEW_VALUE,
			"the main thread finds what a thread writes to %s", area->what);
	finding_require_seen(finding, SEE_FRAMES,
			     same_frame(&writing->measurer[1], &writing->actor[1]),
			     "threads have one frame");
	finding_require_seen(finding, SEE_FRAMES, writing->measurer[1].facts.maps == 1,
			     "that frame is mapped once");
}

static void describe(struct side *side, const struct writing *writing)
{
	side_text(side, "%s value, %s", writing->value == NEW_VALUE ? "new" : "old",
		  sight_lacks(SEE_FRAMES) ? "frames not seen" :
		  same_frame(&writing->measurer[1], &writing->actor[1]) ?
		  "one frame" : "two frames");
}

static void decide(struct finding *finding, const struct area *area,
		   const struct writing *process, const struct writing *thread)
{
	describe(&finding->process, process);
	describe(&finding->thread, thread);
	if (area->about == ACTOR_PROCESS)
		require_own(finding, area, process);
	else
		require_shared(finding, area, thread);
	finding_decide(finding, "after a child writes %s the parent has the %s value; after a thread does, the main thread has the %s one",
		       area->what, process->value == OLD_VALUE ? "old" : "new",
		       thread->value == OLD_VALUE ? "old" : "new");
}

static void measure_area(struct finding *finding, const struct area *area)
{
	struct writing process, thread;
	struct tally tally = { 0, 0 };

	if (!finding_needs(finding, SEE_OBJECTS) ||
	    write_by(finding, area, ACTOR_PROCESS, &process, &tally) ||
	    write_by(finding, area, ACTOR_THREAD, &thread, &tally))
		return;
	show(finding, ACTOR_PROCESS, &process);
	show(finding, ACTOR_THREAD, &thread);
	tally_evidence(finding, &tally);
	decide(finding, area, &process, &thread);
}

void measure_own_globals(struct finding *finding)
{
	static const struct area area = {
		ACTOR_PROCESS,
		"a global variable", "a variable in .bss",
		place_global, read_value, write_value, restore_value,
	};

	measure_area(finding, &area);
}

void measure_shared_data(struct finding *finding)
{
	static const struct area area = {
		ACTOR_THREAD,
		"initialised data", "a variable in .data",
		place_initialised, read_value, write_value, restore_value,
	};

	measure_area(finding, &area);
}

void measure_shared_heap(struct finding *finding)
{
	static const struct area area = {
		ACTOR_THREAD,
		"the heap", "an object on the heap",
		place_heap, read_value, write_value, free_heap,
	};

	measure_area(finding, &area);
}

void measure_shared_code(struct finding *finding)
{
	static const struct area area = {
		ACTOR_THREAD,
		"code", "an instruction",
		place_code, call_code, write_code, restore_code,
	};

	measure_area(finding, &area);
}
