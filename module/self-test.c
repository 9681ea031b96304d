// SPDX-License-Identifier: GPL-2.0
/*
 * At load: does the module read this kernel right? It is built by what the headers say
 * (compat/features.mk); what they do not say, such as how mappings are counted, would
 * show as wrong numbers. So the address space of the loader is walked once, with pages in
 * it of which all is known, and held against what the kernel itself has counted.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#include "compat/mm.h"
#include "pages/pages.h"
#include "self-test.h"

#define TRIES 5
#define CHUNKS_MAX 16	/* of a walk: a loader with more than that maps is not looked at */

enum known_page {
	WRITTEN,	/* anonymous memory, written to */
	UNWRITTEN,	/* anonymous memory that was only read */
	ONCE, AGAIN,	/* shared memory, mapped at two addresses */
	KNOWN_PAGES
};

/* What the walk said of a page. */
struct sighting {
	unsigned long va;
	bool seen;
	unsigned long pfn;
	u32 maps;
	unsigned int kind;
	enum sharing_class class;
};

struct test {
	struct walk walk;
	struct vma_class class;
	struct sighting page[KNOWN_PAGES];
	long vmas, migration, pages[NR_MM_COUNTERS];
	/* The first that differs. */
	const char *what;
	long found, expected;
};

static const char *reason = "switched_off";

const char *self_test_reason(void)
{
	return reason;
}

/* What is known */

static unsigned long __init map(struct file *file, unsigned long pages, unsigned long flags)
{
	return vm_mmap(file, 0, pages * PAGE_SIZE, PROT_READ | PROT_WRITE, flags, 0);
}

static void __init unmap(unsigned long va, unsigned long pages)
{
	if (!IS_ERR_VALUE(va))
		vm_munmap(va, pages * PAGE_SIZE);
}

/* Nobody but the loader can have unmapped it meanwhile. Return: NULL when it did. */
static struct file *__init get_mapped_file(unsigned long va)
{
	struct vm_area_struct *vma;
	struct file *file = NULL;

	mmap_read_lock(current->mm);
	vma = find_vma(current->mm, va);
	if (vma && vma->vm_start <= va && vma->vm_file)
		file = get_file(vma->vm_file);
	mmap_read_unlock(current->mm);
	return file;
}

static unsigned long __init map_again(unsigned long va)
{
	struct file *file = get_mapped_file(va);
	unsigned long again;

	if (!file)
		return -ENOMEM;
	again = map(file, 1, MAP_SHARED);
	fput(file);
	return again;
}

static bool __init touch(const struct sighting *page)
{
	unsigned char byte;

	return !put_user(1, (unsigned char __user *)page[WRITTEN].va) &&
	       !get_user(byte, (unsigned char __user *)page[UNWRITTEN].va) &&
	       !put_user(1, (unsigned char __user *)page[ONCE].va) &&
	       !get_user(byte, (unsigned char __user *)page[AGAIN].va);
}

/* What the walk finds */

static bool __init meet_vma(struct walk *walk, struct vm_area_struct *vma)
{
	struct test *test = walk->data;

	/* Else it comes back into one. */
	if (walk->next == vma->vm_start)
		test->vmas++;
	test->class = classify_vma(vma);
	return true;
}

/* As mm_counter() does. */
static int __init counter_of(const struct mapping_run *run)
{
	if (run->kind & FRAME_ANON)
		return MM_ANONPAGES;
	return run->flags & BIT(PG_swapbacked) ? MM_SHMEMPAGES : MM_FILEPAGES;
}

static bool __init meet_run(struct walk *walk, const struct mapping_run *run)
{
	struct test *test = walk->data;
	struct sighting *page;

	if (!(run->kind & (FRAME_NONE | FRAME_ZERO | FRAME_HUGETLB)))
		test->pages[counter_of(run)] += run->pages;
	for (page = test->page; page < test->page + KNOWN_PAGES; page++) {
		unsigned long further = (page->va - run->va) >> PAGE_SHIFT;

		if (page->va < run->va || further >= run->pages)
			continue;
		page->seen = true;
		page->pfn = run->pfn + further;
		page->maps = run->maps;
		page->kind = run->kind;
		page->class = classify_mapping(&test->class, run->kind, run->maps);
	}
	return true;
}

static void __init meet_nonpresent(struct walk *walk, bool migration, unsigned long pages)
{
	struct test *test = walk->data;

	if (migration)
		test->migration += pages;
	else
		test->pages[MM_SWAPENTS] += pages;
}

static const struct walk_ops ops __initconst = {
	.vma = meet_vma,
	.run = meet_run,
	.nonpresent = meet_nonpresent,
};

/* Return: 0 at its end, 1 when that is too far away, or -errno. */
static int __init walk_loader(struct test *test)
{
	unsigned int chunks;
	int ret = 1;

	for (chunks = 0; ret == 1 && chunks < CHUNKS_MAX; chunks++)
		ret = walk_chunk(&test->walk);
	return ret;
}

/* The comparison */

