/* SPDX-License-Identifier: GPL-2.0 */
/* What was found of a program, in words and as JSON. */
#ifndef SHARESTAT_SHOW_PROGRAM_H
#define SHARESTAT_SHOW_PROGRAM_H

#include "model/program.h"
#include "show/table.h"

/* These print. Return: 0, or -1 explained. */
int program_text(const struct program *program, const struct output *output);
int advice_text(const struct program *program, const struct output *output);
/* As JSON, with the rows or with the advice. */
int program_json(const struct program *program, bool advice);

#endif
