/* SPDX-License-Identifier: GPL-2.0 */
/* A number with its unit, as people read it. Pure. */
#ifndef SHARESTAT_LIB_QUANTITY_H
#define SHARESTAT_LIB_QUANTITY_H

#include <stddef.h>

/**
 * format_quantity() - such as "12.3 us"
 * @text: where to write it
 * @size: of it; 32 is enough
 * @value: the number
 * @unit: "ns", "bytes", "bytes/s", which are scaled, or any other, which is not
 */
void format_quantity(char *text, size_t size, double value, const char *unit);

/**
 * format_interval() - such as "12.3 us (11.9 to 12.8)"
 * @text: where to write it
 * @size: of it; 96 is enough
 * @value: the number
 * @low: where its interval begins
 * @high: where it ends
 * @unit: as of format_quantity(); where the bounds have that of the number they go without
 */
void format_interval(char *text, size_t size, double value, double low, double high,
		     const char *unit);

/**
 * format_bytes() - a size for a narrow column, such as "4.2M"
 * @text: where to write it
 * @size: of it; 8 is enough
 * @bytes: the size
 */
void format_bytes(char *text, size_t size, double bytes);

#endif
