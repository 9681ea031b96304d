/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHARESTAT_SHOW_CHART_FRAME_SETS_H
#define SHARESTAT_SHOW_CHART_FRAME_SETS_H

#include <stdio.h>

#include "model/frame-sets.h"

#define OVERLAP_DRAWN 14	/* address spaces and sets of frames, at most */

/** svg_overlap() - a figure of what is shared, with the table that says the same */
void svg_overlap(FILE *out, const char *id, const char *title, const struct overlap *overlap);

#endif
