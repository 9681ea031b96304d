// SPDX-License-Identifier: GPL-2.0
/* Process ids that somebody asked for. */
#include <stdlib.h>
#include <string.h>

#include "lib/pid-list.h"
#include "lib/xalloc.h"

static int compare(const void *left, const void *right)
{
	pid_t a = *(const pid_t *)left, b = *(const pid_t *)right;

	return (a > b) - (a < b);
}

void pid_list_init(struct pid_list *list, const pid_t *pids, size_t count)
{
	*list = (struct pid_list) { 0 };
	if (!count)
		return;
	list->pids = xcalloc(count, sizeof(*pids));
	list->noted = xcalloc(count, sizeof(*list->noted));
	list->count = count;
	memcpy(list->pids, pids, count * sizeof(*pids));
	qsort(list->pids, count, sizeof(*pids), compare);
}

void pid_list_free(struct pid_list *list)
{
	free(list->pids);
	free(list->noted);
	*list = (struct pid_list) { 0 };
}

static const pid_t *find(const struct pid_list *list, pid_t pid)
{
	return bsearch(&pid, list->pids, list->count, sizeof(pid), compare);
}

bool pid_list_wants(const struct pid_list *list, pid_t pid)
{
	return !list->count || find(list, pid);
}

bool pid_list_note(struct pid_list *list, pid_t pid)
{
	const pid_t *place = list->count ? find(list, pid) : NULL;

	if (place)
		list->noted[place - list->pids] = true;
	return !list->count || place;
}

size_t pids_unique(pid_t *pids, size_t count)
{
	bool *seen = xcalloc(count, sizeof(*seen));
	struct pid_list list;
	size_t left = 0;

	pid_list_init(&list, pids, count);
	for (size_t i = 0; i < count; i++) {
		/* Of equal ones it finds the same one each time. */
		bool *here = &seen[find(&list, pids[i]) - list.pids];

		if (!*here)
			pids[left++] = pids[i];
		*here = true;
	}
	pid_list_free(&list);
	free(seen);
	return left;
}
