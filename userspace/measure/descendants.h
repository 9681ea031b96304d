/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who descends from a process, also those who lived for a moment: out of the
 * module's own tracepoint sharestat:birth, recorded in a trace instance that
 * nobody else sees. It costs births a record, and switches nothing.
 */
#ifndef SHARESTAT_FAMILY_H
#define SHARESTAT_FAMILY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Process ids as bits. */
struct pid_set {
	uint64_t *words;
};

struct family {
	struct pid_set tasks;		/* alive or not */
	struct pid_set groups;
	int trace;			/* the instance's records, or -1: not followed */
	unsigned long lost;		/* records that were overwritten */
	char why[160];			/* not followed */
};

/**
 * family_begin() - follow from now on
 * @family: filled; family_end() gives everything back
 *
 * A family that cannot be followed (see @why) has only those who are added.
 */
void family_begin(struct family *family);
/** family_add() - a process with all its threads of this moment */
void family_add(struct family *family, pid_t tgid);
/** family_update() - take in who was born; often enough that no record is lost */
void family_update(struct family *family);
bool family_has(const struct family *family, pid_t tgid);
/** family_size() - how many processes, dead ones too */
unsigned long family_size(const struct family *family);
void family_end(struct family *family);

/* Pure; for family.c and its tests. */

struct birth {
	pid_t parent;			/* the task that was running */
	pid_t pid, tgid;		/* the new task; at an exec the same one */
};

/**
 * birth_parse() - a line of tracefs's text
 * @line: the line
 * @birth: filled when it is a birth
 * @lost: added to when the line says that records were lost
 *
 * Names may hold anything, so the line is read from its end.
 *
 * Return: is it a birth.
 */
bool birth_parse(const char *line, struct birth *birth, unsigned long *lost);
/** family_take() - a birth: of the family when the parent is */
void family_take(struct family *family, const struct birth *birth);

#endif
