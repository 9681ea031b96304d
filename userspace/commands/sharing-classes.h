/* SPDX-License-Identifier: GPL-2.0 */
/* CLASS[,CLASS]: sharing classes by their names. */
#ifndef SHARESTAT_COMMANDS_SHARING_CLASSES_H
#define SHARESTAT_COMMANDS_SHARING_CLASSES_H

#include <stdint.h>

/**
 * sharing_classes_parse() - read a list of them
 * @classes: bit i is set for class i
 * @list: names with commas between them
 *
 * Return: 0, or -1 after an explanation.
 */
int sharing_classes_parse(uint32_t *classes, const char *list);

#endif
