/* SPDX-License-Identifier: GPL-2.0 */
/* Memory of our own to look at. */
#ifndef SHARESTAT_MEASURE_PAGES_H
#define SHARESTAT_MEASURE_PAGES_H

#include <stddef.h>

/**
 * pages_map() - fresh private memory that is never a huge page, written once
 * @count: in pages
 *
 * Return: the memory, to be given back by pages_unmap(), or NULL.
 */
char *pages_map(size_t count);
void pages_unmap(char *pages, size_t count);

#endif
