// SPDX-License-Identifier: GPL-2.0
/* Sums by name of a program. */
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "model/sums-by-name.h"

/* A label without a value is no label. */
static const char *shown(const char *name)
{
	return *name ? name : "[unnamed]";
}

struct wanted {
	const struct comm *list;
	const char *name;
};

static bool is_wanted(const void *context, size_t index)
{
	const struct wanted *wanted = context;

	return !strcmp(wanted->list[index].name, wanted->name);
}

static void index_name(struct comms *comms, size_t index)
{
	if (hash_add(&comms->table, hash_text(comms->list[index].name), index))
		out_of_memory();
}

struct comm *comms_find(struct comms *comms, const char *name)
{
	const struct wanted wanted = { comms->list, shown(name) };
	long at;

	while (comms->table.count < comms->count)
		index_name(comms, comms->table.count);
	at = hash_find(&comms->table, hash_text(wanted.name), is_wanted, &wanted);
	return at < 0 ? NULL : &comms->list[at];
}

struct comm *comms_get(struct comms *comms, const char *name)
{
	struct comm *comm = comms_find(comms, name);

	if (comm)
		return comm;
	if (comms->count == comms->capacity) {
		comms->capacity = comms->capacity ? 2 * comms->capacity : 64;
		comms->list = xreallocarray(comms->list, comms->capacity, sizeof(*comms->list));
	}
	comm = &comms->list[comms->count];
	memset(comm, 0, sizeof(*comm));
	comm->name = xstrdup(shown(name));
	index_name(comms, comms->count++);
	return comm;
}

void comms_merge(struct comm *to, const struct comm *from)
{
	for (size_t i = 0; i < COMM_SUMS; i++)
		to->sums[i] += from->sums[i];
}

/* qsort() hands no argument on to its comparison, qsort_r() does. */
static int by_rank(const void *left, const void *right, void *arg)
{
	uint64_t (**rank)(const struct comm *comm) = arg;
	uint64_t a = (*rank)(left), b = (*rank)(right);

	if (a != b)
		return a > b ? -1 : 1;
	return strcmp(((const struct comm *)left)->name, ((const struct comm *)right)->name);
}

static int by_name(const void *left, const void *right)
{
	return strcmp(((const struct comm *)left)->name, ((const struct comm *)right)->name);
}

void comms_limit(struct comms *comms, size_t limit, uint64_t (*rank)(const struct comm *comm))
{
	struct comms kept = { 0 };

	qsort_r(comms->list, comms->count, sizeof(*comms->list), by_rank, &rank);
	for (size_t i = 0; i < comms->count; i++) {
		const struct comm *comm = &comms->list[i];

		comms_merge(comms_get(&kept, i < limit ? comm->name : COMMS_OTHER), comm);
	}
	comms_free(comms);
	*comms = kept;
	qsort(comms->list, comms->count, sizeof(*comms->list), by_name);
	hash_free(&comms->table);
}

void comms_free(struct comms *comms)
{
	for (size_t i = 0; i < comms->count; i++)
		free(comms->list[i].name);
	free(comms->list);
	hash_free(&comms->table);
	*comms = (struct comms) { 0 };
}
