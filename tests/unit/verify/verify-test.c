// SPDX-License-Identifier: GPL-2.0
/*
 * What verify compares of a process: each figure spoilt once, in files of words as /proc
 * has them; and the sums over the records of a mapping, against the numbers of which they
 * were made, for so many mappings that no search through all of them for each would end.
 */
#include <unistd.h>

#include "verify/pages.c"
#include "tap.h"

#define MAPPINGS 200000
#define SWAP_OF(i) ((i) % 7)

/* A mapping is of one record or of several; between them lies what only `vmas` has. */
static void make(struct subject *subject)
{
	struct vma_record vma = { .tgid = 1 };
	uint64_t va = 1 << 20;

	subject->pid = 1;
	subject->runs.page_size = 4096;
	subject->smaps.list = calloc(MAPPINGS, sizeof(struct smap));
	for (size_t i = 0; i < MAPPINGS; i++) {
		struct smap *smap = &subject->smaps.list[subject->smaps.count++];
		unsigned int parts = 1 + (unsigned int)random() % 3;

		smap->start = va;
		smap->swap = 4 * SWAP_OF(i) * parts;
		smap->inode = 1;
		vma.swap = SWAP_OF(i);
		for (; parts; parts--, va += 4096) {
			vma.start = va;
			collect_vma(&vma, subject);
		}
		smap->end = va;
		if (random() % 4)
			continue;
		vma.start = va;
		vma.swap = 99;
		collect_vma(&vma, subject);
		va += 4096;
	}
}

/*
 * A process of whom all is known: a mapping of five pages on frames 10 to 14, of which the
 * third is shared; a page of zeros twice; and a huge page, whose table has its flags.
 */
#define HUGE 700		/* pages: more than are read at a time */
#define ANON (KPF(MMAP) | KPF(ANON) | KPF(UPTODATE) | KPF(SWAPBACKED))
#define FRAMES 2048

static uint64_t pagemap[1 << 14], counts[FRAMES], kflags[FRAMES];
static struct frame_run runs[4];
static struct vma_record vmas[3];
static struct smap smaps[3];
static struct subject known;

static int file_of(const uint64_t *words, size_t bytes)
{
	FILE *file = tmpfile();
	int fd = file ? dup(fileno(file)) : -1;

	if (file)
		fclose(file);
	if (fd < 0 || pwrite(fd, words, bytes, 0) != (ssize_t)bytes)
		err(EXIT_FAILURE, "a witness");
	return fd;
}

static void map(uint64_t va, uint64_t pfn, uint64_t count, uint64_t flags)
{
	pagemap[va >> 12] = PAGEMAP_PRESENT | pfn;
	counts[pfn] = count;
	kflags[pfn] = flags;
}

static void know(void)
{
	static const struct frame_run all[] = {
		{ .tgid = 1, .va = 0x100000, .pfn = 10, .pages = 2, .maps = 1, .flags = ANON,
		  .sharing = SHARING_PRIVATE },
		{ .tgid = 1, .va = 0x102000, .pfn = 12, .pages = 3, .maps = 2, .flags = ANON,
		  .sharing = SHARING_COW },
		{ .tgid = 1, .va = 0x200000, .pfn = 7, .pages = 2, .maps = 0,
		  .flags = KPF(ZERO_PAGE), .sharing = SHARING_ZERO },
		{ .tgid = 1, .va = 0x400000, .pfn = 1024, .pages = HUGE, .maps = 1,
		  .flags = ANON | KPF(THP), .sharing = SHARING_PRIVATE },
	};

	memset(pagemap, 0, sizeof(pagemap));
	memset(counts, 0, sizeof(counts));
	memset(kflags, 0, sizeof(kflags));
	memcpy(runs, all, sizeof(all));
	for (uint64_t i = 0; i < 5; i++)
		map(0x100000 + i * 4096, 10 + i, i < 2 ? 1 : 2, ANON | KPF(REFERENCED));
	map(0x200000, 7, 0, KPF(ZERO_PAGE));
	map(0x201000, 7, 0, KPF(ZERO_PAGE));
	for (uint64_t i = 0; i < HUGE; i++)
		map(0x400000 + i * 4096, 1024 + i, 1, i ? KPF(MMAP) | KPF(ANON) | KPF(THP) |
		    KPF(COMPOUND_TAIL) : ANON | KPF(THP));
	vmas[0] = (struct vma_record) { .tgid = 1, .start = 0x100000, .present = 5, .rss = 5,
					.uss = 2, .pss = 14336 };
	vmas[1] = (struct vma_record) { .tgid = 1, .start = 0x200000, .present = 2 };
	vmas[2] = (struct vma_record) { .tgid = 1, .start = 0x400000, .present = HUGE,
					.rss = HUGE, .uss = HUGE, .pss = HUGE * 4096, .swap = 3 };
	smaps[0] = (struct smap) { .start = 0x100000, .end = 0x105000, .rss = 20, .pss = 14,
				   .private = 8 };
	smaps[1] = (struct smap) { .start = 0x200000, .end = 0x202000 };
	smaps[2] = (struct smap) { .start = 0x400000, .end = 0x400000 + HUGE * 4096,
				   .rss = HUGE * 4, .pss = HUGE * 4, .private = HUGE * 4,
				   .swap = 12 };
	known = (struct subject) {
		.pid = 1, .vmas = vmas, .nvmas = 3, .smaps = { smaps, 3 },
		.runs = { .runs = runs, .count = 4, .page_size = 4096 },
	};
}

