// SPDX-License-Identifier: GPL-2.0
/* fork() leaves root, directory and umask in common: CLONE_FS. */
#include "world.h"

pid_t __wrap_fork(void)
{
	return fork_with(CLONE_FS);
}
