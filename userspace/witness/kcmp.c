// SPDX-License-Identifier: GPL-2.0
/* kcmp(2). */
#include <sys/syscall.h>
#include <unistd.h>

#include "witness/kcmp.h"

int kcmp_order(pid_t one, pid_t other, int what)
{
	return (int)syscall(SYS_kcmp, one, other, what, 0, 0);
}

int kcmp_same(pid_t one, pid_t other, int what)
{
	int order = kcmp_order(one, other, what);

	return order < 0 ? -1 : order == 0;
}
