// SPDX-License-Identifier: GPL-2.0
/*
 * Are two addresses one frame, and why: from two sides that are alike, with one thing
 * changed at a time. The reason is the one that explains it, whichever side comes first.
 */
#include <string.h>

#include "model/same-frame.h"
#include "tap.h"
#include "uapi/sharestat.h"

static struct same_side one, other;

/* A page of anonymous memory that a parent and its child have had since the fork. */
static void begin(void)
{
	one = (struct same_side) {
		.tgid = 100, .va = 0x7000, .present = true, .pfn = 55, .mapped = true,
		.perms = "rw-p", .start = 0x7000, .name = "", .mm = 0xa,
		.run = { .sharing = SHARING_COW },
	};
	other = one;
	other.tgid = 200;
	other.mm = 0xb;
}

/* The same page of a file that both map. */
static void begin_file(void)
{
	begin();
	one.name = "/lib/one.so";
	one.device = 8ULL << 32 | 1;
	one.inode = 77;
	one.offset = 0x3000;
	one.run.sharing = SHARING_LIBTEXT;
	other.name = one.name;
	other.device = one.device;
	other.inode = one.inode;
	other.offset = one.offset;
	other.run.sharing = SHARING_LIBTEXT;
}

static void check(enum verdict_same verdict, const char *words, const char *what)
{
	char text[512], turned[512];

	same_reason(text, sizeof(text), &one, &other);
	same_reason(turned, sizeof(turned), &other, &one);
	if (!CHECK(same_verdict(&one, &other) == verdict && same_verdict(&other, &one) == verdict &&
		   strstr(text, words) && strstr(turned, words), "same: %s", what))
		printf("# %s\n# %s\n", text, turned);
}

static void test_one_frame(void)
{
	begin();
	check(SAME_FRAME, "still shared copy-on-write since a fork", "since a fork");
	other.mm = 0xa;
	check(SAME_FRAME, "have one address space", "one address space of two processes");
	other.tgid = 100;
	check(SAME_FRAME, "the same page of the same process", "one process");
	begin();
	one.run.sharing = SHARING_ZERO;
	other.run.sharing = SHARING_ZERO;
	check(SAME_FRAME, "one page of zeros", "zeros");
	one.run.sharing = SHARING_KSM;
	other.run.sharing = SHARING_KSM;
	check(SAME_FRAME, "samepage merging found equal", "merged");
	one.run.sharing = SHARING_SPECIAL;
	other.run.sharing = SHARING_SPECIAL;
	one.name = "[vdso]";
	other.name = "[vdso]";
	check(SAME_FRAME, "the kernel's own that every process maps: [vdso]", "of the kernel");
}

static void test_one_file(void)
{
	begin_file();
	check(SAME_FRAME, "the same page of /lib/one.so (device 8:1, inode 77), offset 0x3000",
	      "a page of a file");
	other.device++;
	check(SAME_FRAME, "both map one page of /lib/one.so (class libtext)",
	      "the inode of another device is another one");
	begin_file();
	one.run.sharing = SHARING_MAPFILE;
	other.run.sharing = SHARING_MAPFILE;
	one.run.pte = SHARESTAT_PTE_WRITE;
	check(SAME_FRAME, "class mapfile", "one of them may write");
	other.run.pte = SHARESTAT_PTE_WRITE;
	check(SAME_FRAME, "class mapfile: each sees what the other writes", "both may write");
	one.run.pte = SHARESTAT_PTE_TABLE;
	other.run.pte = SHARESTAT_PTE_TABLE;
	check(SAME_FRAME, "; they share the page table, too", "one page table");
	other.va += 0x1000;
	check(SAME_FRAME, "class mapfile", "elsewhere in a table");
}

static void test_absent(void)
{
	begin();
	one.present = false;
	one.run.sharing = 0;
	check(DIFFERENT_FRAMES, "100:7000 is not present: it has not been touched", "not there");
	one.swapped = true;
	check(DIFFERENT_FRAMES, "100:7000 is swapped out", "swapped out");
	one.mapped = false;
	check(DIFFERENT_FRAMES, "100 has nothing mapped at 7000", "nothing is mapped there");
	other.present = false;
	CHECK(same_verdict(&one, &other) == NO_FRAME, "same: of neither anything can be said");
}

static void test_files_differ(void)
{
	begin_file();
	other.pfn = 56;
	check(DIFFERENT_FRAMES, "replaced meanwhile", "a page of the cache that was replaced");
	other.run.sharing = SHARING_PRIVATE;
	check(DIFFERENT_FRAMES, "200 has written to its private mapping", "one has written");
	one.run.sharing = SHARING_PRIVATE;
	check(DIFFERENT_FRAMES, "have each written to their own copy", "both have written");
	other.offset = 0x4000;
	check(DIFFERENT_FRAMES, "different pages of /lib/one.so: offset", "another page");
	other.device++;
	check(DIFFERENT_FRAMES, "(another inode of this name)", "another device, the same name");
	other.name = "/lib/other.so";
	check(DIFFERENT_FRAMES, "they map different files", "another file");
}

static void test_memory_differs(void)
{
	begin();
	other.pfn = 56;
	check(DIFFERENT_FRAMES, "but not with the other one here", "each shares with another");
	other.run.sharing = SHARING_PRIVATE;
	check(DIFFERENT_FRAMES, "200 wrote there and has a copy of its own, while 100:7000",
	      "the child wrote");
	one.run.sharing = SHARING_PRIVATE;
	check(DIFFERENT_FRAMES, "each has a copy of its own", "both have one of their own");
	other.run.pte = SHARESTAT_PTE_WRITE;
	check(DIFFERENT_FRAMES, "200 wrote there and got a copy, 100 still has the page as it was",
	      "who wrote is who may write");
	other.start = 0x6000;
	check(DIFFERENT_FRAMES, "anonymous memory of its own", "no mapping of a fork");
	other.mm = 0xa;
	check(DIFFERENT_FRAMES, "two pages of one address space", "in one address space");
	begin();
	other.pfn = 56;
	other.run.sharing = SHARING_KSM;
	check(DIFFERENT_FRAMES, "has merged 200's page", "one is merged");
	other.run.sharing = SHARING_ZERO;
	check(DIFFERENT_FRAMES, "200 has not written there yet", "one is zeros");
	other.run.sharing = SHARING_MEMFD;
	other.name = "/memfd:x";
	check(DIFFERENT_FRAMES, "memfd (/memfd:x)", "of two kinds");
}

void test_same_frame(void)
{
	test_one_frame();
	test_one_file();
	test_absent();
	test_files_differ();
	test_memory_differs();
}
