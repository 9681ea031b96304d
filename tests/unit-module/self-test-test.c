// SPDX-License-Identifier: GPL-2.0
/*
 * The test at load, in a world where the walk tells the truth, and in such where it tells
 * one lie: each must be found. A page is one that its VMA gives, or that was touched.
 */
#include <sys/mman.h>

#include "kernel.h"

#define PAGES 64
#define TEXT 0		/* the loader's own: three of a file, one in swap, one of shared memory */
#define OWN (TEXT + 5)

enum lie {
	NONE, NO_FILE, ANON_FILE, SHARED_FILE, NO_SWAP, MORE_MAPPINGS, UNCOUNTED, COUNTED_TWICE,
	ZERO_PRIVATE, ZERO_LOST, WRITTEN_LOST, KIND_LOST, OTHER_FRAME, OTHER_CLASS, VMA_LOST,
	LIES, MIGRATION, ENDLESS, KILLED
};

static struct file shared_file;
static struct vm_area_struct vmas[16];
static unsigned int nvmas, fail_map, lies_for, chunks;
static bool touched[PAGES], written[PAGES];
static enum lie lie;
static struct { unsigned int maps, unmaps, files; } made;
static struct mm_struct mm;
static struct task_struct loader;
static char message[512];

#define pr_err(...) snprintf(message, sizeof(message), __VA_ARGS__)
#define mmap_read_lock(mm) ((mm)->locked++)
#define mmap_read_unlock(mm) ((mm)->locked--)
#define get_file(file) (made.files++, (file))
#define fput(file) (made.files--)
#define put_user(value, at) touch_page((unsigned long)(at), true)
#define get_user(value, at) ((value) = 0, touch_page((unsigned long)(at), false))

static unsigned long address(unsigned int page)
{
	return 0x10000 + page * PAGE_SIZE;
}

static int touch_page(unsigned long at, bool write)
{
	unsigned int page = (at - address(0)) >> PAGE_SHIFT;

	touched[page] = true;
	written[page] |= write;
	return 0;
}

static struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long at)
{
	for (unsigned int i = 0; i < nvmas; i++)
		if (vmas[i].vm_end > at)
			return &vmas[i];
	return NULL;
}

static unsigned long vm_mmap(struct file *file, unsigned long at, unsigned long size,
			     unsigned long protection, unsigned long flags, unsigned long offset)
{
	unsigned long start = vmas[nvmas - 1].vm_end;

	if (fail_map && !--fail_map)
		return -ENOMEM;
	vmas[nvmas++] = (struct vm_area_struct) {
		.vm_start = start, .vm_end = start + size,
		.vm_file = flags & MAP_SHARED ? &shared_file : NULL,
	};
	mm.map_count++;
	made.maps++;
	return start;
}

static int vm_munmap(unsigned long start, size_t size)
{
	made.unmaps++;
	return 0;
}

#include SOURCE
#include "test.h"

struct vma_class classify_vma(struct vm_area_struct *vma)
{
	return (struct vma_class) {
		.file = lie == OTHER_CLASS && lies_for ? SHARING_SYSVSHM : SHARING_MAPANON,
	};
}

/* What the walk says of a page that is there. */
static void say_page(struct walk *walk, const struct vm_area_struct *vma, unsigned int page)
{
	enum lie now = lies_for ? lie : NONE;
	struct mapping_run run = {
		.va = address(page), .pfn = 100 + page, .pages = 1, .maps = 1, .refs = 1,
	};

	if (vma->vm_file) {
		run.flags = BIT(PG_swapbacked);
		run.maps = now == UNCOUNTED ? 1 : 2;
		run.pfn = now == OTHER_FRAME ? run.pfn : 99;
	} else {
		run.kind = written[page] ? FRAME_ANON : FRAME_ZERO;
		run.maps = now == COUNTED_TWICE ? 2 : 1;
	}
	if (now == (run.kind == FRAME_ZERO ? ZERO_PRIVATE : KIND_LOST))
		run.kind = 0;
	if ((now == ZERO_LOST && run.kind == FRAME_ZERO) || (now == WRITTEN_LOST && written[page]))
		return;
	walk->ops->run(walk, &run);
}

/* The loader's own pages are one run, and one in swap. */
static void say_own(struct walk *walk)
{
	enum lie now = lies_for ? lie : NONE;
	struct mapping_run run = { .va = address(TEXT), .pfn = 10, .pages = 3, .maps = 40 };
	struct mapping_run shared = { .va = address(TEXT + 4), .pfn = 20, .pages = 1, .maps = 4,
				      .flags = BIT(PG_swapbacked) };

	if (now == NO_FILE)
		run.kind = FRAME_NONE;
	if (now == ANON_FILE)
		run.kind = FRAME_ANON;
	if (now == SHARED_FILE)
		run.flags = BIT(PG_swapbacked);
	walk->ops->run(walk, &run);
	walk->ops->run(walk, &shared);
	if (now != NO_SWAP)
		walk->ops->nonpresent(walk, now == MIGRATION, 1);
}