static bool __init differs(struct test *test, const char *what, long found, long expected)
{
	if (found == expected)
		return false;
	test->what = what;
	test->found = found;
	test->expected = expected;
	return true;
}

/* Is there nobody who could have changed something: a thread, a reader of /proc? */
static bool __init is_alone(const struct test *test)
{
	return atomic_read(&current->mm->mm_users) == 1 && !test->migration;
}

static bool __init sums_differ(struct test *test)
{
	return differs(test, "mappings", test->vmas, current->mm->map_count) ||
	       differs(test, "anonymous pages", test->pages[MM_ANONPAGES],
		       own_mm_counter(MM_ANONPAGES)) ||
	       differs(test, "pages of files", test->pages[MM_FILEPAGES],
		       own_mm_counter(MM_FILEPAGES)) ||
	       differs(test, "pages of shared memory", test->pages[MM_SHMEMPAGES],
		       own_mm_counter(MM_SHMEMPAGES)) ||
	       differs(test, "swapped pages", test->pages[MM_SWAPENTS],
		       own_mm_counter(MM_SWAPENTS));
}

static bool __init anonymous_differs(struct test *test)
{
	const struct sighting *written = &test->page[WRITTEN];
	const struct sighting *unwritten = &test->page[UNWRITTEN];

	/* A large folio that was given for the first has the second, too. */
	return differs(test, "pages that were written to", written->seen, true) ||
	       differs(test, "pages that were read", unwritten->seen, true) ||
	       differs(test, "kind of anonymous memory", written->kind & ~FRAME_LARGE,
		       FRAME_ANON) ||
	       differs(test, "mappings of a page of its own", written->maps, 1) ||
	       differs(test, "class of a page of its own", written->class, SHARING_PRIVATE) ||
	       differs(test, "class of a page that was never written to", unwritten->class,
		       unwritten->kind & FRAME_ANON ? SHARING_PRIVATE : SHARING_ZERO);
}

static bool __init shared_differs(struct test *test)
{
	const struct sighting *once = &test->page[ONCE], *again = &test->page[AGAIN];

	return differs(test, "pages that are mapped twice", once->seen + again->seen, 2) ||
	       differs(test, "frame of a page that is mapped twice", again->pfn, once->pfn) ||
	       differs(test, "mappings of a page that is mapped twice", again->maps,
		       once->kind & FRAME_LARGE ? again->maps : 2) ||
	       differs(test, "kind of shared memory", once->kind & ~FRAME_LARGE, 0) ||
	       (IS_ENABLED(CONFIG_SHMEM) &&
		differs(test, "class of shared memory", once->class, SHARING_MAPANON));
}

/* Return: 0, 1 when something differs, or -errno. */
static int __init look_once(struct test *test)
{
	int ret = walk_loader(test);

	if (ret)
		return ret < 0 ? ret : -E2BIG;
	return anonymous_differs(test) || shared_differs(test) ||
	       (is_alone(test) && sums_differ(test));
}

static int __init look(struct test *test)
{
	unsigned int try;
	int ret = 1;

	for (try = 0; ret == 1 && try < TRIES; try++) {
		struct sighting *page;

		test->walk = (struct walk) {
			.mm = current->mm, .ops = &ops, .data = test,
		};
		test->vmas = 0;
		test->migration = 0;
		memset(test->pages, 0, sizeof(test->pages));
		for (page = test->page; page < test->page + KNOWN_PAGES; page++)
			page->seen = false;
		ret = touch(test->page) ? look_once(test) : -ENOMEM;
	}
	return ret;
}

/* As look(), with the pages mapped. */
static int __init look_with_pages(struct test *test)
{
	unsigned long private = map(NULL, 2, MAP_PRIVATE | MAP_ANONYMOUS);
	unsigned long once = map(NULL, 1, MAP_SHARED | MAP_ANONYMOUS);
	unsigned long again = IS_ERR_VALUE(once) ? once : map_again(once);
	int ret = -ENOMEM;

	test->page[WRITTEN].va = private;
	test->page[UNWRITTEN].va = private + PAGE_SIZE;
	test->page[ONCE].va = once;
	test->page[AGAIN].va = again;
	if (!IS_ERR_VALUE(private) && !IS_ERR_VALUE(again))
		ret = look(test);
	unmap(private, 2);
	unmap(once, 1);
	unmap(again, 1);
	return ret;
}

int __init self_test_run(void)
{
	struct test test = {};
	int ret;

	if (!current->mm) {
		reason = "loaded_by_the_kernel";
		return 0;
	}
	ret = look_with_pages(&test);
	if (ret == 1) {
		pr_err("sharestat: self-test: %s: found %ld, should be %ld: its numbers would be wrong on this kernel; please report that (self_test=0 loads it all the same)\n",
		       test.what, test.found, test.expected);
		return -EOPNOTSUPP;
	}
	if (ret == -EINTR)
		return ret;
	reason = ret == -E2BIG ? "loader_too_large" : ret ? "no_memory" : NULL;
	return 0;
}
