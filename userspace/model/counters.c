// SPDX-License-Identifier: GPL-2.0
/* Sums of counters, and their differences. */
#include <stddef.h>

#include "model/counters.h"

void counter_add(uint64_t *sum, uint64_t value)
{
	if (value != ABSENT)
		*sum = *sum == ABSENT ? value : *sum + value;
}

uint64_t counter_since(uint64_t now, uint64_t before)
{
	if (now == ABSENT || before == ABSENT || now < before)
		return now;
	return now - before;
}

/* struct counters is nothing but counters, so its members need no names here. */
void counters_since(struct counters *now, const struct counters *before)
{
	uint64_t *value = (uint64_t *)now;
	const uint64_t *old = (const uint64_t *)before;

	_Static_assert(sizeof(*now) % sizeof(*value) == 0, "not only counters");
	for (size_t i = 0; i < sizeof(*now) / sizeof(*value); i++)
		value[i] = counter_since(value[i], old[i]);
}