/* What is spoilt by now is seen as so many differences, at this address, and as no other. */
static void sees(enum check kind, uint64_t differences, uint64_t where, const char *what)
{
	struct look look = { .vmas = 0 };
	uint64_t all = 0;

	known.words = (struct page_words) {
		file_of(pagemap, sizeof(pagemap)), file_of(counts, sizeof(counts)),
		file_of(kflags, sizeof(kflags)),
	};
	compare_all(&known, &look);
	for (enum check check = 0; check < CHECKS; check++)
		all += look.differing[check];
	if (!CHECK(look.differing[kind] == differences && all == differences &&
		   (!all || look.list[0].where == where), "verify: %s", what))
		printf("# %llu differences, %llu of the kind, the first at %llx\n",
		       (unsigned long long)all, (unsigned long long)look.differing[kind],
		       (unsigned long long)(look.count ? look.list[0].where : 0));
	page_words_close(&known.words);
	know();
}

static void test_frames(void)
{
	know();
	sees(CHECK_FRAME, 0, 0, "nothing is wrong");
	pagemap[0x103] = PAGEMAP_PRESENT | 99;
	sees(CHECK_FRAME, 1, 0x103000, "a page on another frame");
	pagemap[0x201] = 0;
	sees(CHECK_FRAME, 1, 0x201000, "a page of zeros that is not present");
	pagemap[0x400 + 300] = 0;
	sees(CHECK_FRAME, 1, 0x400000 + 300 * 4096, "one in the midst of a huge page");
	counts[11] = 2;
	sees(CHECK_MAPS, 1, 0x101000, "a mapping more");
	counts[14] = 1;
	sees(CHECK_MAPS, 1, 0x104000, "a mapping fewer");
	kflags[10] |= KPF(DIRTY);
	sees(CHECK_FLAGS, 1, 0x100000, "a flag more");
	kflags[10] = ANON;
	sees(CHECK_FLAGS, 0, 0, "that a page was referenced changes by itself");
	kflags[7] = 0;
	sees(CHECK_FLAGS, 2, 0x200000, "zeros that are none");
	kflags[1024 + 9] &= ~KPF(THP);
	sees(CHECK_FLAGS, 1, 0x409000, "a tail page that is of no huge one");
	kflags[1024 + 9] |= KPF(DIRTY);
	sees(CHECK_FLAGS, 0, 0, "a tail page has no flags of its own");
	runs[3].pfn = FRAMES - 256;
	for (uint64_t i = 0; i < HUGE; i++)
		pagemap[0x400 + i] = PAGEMAP_PRESENT | (FRAMES - 256 + i);
	for (uint64_t i = FRAMES - 256; i < FRAMES; i++) {
		counts[i] = 1;
		kflags[i] = kflags[1025];
	}
	kflags[FRAMES - 256] = kflags[1024];
	known.average_maps = true;
	sees(CHECK_FLAGS, HUGE - 256, 0x500000, "frames that /proc does not know");
}

/* Where /proc has an average alone, and where two processes have one table. */
static void test_averages(void)
{
	for (uint64_t i = 0; i < HUGE; i++)
		counts[1024 + i] = 2;
	sees(CHECK_MAPS, HUGE, 0x400000, "a huge page has other counts");
	known.average_maps = true;
	for (uint64_t i = 0; i < HUGE; i++)
		counts[1024 + i] = 2;
	smaps[2].pss = HUGE * 2;
	sees(CHECK_MAPS, 0, 0, "but where they are averages");
	known.average_maps = true;
	counts[10] = 2;
	sees(CHECK_MAPS, 1, 0x100000, "which small pages never have");
	runs[3].pte |= SHARESTAT_PTE_TABLE;
	runs[3].maps = 2;
	vmas[2].uss = 0;
	smaps[2].private = 0;
	sees(CHECK_MAPS, 0, 0, "a table of two processes is one mapping for /proc");
	runs[3].pte |= SHARESTAT_PTE_TABLE;
	sees(CHECK_MAPS, HUGE, 0x400000, "and more than one for us");
}

