// SPDX-License-Identifier: GPL-2.0
/* The mapping that has an address, among few against a plain search, and among many. */
#include <stdlib.h>

#include "model/find-vma.h"
#include "read/formats.h"
#include "tap.h"

#define PAGE 4096ULL

static struct snapshot new_vmas(size_t count)
{
	return (struct snapshot) {
		.records = calloc(count, sizeof(struct vma_record)), .count = count,
		.format = &format_vmas,
	};
}

/* As the processes were asked for, not by number; with and without a gap behind each. */
static void fill(struct snapshot *vmas, size_t of_each)
{
	struct vma_record *records = vmas->records;

	for (size_t i = 0; i < vmas->count; i++) {
		records[i].tgid = (pid_t)(i / of_each * 7 % 1009);
		records[i].start = i % of_each * 4 * PAGE;
		records[i].end = records[i].start + (2 + i % 3) * PAGE;
		records[i].present = i;
	}
}

static const struct vma_record *naive(const struct snapshot *vmas, pid_t tgid, uint64_t va)
{
	const struct vma_record *records = vmas->records;

	for (size_t i = 0; i < vmas->count; i++)
		if (records[i].tgid == tgid && va >= records[i].start && va < records[i].end)
			return &records[i];
	return NULL;
}

static void check_few(void)
{
	struct snapshot vmas = new_vmas(2400);
	unsigned int wrong = 0, found = 0;

	fill(&vmas, 12);
	vmas_sort(&vmas);
	for (pid_t tgid = -1; tgid < 1020; tgid += 1 + (pid_t)random() % 9) {
		for (uint64_t va = 0; va < 50 * PAGE; va += PAGE / 2) {
			const struct vma_record *vma = place_vma(&vmas, tgid, va);

			wrong += vma != naive(&vmas, tgid, va);
			found += !!vma;
		}
	}
	CHECK(!wrong && found > 1000, "vma: %u addresses in the mappings that a search finds",
	      found);
	snapshot_free(&vmas);
}

#define MANY 300000

static void check_many(void)
{
	struct snapshot vmas = new_vmas(MANY), none = { .format = &format_vmas };
	const struct vma_record *records = vmas.records;
	unsigned int wrong = 0;

	fill(&vmas, MANY / 3);
	vmas_sort(&vmas);
	for (size_t i = 0; i < MANY; i++) {
		wrong += place_vma(&vmas, records[i].tgid, records[i].start) != &records[i];
		wrong += place_vma(&vmas, records[i].tgid, records[i].end - 1) != &records[i];
	}
	CHECK(!wrong, "vma: each of %u mappings by its first and its last byte", MANY);
	snapshot_free(&vmas);
	vmas_sort(&none);
	CHECK(!place_vma(&none, 1, 0), "vma: there is no mapping where there are none");
}

void test_find_vma(void)
{
	check_few();
	check_many();
}
