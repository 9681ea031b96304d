/* SPDX-License-Identifier: GPL-2.0 */
/* Reads what `top` shows. */
#ifndef SHARESTAT_MEASURE_TOP_SAMPLE_H
#define SHARESTAT_MEASURE_TOP_SAMPLE_H

#include "model/top-sample.h"

/** top_read() - Return: 0, or -1 explained; free it with top_free() */
int top_read(struct top_sample *sample);

#endif
