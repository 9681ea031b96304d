/* SPDX-License-Identifier: GPL-2.0 */
/* Two reports side by side. */
#ifndef SHARESTAT_SHOW_REPORT_DIFF_H
#define SHARESTAT_SHOW_REPORT_DIFF_H

#include "show/table.h"

/**
 * report_compare() - print two reports side by side
 * @first: file that `report --json` wrote
 * @second: another one
 * @output: table, raw or JSON
 *
 * Return: 0, or -1 explained.
 */
int report_compare(const char *first, const char *second, const struct output *output);

#endif
