// SPDX-License-Identifier: GPL-2.0
/* Numbers that people write. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/parse-number.h"

const char *parse_prefix(uint64_t *value, const char *text, uint64_t most)
{
	char *end;

	if (*text < '0' || *text > '9')
		return NULL;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno || *value > most ? NULL : end;
}

bool parse_whole(uint64_t *value, const char *text, uint64_t least, uint64_t most)
{
	const char *end = parse_prefix(value, text, most);

	return end && !*end && *value >= least;
}

bool parse_real(double *value, const char *text, double least, double most)
{
	char *end;

	*value = strtod(text, &end);
	return end != text && !*end && *value >= least && *value <= most;
}

bool parse_hex(uint64_t *value, const char *text)
{
	if (!strncasecmp(text, "0x", 2))
		text += 2;
	if (!*text || text[strspn(text, "0123456789abcdefABCDEF")])
		return false;
	errno = 0;
	*value = strtoull(text, NULL, 16);
	return !errno;
}
