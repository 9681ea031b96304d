// SPDX-License-Identifier: GPL-2.0
/* PID:ADDR, an address of a process as a user names it. */
#include <err.h>
#include <limits.h>

#include "commands/address-operand.h"
#include "commands/processes.h"
#include "lib/parse-number.h"

int place_parse(struct place *place, const char *text)
{
	uint64_t pid;
	const char *colon = parse_prefix(&pid, text, INT_MAX);

	if (colon && *colon == ':' && pid && parse_hex(&place->va, colon + 1)) {
		place->tgid = (pid_t)pid;
		return processes_find(&place->tgid, 1, NEEDS_MEMORY);
	}
	warnx("'%s' is not PID:ADDR, a process number and a hexadecimal address such as 1234:7f0012345000",
	      text);
	return -1;
}
