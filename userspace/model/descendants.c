// SPDX-License-Identifier: GPL-2.0
/* Who descends from a process, out of records of births. */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/parse-number.h"
#include "lib/xalloc.h"
#include "model/descendants.h"

#define PIDS_MAX (1 << 22)		/* the kernel's PID_MAX_LIMIT */

static bool set_has(const struct pid_set *set, pid_t pid)
{
	return pid > 0 && pid < PIDS_MAX && set->words[pid / 64] >> pid % 64 & 1;
}

void pid_set_change(struct pid_set *set, pid_t pid, bool in)
{
	if (pid <= 0 || pid >= PIDS_MAX)
		return;
	if (in)
		set->words[pid / 64] |= 1ULL << pid % 64;
	else
		set->words[pid / 64] &= ~(1ULL << pid % 64);
}

static void set_new(struct pid_set *set)
{
	set->words = xcalloc(PIDS_MAX / 64, sizeof(*set->words));
}

void family_init(struct family *family)
{
	*family = (struct family) { .trace = -1 };
	set_new(&family->tasks);
	set_new(&family->groups);
}

void family_free(struct family *family)
{
	free(family->tasks.words);
	free(family->groups.words);
}

/* "...comm-12  [000] .....  5.123456: birth: kind=fork pid=13 tgid=13 mm=..." */
bool birth_parse(const char *line, struct birth *birth, unsigned long *lost)
{
	static const char mark[] = ": birth: kind=";
	const char *at = NULL, *next, *end;
	char kind[16];
	unsigned long count;
	uint64_t parent;

	if (sscanf(line, "CPU:%*u [LOST %lu EVENTS]", &count) == 1)
		*lost += count;
	for (next = line; (next = strstr(next, mark)); next++)
		at = next;
	if (!at || sscanf(at + strlen(mark), "%15s pid=%d tgid=%d", kind, &birth->pid,
			  &birth->tgid) != 3)
		return false;
	/* Back over the time, the flags and the CPU, words without spaces. */
	for (int words = 0; words < 3; words++) {
		while (at > line && at[-1] != ' ')
			at--;
		while (at > line && at[-1] == ' ')
			at--;
	}
	for (end = at; at > line && isdigit((unsigned char)at[-1]);)
		at--;
	if (at == end || at == line || at[-1] != '-')
		return false;
	if (!parse_prefix(&parent, at, INT_MAX))
		return false;
	birth->parent = (pid_t)parent;
	return true;
}

/*
 * A pid that is born again outside is no longer of the family; its thread group
 * stays, for what was counted for the one that it was.
 */
void family_take(struct family *family, const struct birth *birth)
{
	bool in = set_has(&family->tasks, birth->parent);

	pid_set_change(&family->tasks, birth->pid, in);
	if (in)
		pid_set_change(&family->groups, birth->tgid, true);
}

bool family_has(const struct family *family, pid_t tgid)
{
	return set_has(&family->groups, tgid);
}

unsigned long family_size(const struct family *family)
{
	unsigned long size = 0;

	for (size_t i = 0; i < PIDS_MAX / 64; i++)
		size += (unsigned long)__builtin_popcountll(family->groups.words[i]);
	return size;
}
