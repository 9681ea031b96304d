// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer target: the parser of frames.bin. Any bytes are either refused with
 * a reason, or each run is what stands at its place, nothing is left over and
 * the totals are those of the runs.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "read/parse-runs.h"
#include "read/parse-text.h"

struct reading {
	const uint8_t *data;
	uint64_t runs, pages;
};

static void die(const char *what)
{
	fprintf(stderr, "WRONG: %s\n", what);
	abort();
}

static int check_run(const struct frame_run *run, void *arg)
{
	struct reading *reading = arg;
	struct sharestat_run there, wanted = {
		.va = htole64(run->va),
		.pfn = htole64(run->pfn),
		.flags = htole64(run->flags),
		.pages = htole32(run->pages),
		.refs = htole32(run->refs),
		.maps = htole32(run->maps),
		.tgid = htole32(run->tgid),
		.type = SHARESTAT_RUN_PAGES,
		.sharing = run->sharing,
		.pte = run->pte,
	};

	reading->runs++;
	reading->pages += run->pages;
	memcpy(&there, reading->data + reading->runs * sizeof(there), sizeof(there));
	if (memcmp(&there, &wanted, sizeof(there)))
		die("another run than the file has");
	if (run->sharing >= SHARING_CLASSES || run->tgid <= 0 || !run->pages)
		die("a run that cannot be");
	return 0;
}

/* The name that libFuzzer wants, in a form that the coding style bears. */
int try_input(const uint8_t *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

int try_input(const uint8_t *data, size_t size)
{
	struct reading reading = { .data = data };
	struct sharestat_run end;
	struct parse_error error;
	struct bin_totals totals;
	FILE *in;
	int result;

	if (!size)
		return 0;
	in = fmemopen((void *)data, size, "r");
	if (!in)
		abort();
	result = parse_bin(in, check_run, &reading, &totals, &error);
	fclose(in);
	if (result == -1) {
		if (!*error.why || !error.line)
			die("refused without a reason");
		return 0;
	}
	if (result || size != (reading.runs + 2) * sizeof(struct sharestat_run))
		die("accepted, but not read to its end");
	memcpy(&end, data + size - sizeof(end), sizeof(end));
	if (totals.records != reading.runs || le64toh(end.flags) != reading.runs ||
	    totals.pages != reading.pages || le64toh(end.pfn) != reading.pages)
		die("other totals than those of the runs");
	return 0;
}
