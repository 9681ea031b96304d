/* SPDX-License-Identifier: GPL-2.0 */
/* One look at a program. */
#ifndef SHARESTAT_MEASURE_PROGRAM_LOOK_H
#define SHARESTAT_MEASURE_PROGRAM_LOOK_H

#include "model/descendants.h"
#include "model/program.h"

/**
 * program_look() - find its thread groups, and what they map
 * @found: filled: groups, overlap and page_size, which are the caller's then
 * @family: what is known to belong to it; those that descend from it do, too
 *
 * Each address space is walked once, and once more for its mappings.
 *
 * Return: 0, with no groups when there was nothing left to look at; -1 after an explanation.
 */
int program_look(struct program *found, const struct family *family);

/**
 * program_forked() - is a process what its parent was when it was forked: by no exec since,
 * and not another's child that this one has inherited, as init does
 * @tgid: the process
 * @ppid: its parent
 */
bool program_forked(pid_t tgid, pid_t ppid);

#endif
