/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What `frames` and `vmas` of one sleeping process must have in common, and the rows of
 * frames with one another: sums, the filter "shared", no run that is torn.
 */
#ifndef SUMS_TEST_H
#define SUMS_TEST_H

#include "frames-test.h"

/* A chunk of the walk ends after so many rows, or entries of page tables: a run does, too. */
#define CHUNK_ROWS 335
#define CHUNK_ENTRIES 65536

static inline bool follows(const struct run *run, const struct run *next)
{
	return next->tgid == run->tgid && next->va == run->va + run->pages * PAGE &&
	       (next->pfn == run->pfn + run->pages || next->pfn == run_pfn(run, run->pages)) &&
	       next->refs == run->refs && next->maps == run->maps && next->flags == run->flags &&
	       !strcmp(next->pte, run->pte) && !strcmp(next->class, run->class);
}

static inline bool starts_mapping(const struct smaps *smaps, unsigned long va)
{
	size_t i;

	for (i = 0; i < smaps->count; i++)
		if (smaps->map[i].start == va)
			return true;
	return false;
}

/* How many pairs of neighbouring rows could be one row, beyond the chunks of the walk. */
static inline size_t count_torn(const struct table *frames, const struct smaps *smaps)
{
	size_t row, torn = 0, chunks = frames->rows / CHUNK_ROWS, entries = 0, i;

	for (i = 0; i < smaps->count; i++)
		if ((long)smaps->map[i].start > 0)
			entries += (smaps->map[i].end - smaps->map[i].start) / PAGE;
	chunks += entries / CHUNK_ENTRIES;
	for (row = 1; row < frames->rows; row++) {
		struct run run = run_at(frames, row - 1), next = run_at(frames, row);

		if (!follows(&run, &next) || starts_mapping(smaps, next.va))
			continue;
		if (torn++ >= chunks && !quiet)
			fprintf(stderr, "# %d:%lx and %lx are one run\n", run.tgid, run.va,
				next.va);
	}
	return torn > chunks ? torn - chunks : 0;
}

static const char *const sharing_names[] = { SHARESTAT_SHARING_CLASSES(SHARESTAT_NAME) };

/* A row of `vmas`, from the rows of `frames` in it. */
struct sums {
	uint64_t present, maps, refs, class[SHARING_CLASSES];
	double pss, hugetlb_pss;
};

static inline struct sums sums_of(const struct table *frames, unsigned long start,
				  unsigned long end)
{
	struct sums sums = { 0 };
	size_t row, class;

	for (row = 0; row < frames->rows; row++) {
		struct run run = run_at(frames, row);

		if (run.va < start || run.va >= end)
			continue;
		sums.present += run.pages;
		for (class = 0; class < SHARING_CLASSES; class++)
			if (run_is(&run, sharing_names[class]))
				sums.class[class] += run.pages;
		if (run.maps == NO_COUNT)
			continue;
		sums.maps += run.maps * run.pages;
		sums.refs += run.refs * run.pages;
		*(run_is(&run, "hugetlb") ? &sums.hugetlb_pss : &sums.pss) +=
			(double)run.pages * PAGE / (run.maps ? run.maps : 1);
	}
	return sums;
}

static inline size_t differ_sum(const struct table *vmas, size_t row, const char *column,
				uint64_t wanted)
{
	uint64_t is = table_number(vmas, row, column);

	if (is != wanted && !quiet)
		fprintf(stderr, "# vmas: %s of %s at %s is %ju, should be %ju\n", column,
			table_text(vmas, row, "tgid"), table_text(vmas, row, "start"),
			(uintmax_t)is, (uintmax_t)wanted);
	return is != wanted;
}

/* A byte is lost at the end, and for each page less than a part in 4096 of one. */
static inline size_t differ_pss(const struct table *vmas, size_t row, const char *column,
				const struct sums *sums, double share)
{
	uint64_t is = table_number(vmas, row, column);
	double lost = share - (double)is;

	if (lost >= 0 && lost <= 1 + sums->present / 4096.0)
		return 0;
	return differ_sum(vmas, row, column, share);
}

static inline size_t compare_sums(const struct table *vmas, const struct table *frames)
{
	size_t row, class, count = 0;
	uint64_t present = 0;

	for (row = 0; row < vmas->rows; row++) {
		struct sums sums = sums_of(frames, table_hex(vmas, row, "start"),
					   table_hex(vmas, row, "end"));

		count += differ_sum(vmas, row, "present", sums.present);
		count += differ_sum(vmas, row, "refs", sums.refs);
		count += differ_sum(vmas, row, "maps", sums.maps);
		for (class = 0; class < SHARING_CLASSES; class++)
			count += differ_sum(vmas, row, sharing_names[class], sums.class[class]);
		count += differ_pss(vmas, row, "pss", &sums, sums.pss);
		count += differ_pss(vmas, row, "hugetlb_pss", &sums, sums.hugetlb_pss);
		present += sums.present;
	}
	if (present != table_sum(frames, "pages", NULL)) {
		if (!quiet)
			fprintf(stderr, "# a run is in no row of vmas\n");
		count++;
	}
	return count;
}

static inline bool same_row(const struct table *one, size_t row, const struct table *other,
			    size_t other_row)
{
	size_t column;

	for (column = 0; column < one->columns; column++)
		if (strcmp(one->cells[row * one->columns + column],
			   other->cells[other_row * other->columns + column]))
			return false;
	return true;
}

/* With the word "shared": the rows of all that have two mappings, and no other. */
static inline size_t compare_shared(const struct table *frames, const struct table *shared)
{
	size_t row, at = 0, count = 0;

	for (row = 0; row < frames->rows; row++) {
		if (count_or_none(frames, row, "maps") < 2)
			continue;
		if (at >= shared->rows || !same_row(frames, row, shared, at)) {
			if (!quiet)
				fprintf(stderr, "# shared: no row of %s\n",
					table_text(frames, row, "va"));
			count++;
		}
		at++;
	}
	if (at != shared->rows && !quiet)
		fprintf(stderr, "# shared: %zu rows, there should be %zu\n", shared->rows, at);
	return count + (at != shared->rows);
}

static inline struct table frames_with(pid_t pid, const char *word)
{
	int fd = open(SHARESTAT_DIR "frames", O_RDWR | O_CLOEXEC);
	char *text;

	if (fd < 0 || dprintf(fd, "%d %s\n", pid, word) < 0)
		fail("frames: %d %s: %s", pid, word, strerror(errno));
	text = read_whole(fd, "frames");
	close(fd);
	return table_parse("frames", text);
}

static inline size_t compare_files_once(pid_t pid)
{
	struct table frames = table_read_pid("frames", pid);
	struct table vmas = table_read_pid("vmas", pid);
	struct table shared = frames_with(pid, "shared");
	struct smaps smaps = smaps_read(pid);
	size_t count = compare_sums(&vmas, &frames) + compare_shared(&frames, &shared) +
		       count_torn(&frames, &smaps);

	table_free(&frames);
	table_free(&vmas);
	table_free(&shared);
	free(smaps.map);
	return count;
}

/* compare_files() - of a sleeping process; how many differences */
static inline size_t compare_files(pid_t pid)
{
	return lasting_differences(pid, compare_files_once);
}

#endif /* SUMS_TEST_H */
