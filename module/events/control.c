// SPDX-License-Identifier: GPL-2.0
/* One at a time attaches, detaches or resets. */
#include <linux/mutex.h>

#include "events/events.h"

/*
 * Nests outside the locks of the tracepoint core and of ftrace; nothing that
 * runs in a probe takes it.
 */
DEFINE_MUTEX(control_lock);

int control_begin(void)
{
	return mutex_lock_killable(&control_lock);
}

void control_end(void)
{
	mutex_unlock(&control_lock);
}
