// SPDX-License-Identifier: GPL-2.0
/* frames.bin: each damage is refused with its reason; and the matrix over runs. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "model/frame-pairs.h"
#include "read/parse-runs.h"
#include "read/parse-text.h"
#include "read/whole-file.h"
#include "tap.h"

#define RECORDS 4

/* A header, two runs of 5 and of 7 pages, and the end. */
static void make(struct sharestat_run records[RECORDS])
{
	memset(records, 0, RECORDS * sizeof(*records));
	records[0].type = SHARESTAT_RUN_HEADER;
	records[0].va = htole64(4096);
	records[0].pages = htole32(SHARESTAT_BIN_MAGIC);
	records[0].refs = htole32(SHARESTAT_ABI);
	records[0].tgid = htole32(sizeof(*records));
	for (unsigned int i = 1; i < 3; i++) {
		records[i].type = SHARESTAT_RUN_PAGES;
		records[i].va = htole64(0x7f0000000000ULL + i * 0x100000);
		records[i].pfn = htole64(1000 * i);
		records[i].pages = htole32(i == 1 ? 5 : 7);
		records[i].refs = htole32(3);
		records[i].maps = htole32(2);
		records[i].tgid = htole32(42);
		records[i].sharing = SHARING_COW;
		records[i].pte = SHARESTAT_PTE_DIRTY;
	}
	records[3].type = SHARESTAT_RUN_END;
	records[3].pfn = htole64(12);
	records[3].flags = htole64(2);
}

struct seen {
	unsigned int runs;
	struct frame_run last;
};

static int see(const struct frame_run *run, void *arg)
{
	struct seen *seen = arg;

	seen->runs++;
	seen->last = *run;
	return 0;
}

static int stop(const struct frame_run *run, void *arg)
{
	(void)run;
	(*(unsigned int *)arg)++;
	return 7;
}

static int parse(const void *bytes, size_t size,
		 int (*each)(const struct frame_run *run, void *arg), void *arg,
		 struct bin_totals *totals, struct parse_error *error)
{
	FILE *in = tmpfile();
	int result;

	if (!in || fwrite(bytes, 1, size, in) != size)
		abort();
	rewind(in);
	result = parse_bin(in, each, arg, totals, error);
	fclose(in);
	return result;
}

static void refuse(const void *bytes, size_t size, unsigned long line, const char *reason)
{
	struct parse_error error;
	struct bin_totals totals;
	struct seen seen = { 0 };
	int result = parse(bytes, size, see, &seen, &totals, &error);

	if (!CHECK(result == -1 && error.line == line && strstr(error.why, reason),
		   "frames.bin is refused: %s", reason))
		printf("# result %d, record %lu: %s\n", result, error.line, error.why);
}

static void test_good(void)
{
	struct sharestat_run records[RECORDS];
	struct parse_error error;
	struct bin_totals totals;
	struct seen seen = { 0 };
	unsigned int calls = 0;

	make(records);
	CHECK(!parse(records, sizeof(records), see, &seen, &totals, &error),
	      "frames.bin: a good one is read");
	CHECK(seen.runs == 2 && totals.records == 2 && totals.pages == 12 &&
	      totals.page_size == 4096, "frames.bin: its totals");
	CHECK(seen.last.va == 0x7f0000200000ULL && seen.last.pfn == 2000 &&
	      seen.last.pages == 7 && seen.last.maps == 2 && seen.last.refs == 3 &&
	      seen.last.tgid == 42 && seen.last.sharing == SHARING_COW &&
	      seen.last.pte == SHARESTAT_PTE_DIRTY, "frames.bin: the fields of a run");
	CHECK(parse(records, sizeof(records), stop, &calls, &totals, &error) == 7 && calls == 1,
	      "frames.bin: the reader can stop");
}

/* Wherever it is cut, it is an error. */
static void test_cut(void)
{
	struct sharestat_run records[RECORDS];
	struct parse_error error;
	struct bin_totals totals;
	struct seen seen;
	size_t size, refused = 0;

	make(records);
	for (size = 0; size < sizeof(records); size++)
		refused += parse(records, size, see, &seen, &totals, &error) == -1;
	CHECK(refused == sizeof(records), "frames.bin is refused wherever it is cut off");
	refuse(records, 0, 1, "the file is empty");
	refuse(records, sizeof(records) - 1, 4, "in the middle of a record");
	refuse(records, 3 * sizeof(records[0]), 4, "it has no end record");
}