static void test_sums(void)
{
	smaps[0].rss = 16;
	sees(CHECK_RSS, 1, 0x100000, "another Rss");
	smaps[0].pss = 13;
	sees(CHECK_PSS, 1, 0x100000, "another Pss");
	smaps[0].private = 4;
	sees(CHECK_USS, 1, 0x100000, "another Private");
	smaps[0].lazyfree = 4;
	sees(CHECK_LAZYFREE, 1, 0x100000, "another LazyFree");
	vmas[0].rss = 4;
	smaps[0].rss = 16;
	sees(CHECK_SUM, 1, 0x100000, "another rss than that of frames.bin");
	vmas[0].uss = 3;
	smaps[0].private = 12;
	sees(CHECK_SUM, 1, 0x100000, "another uss");
	vmas[0].mlocked = 1;
	sees(CHECK_SUM, 1, 0x100000, "a locked page more");
	smaps[2].swap = 8;
	sees(CHECK_SWAP, 1, 0x400000, "another Swap");
	vmas[1].present = 3;
	sees(CHECK_SUM, 1, 0x200000, "vmas has a page more than frames.bin");
	known.nvmas = 2;
	smaps[2] = (struct smap) { .start = smaps[2].start, .end = smaps[2].end };
	sees(CHECK_SUM, 3, 0x400000, "vmas lacks a mapping: present, rss and uss");
	known.smaps.count = 2;
	sees(CHECK_SUM, 1, 0x400000, "smaps lacks one at the end");
	smaps[0] = smaps[1];
	smaps[1] = smaps[2];
	known.smaps.count = 2;
	sees(CHECK_SUM, 2, 0x100000, "or at the beginning");
	smaps[0].end = 0x104000;
	smaps[0].rss = 8;
	smaps[0].pss = 14;
	vmas[0].present = 2;
	vmas[0].rss = 2;
	sees(CHECK_SUM, 1, 0x102000, "a run that goes on behind its mapping");
	smaps[2].pfnmap = true;
	smaps[2].rss = 0;
	smaps[2].pss = 0;
	for (uint64_t i = 0; i < HUGE; i++)
		pagemap[0x400 + i] = 0;
	sees(CHECK_FRAME, 0, 0, "of mappings by frame numbers /proc knows nothing");
}

static void test_hugetlb(void)
{
	for (int maps = 1; maps <= 2; maps++) {
		runs[3].sharing = SHARING_HUGETLB;
		runs[3].maps = (uint32_t)maps;
		for (uint64_t i = 0; i < HUGE; i++)
			counts[1024 + i] = (uint64_t)maps;
		smaps[2].rss = 0;
		smaps[2].pss = 0;
		smaps[2].private = 0;
		vmas[2] = (struct vma_record) {
			.tgid = 1, .start = 0x400000, .present = HUGE, .swap = 3,
			.private_hugetlb = maps == 1 ? HUGE : 0,
			.shared_hugetlb = maps == 1 ? 0 : HUGE,
		};
		smaps[2].hugetlb_alone = HUGE * 4;
		sees(CHECK_HUGETLB, maps == 1 ? 0 : 2, 0x400000, maps == 1 ?
		     "huge pages of one process alone" : "that are shared, but not for smaps");
	}
}

static void look_at(void *result)
{
	struct verification all = { .vmas = 0 };
	struct look found = { .count = 0 };
	pid_t pid = *(int *)result;

	*(int *)result = (int)verify_process(&all, pid, &found);
	for (enum check check = 0; check < CHECKS; check++)
		*(int *)result += 100 * (all.compared[check] != 0);
	*(int *)result += 10 * (int)all.processes;
}

/* A process that is no more is none that is wrong; a file that is not there is told. */
static void test_failures(void)
{
	int result = 0x3fffffff;
	char *said;

	source_set_root("/nowhere");
	said = capture(stderr, look_at, &result);
	CHECK(result == VERIFY_GONE && !*said, "verify: who has ended is gone, without a word");
	free(said);
	result = getpid();
	said = capture(stderr, look_at, &result);
	CHECK(result == VERIFY_FAILED && strstr(said, geteuid() ? "/proc/" : "/nowhere/"),
	      "verify: what cannot be read fails, with its name, and counts nothing");
	free(said);
	source_set_root(NULL);
}

static void test_many(void)
{
	struct subject subject = { .average_maps = false };
	struct look look = { .vmas = 0 };

	make(&subject);
	compare_all(&subject, &look);
	CHECK(look.vmas == MAPPINGS && look.compared[CHECK_SWAP] == MAPPINGS &&
	      !look.differing[CHECK_SWAP],
	      "verify: the sums of %u mappings, each of its own records", MAPPINGS);
	memset(&look, 0, sizeof(look));
	subject.smaps.list[77].swap += 4;
	subject.smaps.list[MAPPINGS - 1].swap += 4;
	compare_all(&subject, &look);
	CHECK(look.differing[CHECK_SWAP] == 2 && look.list[0].where == subject.smaps.list[77].start,
	      "verify: a sum that differs is seen where it is");
	free(subject.vmas);
	free(subject.smaps.list);
}

void test_verify(void)
{
	test_frames();
	test_averages();
	test_sums();
	test_hugetlb();
	test_failures();
	test_many();
}
