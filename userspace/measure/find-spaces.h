/* SPDX-License-Identifier: GPL-2.0 */
/* The address spaces of a running machine, or of a recorded one. */
#ifndef SHARESTAT_MEASURE_FIND_SPACES_H
#define SHARESTAT_MEASURE_FIND_SPACES_H

#include "model/address-spaces.h"

/** spaces_read() - of all tasks there are. Return: 0, or -1 explained */
int spaces_read(struct spaces *spaces);

/**
 * spaces_find() - the address space of a thread group
 * @spaces: may grow
 * @tgid: the group
 *
 * One that is not known yet is looked up in `tasks` again, unless it cannot be there;
 * and if it has ended by then it gets an address space of its own.
 *
 * Return: its index in the list, or -1 after an explanation.
 */
long spaces_find(struct spaces *spaces, pid_t tgid);

#endif
