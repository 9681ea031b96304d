/* SPDX-License-Identifier: GPL-2.0 */
/* Who descends from a process, also those who lived for a moment. Pure. */
#ifndef SHARESTAT_MODEL_DESCENDANTS_H
#define SHARESTAT_MODEL_DESCENDANTS_H

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

/** family_init() - nobody yet, and not followed; free it with family_free() */
void family_init(struct family *family);
void family_free(struct family *family);
/** pid_set_change() - put a process id in or take it out */
void pid_set_change(struct pid_set *set, pid_t pid, bool in);
/** family_has() - is a process of the family */
bool family_has(const struct family *family, pid_t tgid);
/** family_size() - how many processes, dead ones too */
unsigned long family_size(const struct family *family);
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
