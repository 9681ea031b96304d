// SPDX-License-Identifier: GPL-2.0
/* Memory, or the end of the program with the reason. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

void out_of_memory(void)
{
	errx(EXIT_FAILURE, "out of memory");
}

void *xcalloc(size_t count, size_t size)
{
	void *zeroed = calloc(count ? count : 1, size);

	if (!zeroed)
		out_of_memory();
	return zeroed;
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	void *changed = reallocarray(old, count ? count : 1, size);

	if (!changed)
		out_of_memory();
	return changed;
}

char *xstrdup(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		out_of_memory();
	return copy;
}
