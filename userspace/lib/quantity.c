// SPDX-License-Identifier: GPL-2.0
/* A number with its unit, as people read it. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lib/quantity.h"

static void format_scaled(char *text, size_t size, double value, double step,
			  const char *const *units, size_t nunits)
{
	size_t i = 0;

	while (i + 1 < nunits && value >= step) {
		value /= step;
		i++;
	}
	snprintf(text, size, "%.*f %s", i == 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2,
		 value, units[i]);
}

void format_quantity(char *text, size_t size, double value, const char *unit)
{
	static const char *const times[] = { "ns", "us", "ms", "s" };
	static const char *const bytes[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	static const char *const rates[] = { "B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s" };

	if (!strcmp(unit, "ns"))
		format_scaled(text, size, value, 1000, times, 4);
	else if (!strcmp(unit, "bytes/s"))
		format_scaled(text, size, value, 1024, rates, 5);
	else if (!strcmp(unit, "bytes"))
		format_scaled(text, size, value, 1024, bytes, 5);
	else
		snprintf(text, size, "%.*f %s", value == (int64_t)value || value >= 100 ? 0 : 1,
			 value, unit);
}

/* Where the unit of a quantity begins, with the blank before it. */
static char *unit_of(char *quantity)
{
	char *blank = strchr(quantity, ' ');

	return blank ? blank : quantity + strlen(quantity);
}

void format_interval(char *text, size_t size, double value, double low, double high,
		     const char *unit)
{
	char number[32], from[32], to[32];

	format_quantity(number, sizeof(number), value, unit);
	format_quantity(from, sizeof(from), low, unit);
	format_quantity(to, sizeof(to), high, unit);
	if (!strcmp(unit_of(from), unit_of(number)) && !strcmp(unit_of(to), unit_of(number)))
		*unit_of(from) = *unit_of(to) = '\0';
	snprintf(text, size, "%s (%s to %s)", number, from, to);
}

/* 4.2M: two digits at least, and no more than four. */
void format_bytes(char *text, size_t size, double bytes)
{
	static const char units[] = "BKMGTPE";
	const char *unit = units;

	while (bytes >= 1024 && unit[1]) {
		bytes /= 1024;
		unit++;
	}
	if (bytes < 9.95 && bytes != floor(bytes))
		snprintf(text, size, "%.1f%c", bytes, *unit);
	else
		snprintf(text, size, "%.0f%c", bytes, *unit);
}
