// SPDX-License-Identifier: GPL-2.0
/*
 * What happened while a program ran, told apart by who did it. A thread group is
 * the program's when a task of it was born from one of the program's, so
 * children that are dead by now count, too, and so does one that left its
 * parent. What a table of the module had no room for is nobody's.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "measure/birth-trace.h"
#include "measure/clock.h"
#include "measure/counting.h"
#include "measure/read-accounts.h"
#include "model/accounts.h"
#include "model/descendants.h"
#include "model/run-counts.h"

int stat_begin(struct stat_counting *counting, const pid_t *tgids, size_t count)
{
	*counting = (struct stat_counting) { 0 };
	family_begin(&counting->family);
	for (size_t i = 0; i < count; i++)
		family_add(&counting->family, tgids[i]);
	if (accounts_read(&counting->before, ACCOUNTS_ALL)) {
		family_end(&counting->family);
		return -1;
	}
	counting->since = now_seconds();
	return 0;
}

static void copy(struct accounts *to, const struct accounts *from)
{
	for (size_t i = 0; i < from->count; i++)
		accounts_add(to, &from->rows[i]);
}

int stat_read(struct stat_counting *counting, struct stat_run *run)
{
	struct accounts now, change = { 0 };
	double time = now_seconds();

	*run = (struct stat_run) { .seconds = time - counting->since };
	if (accounts_read(&now, ACCOUNTS_ALL))
		return -1;
	family_update(&counting->family);
	copy(&change, &now);
	accounts_since(&change, &counting->before);
	stat_split(run, &change, &counting->family);
	run->groups = family_size(&counting->family);
	run->lost = counting->family.lost;
	accounts_free(&change);
	accounts_free(&counting->before);
	counting->before = now;
	counting->since = time;
	return 0;
}

void stat_end(struct stat_counting *counting)
{
	accounts_free(&counting->before);
	family_end(&counting->family);
}
