// SPDX-License-Identifier: GPL-2.0
/* A process that somebody asked for, and that is there no more. */
#include <err.h>

#include "read/ended.h"

void process_ended(pid_t tgid)
{
	warnx("process %d has ended", tgid);
}
