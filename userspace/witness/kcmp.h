/* SPDX-License-Identifier: GPL-2.0 */
/* kcmp(2). */
#ifndef SHARESTAT_WITNESS_KCMP_H
#define SHARESTAT_WITNESS_KCMP_H

#include <sys/types.h>

/**
 * kcmp_same() - the witness for ids: do two tasks share an object
 * @one: a task
 * @other: another
 * @what: KCMP_VM, KCMP_FILES ... of <linux/kcmp.h>
 *
 * Return: 1 yes, 0 no, -1 kcmp(2) cannot tell, with errno set.
 */
int kcmp_same(pid_t one, pid_t other, int what);

/**
 * kcmp_order() - whose object comes first, in an order that the kernel keeps to
 * @one: a task
 * @other: another
 * @what: as for kcmp_same()
 *
 * Return: 0 they share it, 1 the first one's, 2 the other's, 3 they differ and there is
 * no order, -1 kcmp(2) cannot tell, with errno set.
 */
int kcmp_order(pid_t one, pid_t other, int what);

#endif