static void test_damaged(void)
{
	struct sharestat_run records[RECORDS + 1] = { 0 };

#define REFUSE(damage, line, reason) \
	do { make(records); damage; refuse(records, RECORDS * sizeof(records[0]), line, reason); } \
	while (0)
	REFUSE(records[0].pages = 0, 1, "does not begin with its header");
	REFUSE(records[0] = records[1], 1, "does not begin with its header");
	REFUSE(records[0].refs = htole32(2), 1, "ABI 2");
	REFUSE(records[0].tgid = htole32(56), 1, "records of 56 bytes");
	REFUSE(records[0].va = htole64(4097), 1, "a page size of 4097");
	REFUSE(records[1].type = 9, 2, "a record of type 9");
	REFUSE(records[1].pages = 0, 2, "a run without a page");
	REFUSE(records[1].va = htole64(5), 2, "cannot be");
	REFUSE(records[1].va = htole64(-4096ULL), 2, "cannot be");
	REFUSE(records[1].pfn = htole64(UINT64_MAX), 2, "from frame");
	REFUSE(records[1].tgid = 0, 2, "a process number of 0");
	REFUSE(records[2].sharing = SHARING_CLASSES, 3, "sharing class 17");
	REFUSE(records[2].pte = 0x80, 3, "pte bits 0x80");
	REFUSE(records[2].pte = 0x60, 3, "pte bits 0x60");
	REFUSE(records[2].pte = 0xe0, 3, "pte bits 0xe0");
	REFUSE(records[2].pte = 0xc0, 3, "pte bits 0xc0");
	REFUSE(records[2].reserved[4] = 1, 3, "reserved bytes");
	REFUSE(records[1].pages = htole32(6), 4, "2 runs of 13 pages, but the end record");
	REFUSE(records[3].flags = htole64(3), 4, "counts 3 of 12");
	make(records);
	records[RECORDS] = records[1];
	refuse(records, sizeof(records), 5, "more after the end record");
}

static struct frame_run run_of(uint64_t pfn, uint32_t pages, uint32_t maps,
			       enum sharing_class sharing)
{
	return (struct frame_run) {
		.va = 0x1000, .pfn = pfn, .pages = pages, .maps = maps, .refs = maps,
		.tgid = 1, .sharing = sharing,
	};
}

static void add(struct matrix *matrix, uint32_t space, struct frame_run run)
{
	if (matrix_add(matrix, &run, space))
		abort();
}

static void test_matrix(void)
{
	struct matrix *matrix = matrix_new(~0u);
	const struct matrix_pair *pairs;
	struct space_size size;
	size_t count;

	/* 13 frames of 0 and 1, of which 2 has 5; 7 of 0 alone; 3 twice in 2 alone. */
	add(matrix, 0, run_of(100, 13, 2, SHARING_COW));
	add(matrix, 0, run_of(500, 7, 1, SHARING_PRIVATE));
	add(matrix, 1, run_of(100, 13, 2, SHARING_COW));
	add(matrix, 1, run_of(0, 512, 0, SHARING_ZERO));
	add(matrix, 2, run_of(104, 5, 3, SHARING_LIBTEXT));
	add(matrix, 2, run_of(600, 3, 2, SHARING_MEMFD));
	add(matrix, 2, run_of(600, 3, 2, SHARING_MEMFD));
	CHECK(!matrix_pairs(matrix, &pairs, &count) && count == 3, "matrix: three pairs");
	CHECK(pairs[0].one == 0 && pairs[0].other == 1 && pairs[0].frames == 13 &&
	      pairs[0].sharing[SHARING_COW] == 13, "matrix: most frames first");
	CHECK(pairs[1].one == 0 && pairs[1].other == 2 && pairs[1].frames == 5 &&
	      pairs[2].one == 1 && pairs[2].other == 2 && pairs[2].frames == 5 &&
	      pairs[2].sharing[SHARING_COW] == 5, "matrix: the class is the first one's");
	size = matrix_size_of(matrix, 0);
	CHECK(size.rss == 20 && size.uss == 7 && size.pss == 13.5, "matrix: sizes");
	size = matrix_size_of(matrix, 1);
	CHECK(size.rss == 13 && size.uss == 0, "matrix: zero pages are no memory of anybody's");
	size = matrix_size_of(matrix, 2);
	CHECK(size.rss == 11 && size.uss == 0 && size.exclusive == 3,
	      "matrix: what one has twice, and nobody else, is its own");
	matrix_free(matrix);
}

static void test_matrix_bounds(void)
{
	struct frame_run many = run_of(0, 1u << 30, 2, SHARING_COW);
	struct frame_run high = run_of(1ULL << 40, 1, 2, SHARING_COW);
	struct matrix *matrix = matrix_new(1u << SHARING_COW);
	struct frame_run other = run_of(5, 9, 2, SHARING_LIBTEXT);

	CHECK(matrix_add(matrix, &many, 0) == MATRIX_TOO_MANY_MAPPINGS,
	      "matrix: too many mappings are refused");
	CHECK(matrix_add(matrix, &high, 0) == MATRIX_TOO_HIGH, "matrix: so is a frame too high");
	CHECK(matrix_add(matrix, &other, MATRIX_SPACES_MAX) == MATRIX_TOO_MANY_SPACES,
	      "matrix: so are too many processes");
	CHECK(!matrix_add(matrix, &other, 3) && !matrix_mappings(matrix),
	      "matrix: other classes are left out");
	matrix_free(matrix);
}

void test_bin(void)
{
	test_good();
	test_cut();
	test_damaged();
	test_matrix();
	test_matrix_bounds();
}
