// SPDX-License-Identifier: GPL-2.0
/* One page of a process, as the module sees it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "read/explain.h"
#include "read/formats.h"
#include "read/open.h"
#include "read/page-lookup.h"
#include "read/parse-text.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

struct search {
	pid_t tgid;
	uint64_t address;
	struct page_facts *facts;
};

/* Is it in this run? Then the facts are filled and 1 stops the search. */
static int search_run(const void *record, void *arg)
{
	const uint64_t page_size = sysconf(_SC_PAGESIZE);
	const struct frame_record *run = record;
	const struct search *search = arg;
	struct page_facts *facts = search->facts;

	if (run->tgid != search->tgid || search->address < run->va ||
	    search->address - run->va >= run->pages * page_size)
		return 0;
	facts->pfn = run->pfn + (search->address - run->va) / page_size;
	facts->refs = run->refs;
	facts->maps = run->maps;
	facts->sharing = run->sharing;
	memcpy(facts->pte, run->pte, sizeof(facts->pte));
	return 1;
}

int page_lookup(pid_t tgid, const void *address, struct page_facts *facts)
{
	struct search search = { tgid, (uintptr_t)address, facts };
	struct parse_error error;
	FILE *in = source_open_for("frames", &tgid, 1);
	int found;

	if (!in)
		return -1;
	found = parse_file(in, &format_frames, search_run, &search, &error);
	if (found < 0)
		parse_explain(source_path("frames"), "line", &error, found);
	fclose(in);
	return found == 1 ? 0 : -1;
}

int page_in(const struct snapshot *frames, pid_t tgid, const void *address,
	    struct page_facts *facts)
{
	struct search search = { tgid, (uintptr_t)address, facts };
	const struct frame_record *runs = frames->records;

	for (size_t i = 0; i < frames->count; i++) {
		if (search_run(&runs[i], &search))
			return 0;
	}
	return -1;
}
