/* SPDX-License-Identifier: GPL-2.0 */
/* The module's records, made of what the witnesses say. */
#ifndef SHARESTAT_MEASURE_WITNESSED_H
#define SHARESTAT_MEASURE_WITNESSED_H

#include "read/snapshot.h"

/** witnessed_tasks() - our tasks and those of all that descend from us. Return: 0 or -1 */
int witnessed_tasks(struct snapshot *tasks);
/** witnessed_vmas() - mappings of thread groups, without counts of pages. Return: 0 or -1 */
int witnessed_vmas(struct snapshot *vmas, const pid_t *tgids, size_t count);
/** witnessed_frames() - pages of thread groups, a record each. Return: 0 or -1 */
int witnessed_frames(struct snapshot *frames, const pid_t *tgids, size_t count);

#endif
