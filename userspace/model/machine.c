// SPDX-License-Identifier: GPL-2.0
/* The environment stamp. */
#include <stddef.h>
#include <string.h>

#include "model/machine.h"

static const struct environment unknown;
static const struct environment *here = &unknown;

const struct environment *environment(void)
{
	return here;
}

void environment_set(const struct environment *machine)
{
	here = machine;
}

const struct environment_probe *environment_probe(const char *name)
{
	for (size_t i = 0; i < ENVIRONMENT_PROBES; i++)
		if (!strcmp(here->probes[i].name, name))
			return &here->probes[i];
	return NULL;
}

bool environment_offers(const char *name)
{
	const struct environment_probe *probe = environment_probe(name);

	return probe && probe->offered;
}
