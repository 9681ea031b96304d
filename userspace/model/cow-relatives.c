// SPDX-License-Identifier: GPL-2.0
/* The relatives of a process that are followed from look to look. */
#include <stdio.h>
#include <stdlib.h>

#include "lib/xalloc.h"
#include "model/cow-relatives.h"

struct wanted {
	const struct relative *list;
	pid_t pid;
};

static bool is_wanted(const void *context, size_t index)
{
	const struct wanted *wanted = context;

	return wanted->list[index].pid == wanted->pid;
}

struct relative *relatives_find(const struct relatives *relatives, pid_t pid)
{
	const struct wanted wanted = { relatives->list, pid };
	long at = hash_find(&relatives->by_pid, hash_numbers((uint64_t)pid, 0), is_wanted,
			    &wanted);

	return at < 0 ? NULL : &relatives->list[at];
}

static void index_at(struct relatives *relatives, size_t index)
{
	uint64_t pid = (uint64_t)relatives->list[index].pid;

	if (hash_add(&relatives->by_pid, hash_numbers(pid, 0), index))
		out_of_memory();
}

void relatives_add(struct relatives *relatives, const struct task_record *task,
		   const char *relation, struct cow_set start)
{
	struct relative *relative;

	if (relatives->count == relatives->capacity) {
		relatives->capacity = relatives->capacity ? 2 * relatives->capacity : 16;
		relatives->list = xreallocarray(relatives->list, relatives->capacity,
						sizeof(*relatives->list));
	}
	relative = &relatives->list[relatives->count];
	*relative = (struct relative) {
		.pid = task->tgid, .relation = relation, .seen = true, .start = start,
	};
	snprintf(relative->comm, sizeof(relative->comm), "%s", task->comm);
	index_at(relatives, relatives->count++);
}

void relatives_begin(struct relatives *relatives)
{
	for (size_t i = 0; i < relatives->count; i++)
		relatives->list[i].seen = false;
}

void relatives_end(struct relatives *relatives)
{
	size_t left = 0;

	hash_free(&relatives->by_pid);
	for (size_t i = 0; i < relatives->count; i++) {
		if (!relatives->list[i].seen) {
			cow_set_free(&relatives->list[i].start);
			continue;
		}
		relatives->list[left] = relatives->list[i];
		index_at(relatives, left++);
	}
	relatives->count = left;
}

void relatives_free(struct relatives *relatives)
{
	for (size_t i = 0; i < relatives->count; i++)
		cow_set_free(&relatives->list[i].start);
	free(relatives->list);
	hash_free(&relatives->by_pid);
	*relatives = (struct relatives) { 0 };
}
