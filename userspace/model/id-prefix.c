// SPDX-License-Identifier: GPL-2.0
/* Ids as people read them. */
#include <stdlib.h>

#include "model/id-prefix.h"
#include "read/records.h"

#define DIGITS_MIN 4

static int compare(const void *left, const void *right)
{
	object_id a = *(const object_id *)left, b = *(const object_id *)right;

	return (a > b) - (a < b);
}

/* How many leading digits two different ids have in common. */
static unsigned int common_digits(object_id a, object_id b)
{
	unsigned int digits = 0;

	while (digits < ID_DIGITS &&
	       !((a ^ b) >> (4 * (ID_DIGITS - 1 - digits))))
		digits++;
	return digits;
}

void ids_sort(object_id ids[], size_t count)
{
	qsort(ids, count, sizeof(*ids), compare);
}

bool ids_have(const object_id ids[], size_t count, object_id id)
{
	return bsearch(&id, ids, count, sizeof(*ids), compare);
}

unsigned int ids_digits(object_id ids[], size_t count)
{
	unsigned int digits = DIGITS_MIN;

	ids_sort(ids, count);
	for (size_t i = 1; i < count; i++) {
		unsigned int needed;

		if (ids[i] == ids[i - 1] || !ids[i - 1])
			continue;
		needed = common_digits(ids[i - 1], ids[i]) + 1;
		if (needed > digits)
			digits = needed;
	}
	return digits;
}
