// SPDX-License-Identifier: GPL-2.0
/* The address spaces of a running machine, or of a recorded one. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>

#include "measure/find-spaces.h"
#include "read/formats.h"
#include "read/open.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

static int read_more(struct spaces *spaces)
{
	struct snapshot tasks;

	if (snapshot_read(&tasks, &format_tasks, NULL, 0))
		return -1;
	spaces_add(spaces, &tasks);
	snapshot_free(&tasks);
	return 0;
}

int spaces_read(struct spaces *spaces)
{
	*spaces = (struct spaces) { 0 };
	return read_more(spaces);
}

/*
 * A reading costs as much as the machine has tasks, and many that lived for a moment would
 * cost one each. Who has ended by now, or was not in a recording, is in no later one.
 */
static bool may_be_listed(pid_t tgid)
{
	return !source_recorded() && (!kill(tgid, 0) || errno != ESRCH);
}

long spaces_find(struct spaces *spaces, pid_t tgid)
{
	long space = spaces_known(spaces, tgid);

	if (space >= 0)
		return space;
	if (may_be_listed(tgid) && read_more(spaces))
		return -1;
	space = spaces_known(spaces, tgid);
	if (space >= 0)
		return space;
	spaces_add_ended(spaces, tgid);
	return spaces_known(spaces, tgid);
}
