// SPDX-License-Identifier: GPL-2.0
/* PID:ADDR, an address of a process as a user names it. */
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "commands/address-operand.h"

int hex_parse(uint64_t *value, const char *text)
{
	char *end;

	if (!strncasecmp(text, "0x", 2))
		text += 2;
	if (!*text || text[strspn(text, "0123456789abcdefABCDEF")])
		return -1;
	errno = 0;
	*value = strtoull(text, &end, 16);
	return errno ? -1 : 0;
}

int place_parse(struct place *place, const char *text)
{
	char *colon;
	long pid;

	errno = 0;
	pid = strtol(text, &colon, 10);
	if (!errno && colon != text && *colon == ':' && *text >= '0' && *text <= '9' &&
	    pid > 0 && pid <= INT_MAX && !hex_parse(&place->va, colon + 1)) {
		place->tgid = (pid_t)pid;
		return 0;
	}
	warnx("'%s' is not PID:ADDR, a process number and a hexadecimal address such as 1234:7f0012345000",
	      text);
	return -1;
}
