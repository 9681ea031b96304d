/* SPDX-License-Identifier: GPL-2.0 */
/* The findings, each measured when it is first asked for. */
#ifndef SHARESTAT_EXPERIMENTS_REGISTRY_H
#define SHARESTAT_EXPERIMENTS_REGISTRY_H

#include "model/finding.h"

/**
 * registry_use() - which claims there are, before any finding is asked for
 * @all: of them
 * @number: how many
 */
void registry_use(const struct claim *all, size_t number);

/**
 * finding_of() - the finding of a claim, measured now when it was not yet
 * @id: of one of the claims
 *
 * Return: the finding, or NULL for an id that is none.
 */
const struct finding *finding_of(const char *id);

#endif