int walk_chunk(struct walk *walk)
{
	if (lie == ENDLESS || lie == KILLED)
		return lie == ENDLESS ? 1 : -EINTR;
	if (chunks++ % 2 == 0) {
		walk->next = vmas[0].vm_start;
		walk->ops->vma(walk, &vmas[0]);
		say_own(walk);
		/* And so it comes back into it. */
		walk->next = address(TEXT + 5) - PAGE_SIZE;
		return 1;
	}
	walk->ops->vma(walk, &vmas[0]);
	for (unsigned int i = 1; i < nvmas; i++) {
		walk->next = vmas[i].vm_start;
		if (lie != VMA_LOST || !lies_for)
			walk->ops->vma(walk, &vmas[i]);
		for (unsigned long at = vmas[i].vm_start; at < vmas[i].vm_end; at += PAGE_SIZE)
			if (touched[(at - address(0)) >> PAGE_SHIFT])
				say_page(walk, &vmas[i], (at - address(0)) >> PAGE_SHIFT);
	}
	lies_for -= lies_for && lies_for != UINT_MAX;
	return 0;
}

/* @times: in so many looks the walk lies */
static int load(enum lie which, unsigned int times)
{
	memset(touched, 0, sizeof(touched));
	memset(written, 0, sizeof(written));
	vmas[0] = (struct vm_area_struct) { .vm_start = address(TEXT), .vm_end = address(OWN) };
	nvmas = 1;
	/* The pages of its own count, too: one is written to, one shared has two entries. */
	mm = (struct mm_struct) {
		.mm_users = { 1 }, .map_count = which == MORE_MAPPINGS ? 2 : 1,
		.counter = { [MM_FILEPAGES] = 3, [MM_ANONPAGES] = 1, [MM_SHMEMPAGES] = 3,
			     [MM_SWAPENTS] = 1 },
	};
	memset(&made, 0, sizeof(made));
	chunks = 0;
	message[0] = '\0';
	lie = which;
	lies_for = times;
	loader.mm = &mm;
	fake_current = &loader;
	return self_test_run();
}

static bool reason_is(const char *word)
{
	return self_test_reason() && !strcmp(self_test_reason(), word);
}

static bool nothing_is_left(void)
{
	return made.maps == made.unmaps && !made.files && !mm.locked;
}

static void test_lies(void)
{
	static const char *const names[LIES] = {
		"none", "pages of files", "file pages as anonymous", "file pages as shared memory",
		"swap", "a mapping that is not walked", "a page mapped twice", "a page mapped once",
		"a zero page", "a zero page that is lost", "a page that is lost", "the kind",
		"the frame", "the class", "a VMA",
	};

	for (enum lie which = NO_FILE; which < LIES; which++) {
		CHECK(load(which, UINT_MAX) == -EOPNOTSUPP && strstr(message, "should be"),
		      "self-test: a lie about %s is found (%.60s)", names[which], message);
		CHECK(made.maps == 3 && nothing_is_left(), "self-test: and nothing is left behind");
	}
	CHECK(!load(NO_FILE, 2) && !self_test_reason(),
	      "self-test: what soon passes is looked at again");
}

static void test_truth(void)
{
	CHECK(reason_is("switched_off"), "self-test: not asked for");
	CHECK(!load(NONE, 0) && !self_test_reason() && !message[0],
	      "self-test: the truth passes: %s", message);
	CHECK(made.maps == 3 && nothing_is_left(), "self-test: it leaves nothing behind");
}

static void test_not_done(void)
{
	for (unsigned int i = 1; i <= 3; i++) {
		fail_map = i;
		CHECK(!load(NONE, 0) && reason_is("no_memory") && nothing_is_left(),
		      "self-test: map %u fails", i);
	}
	fail_map = 0;
	/* Others may change what is counted: its own pages are looked at all the same. */
	CHECK(!load(MIGRATION, UINT_MAX), "self-test: a page that is on its way");
	CHECK(!load(ENDLESS, UINT_MAX) && reason_is("loader_too_large"),
	      "self-test: a loader with very many pages");
	CHECK(load(KILLED, UINT_MAX) == -EINTR && nothing_is_left(), "self-test: who is killed");
	loader.mm = NULL;
	CHECK(!self_test_run() && reason_is("loaded_by_the_kernel"),
	      "self-test: without an address space");
}

void test(void)
{
	test_truth();
	test_lies();
	test_not_done();
}
