/* SPDX-License-Identifier: GPL-2.0 */
/* Looks at the frames of some processes. */
#ifndef SHARESTAT_MEASURE_READ_FRAME_SETS_H
#define SHARESTAT_MEASURE_READ_FRAME_SETS_H

#include "model/frame-sets.h"
#include "read/run-list.h"

/**
 * overlap_read() - look at processes
 * @overlap: filled; free it with overlap_free()
 * @tgids: which; those that are gone are left out
 * @runs: what each of them maps, or NULL: then they are looked at
 * @count: how many
 *
 * Return: 0, or -1 after an explanation.
 */
int overlap_read(struct overlap *overlap, const pid_t *tgids, const struct run_list *const *runs,
		 size_t count);

#endif
