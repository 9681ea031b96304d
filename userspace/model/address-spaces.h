/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Thread groups -> address spaces. The module's streams go by thread group;
 * groups that share one mm (vfork, CLONE_VM) show the same page tables, which
 * are one mapping each and not two.
 */
#ifndef SHARESTAT_SPACES_H
#define SHARESTAT_SPACES_H

#include "read/snapshot.h"
#include "show/table.h"

struct space {
	object_id mm;			/* 0: not in `tasks`, it was too short-lived */
	pid_t tgid;			/* the lowest that has it */
	pid_t walked;			/* the first that was asked for, or 0 */
	unsigned int groups;
	char comm[64];			/* of that lowest one */
};

struct space_member {
	pid_t tgid;
	uint32_t space;
};

struct spaces {
	struct space *list;
	size_t count;
	struct space_member *members;	/* sorted by tgid */
	size_t nmembers;
	struct space_member last;	/* the last answer; tgid 0: none */
};

/** spaces_read() - of all tasks there are. Return: 0, or -1 explained */
int spaces_read(struct spaces *spaces);
void spaces_free(struct spaces *spaces);

/**
 * spaces_find() - the address space of a thread group
 * @spaces: may grow
 * @tgid: the group
 *
 * One that is not known yet is looked up in `tasks` again, and if it has ended
 * by then it gets an address space of its own.
 *
 * Return: its index in the list, or -1 after an explanation.
 */
long spaces_find(struct spaces *spaces, pid_t tgid);

/**
 * spaces_first() - is this the group whose page tables stand for the space's
 * @spaces: as read
 * @index: as returned by spaces_find()
 * @tgid: the group
 *
 * True for the first group of a space that is asked for, and for no other.
 */
bool spaces_first(struct spaces *spaces, long index, pid_t tgid);

/** space_name() - fill a cell with the name: "bash", or "bash +1" of two groups */
void space_name(struct cell *cell, const struct space *space);

#endif
