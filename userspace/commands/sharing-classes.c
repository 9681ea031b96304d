// SPDX-License-Identifier: GPL-2.0
/* CLASS[,CLASS]: sharing classes by their names. */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "commands/sharing-classes.h"
#include "read/names.h"
#include "uapi/sharestat.h"

static int add_class(uint32_t *classes, const char *name, size_t length)
{
	for (unsigned int i = 0; i < SHARING_CLASSES; i++) {
		if (strlen(sharing_names[i]) != length || strncmp(sharing_names[i], name, length))
			continue;
		*classes |= 1u << i;
		return 0;
	}
	warnx("unknown sharing class: '%.*s'; the classes are:", (int)length, name);
	for (unsigned int i = 0; i < SHARING_CLASSES; i++)
		fprintf(stderr, "%s%s", sharing_names[i], i + 1 < SHARING_CLASSES ? "," : "\n");
	return -1;
}

int sharing_classes_parse(uint32_t *classes, const char *list)
{
	do {
		size_t length = strcspn(list, ",");

		if (add_class(classes, list, length))
			return -1;
		list += length;
	} while (*list++);
	return 0;
}
