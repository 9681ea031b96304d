/* SPDX-License-Identifier: GPL-2.0 */
/* What rows of a program and advice are written with. */
#ifndef SHARESTAT_MODEL_PROGRAM_ROWS_H
#define SHARESTAT_MODEL_PROGRAM_ROWS_H

#include <stdio.h>

#include "model/program.h"

struct size_text {
	char text[64];
};

/** program_row_add() - begin a row, which @row then stands behind */
void program_row_add(struct program_row **row, const char *id, enum verdict verdict);
/** size_of_bytes() - as people read it */
struct size_text size_of_bytes(double bytes);
/** size_of_frames() - the same of so many frames */
struct size_text size_of_frames(const struct program *program, uint64_t frames);
/** plural() - @many, or "" for one */
const char *plural(uint64_t count, const char *many);

#define TEXT(row, ...) snprintf((row)[-1].text, sizeof((row)[-1].text), __VA_ARGS__)
#define EVIDENCE(row, ...) snprintf((row)[-1].evidence, sizeof((row)[-1].evidence), __VA_ARGS__)
#define ULL(x) ((unsigned long long)(x))

#endif
