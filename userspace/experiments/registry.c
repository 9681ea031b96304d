// SPDX-License-Identifier: GPL-2.0
/* Measures a claim when its finding is asked for, and keeps the finding. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "experiments/finding.h"
#include "experiments/registry.h"
#include "experiments/run.h"

enum state { UNMEASURED, RUNNING, MEASURED };

struct result {
	enum state state;
	struct finding finding;
};

static const struct claim *list;
static size_t count;

/* One for each claim, in the same order; processes of experiments fill them. */
static struct result *results;

void registry_use(const struct claim *all, size_t number)
{
	list = all;
	count = number;
}

static const struct claim *claim_of(const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(list[i].id, id))
			return &list[i];
	}
	return NULL;
}

static struct result *result_of(const struct claim *claim)
{
	if (!results)
		results = mmap(NULL, count * sizeof(*results), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (results == MAP_FAILED)
		abort();
	return &results[claim - list];
}

static void measure(struct result *result, const struct claim *claim)
{
	struct finding *finding = &result->finding;

	finding->claim = claim;
	side_text(&finding->process, "-");
	side_text(&finding->thread, "-");
	finding_impossible(finding, "the experiment came to no result");
	result->state = RUNNING;
	experiment_run(finding);
	result->state = MEASURED;
}

const struct finding *finding_of(const char *id)
{
	const struct claim *claim = claim_of(id);
	struct result *result;

	if (!claim)
		return NULL;
	result = result_of(claim);
	if (result->state == UNMEASURED)
		measure(result, claim);
	return result->state == MEASURED ? &result->finding : NULL;
}
