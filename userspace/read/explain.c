// SPDX-License-Identifier: GPL-2.0
/* Why a file could be opened and not be read. */
#include <err.h>
#include <string.h>

#include "read/explain.h"

void parse_explain(const char *path, const char *part, const struct parse_error *error,
		   int result)
{
	if (result > 0)
		warnx("%s: %s", path, strerror(result));
	else if (error->line)
		warnx("%s: %s %lu: %s", path, part, error->line, error->why);
	else
		warnx("%s: %s", path, error->why);
}
