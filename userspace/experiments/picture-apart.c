// SPDX-License-Identifier: GPL-2.0
/* The samples of the page as experiments run: one that hangs leaves the page to the others. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "experiments/look-at-pages.h"
#include "experiments/picture-samples.h"
#include "experiments/run.h"
#include "lib/xalloc.h"

/* Each class with each set of the family's address spaces. */
#define GROUPS (SHARING_CLASSES * ((1 << FAMILY_SPACES) - 1))

/* Shared with the processes that fill it; their own memory ends with them. */
struct sample {
	struct picture picture;
	struct overlap_group groups[GROUPS];
};

static void take_family(void *arg)
{
	struct sample *sample = arg;
	struct overlap *family = &sample->picture.family;

	if (picture_family(family) || family->ngroups > GROUPS)
		return;
	for (size_t i = 0; i < family->ngroups; i++)
		sample->groups[i] = family->groups[i];
	sample->picture.has_family = true;
}

static void take_latencies(void *arg)
{
	struct picture *picture = &((struct sample *)arg)->picture;

	picture->has_latencies = !picture_latencies(&picture->latencies);
}

/* Of a process that came to no end nothing is taken, whatever it has filled in by then. */
static void get_family(struct picture *picture, struct sample *sample)
{
	struct overlap *family = &picture->family;
	struct apart_end end;

	if (!run_apart(take_family, sample, &end)) {
		snprintf(picture->no_family, sizeof(picture->no_family), "%s", end.why);
		return;
	}
	picture->has_family = sample->picture.has_family;
	if (!picture->has_family)
		return;
	*family = sample->picture.family;
	family->groups = xcalloc(family->ngroups, sizeof(*family->groups));
	memcpy(family->groups, sample->groups, family->ngroups * sizeof(*family->groups));
}

static void get_latencies(struct picture *picture, struct sample *sample)
{
	struct apart_end end;

	if (!run_apart(take_latencies, sample, &end)) {
		snprintf(picture->no_latencies, sizeof(picture->no_latencies), "%s", end.why);
		return;
	}
	picture->has_latencies = sample->picture.has_latencies;
	picture->latencies = sample->picture.latencies;
}

void picture_measure(struct picture *picture)
{
	struct sample *sample = shared_block(sizeof(*sample));

	*picture = (struct picture) { 0 };
	if (!sample)
		out_of_memory();
	get_family(picture, sample);
	get_latencies(picture, sample);
	munmap(sample, sizeof(*sample));
}
