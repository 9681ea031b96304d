// SPDX-License-Identifier: GPL-2.0
/*
 * verify's sums over the records of a mapping, against the numbers of which they were
 * made, for so many mappings that no search through all of them for each would end.
 */
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

void test_verify(void)
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
