/* SPDX-License-Identifier: GPL-2.0 */
/* report --quiz. */
#ifndef SHARESTAT_COMMANDS_REPORT_QUIZ_H
#define SHARESTAT_COMMANDS_REPORT_QUIZ_H

#include "show/report.h"

/**
 * report_quiz() - measure claims, and ask whose each result is
 * @claims: all of them
 * @chosen: of each, whether it is asked for
 * @count: of both
 *
 * Answers are read from standard input until it ends, or until "q". registry_use() before.
 */
void report_quiz(const struct claim *claims, const bool *chosen, size_t count);

#endif
