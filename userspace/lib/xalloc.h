/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory, or the end of the program with the reason: for what is small beside what is
 * read. Who may be asked for more than there is calls calloc(3), and says so.
 */
#ifndef SHARESTAT_LIB_XALLOC_H
#define SHARESTAT_LIB_XALLOC_H

#include <stddef.h>

/** xcalloc() - zeroed, also when @count is 0 */
void *xcalloc(size_t count, size_t size);
/** xreallocarray() - as reallocarray(3) */
void *xreallocarray(void *old, size_t count, size_t size);
/** xstrdup() - as strdup(3) */
char *xstrdup(const char *text);
/** out_of_memory() - says so and ends the program */
__attribute__((noreturn)) void out_of_memory(void);

#endif
