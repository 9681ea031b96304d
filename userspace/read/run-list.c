// SPDX-License-Identifier: GPL-2.0
/* The runs of one process, in memory. */
#include <stdlib.h>

#include "read/run-list.h"
#include "read/whole-file.h"

int run_list_add(struct run_list *list, const struct frame_run *run)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 256;
		void *runs = reallocarray(list->runs, capacity, sizeof(*run));

		if (!runs)
			return -1;
		list->runs = runs;
		list->capacity = capacity;
	}
	list->runs[list->count++] = *run;
	return 0;
}

void run_list_free(struct run_list *list)
{
	free(list->runs);
	*list = (struct run_list) { 0 };
}

const struct frame_run *run_list_at(const struct run_list *list, uint64_t va)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct frame_run *run = &list->runs[middle];

		if (va < run->va)
			high = middle;
		else if (va - run->va >= run->pages * list->page_size)
			low = middle + 1;
		else
			return run;
	}
	return NULL;
}

uint64_t run_pfn(const struct frame_run *run, uint64_t va, uint64_t page_size)
{
	if (run->sharing == SHARING_ZERO && !(run->pte & SHARESTAT_PTE_PMD))
		return run->pfn;
	return run->pfn + (va - run->va) / page_size;
}
