/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Thread groups -> address spaces. The module's streams go by thread group;
 * groups that share one mm (vfork, CLONE_VM) show the same page tables, which
 * are one mapping each and not two.
 */
#ifndef SHARESTAT_MODEL_ADDRESS_SPACES_H
#define SHARESTAT_MODEL_ADDRESS_SPACES_H

#include "lib/hash.h"
#include "read/records.h"
#include "read/snapshot.h"

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
	struct hash_table by_mm;
	struct space_member *members;
	size_t nmembers;
	size_t room;			/* for members, and as many spaces */
	struct hash_table by_tgid;	/* of members */
	struct space_member last;	/* the last answer; tgid 0: none */
};

/** spaces_add() - those of `tasks` that are not known yet */
void spaces_add(struct spaces *spaces, const struct snapshot *tasks);
/** spaces_add_ended() - one that was gone before it was looked up */
void spaces_add_ended(struct spaces *spaces, pid_t tgid);
void spaces_free(struct spaces *spaces);

/** spaces_known() - index of the address space of a thread group, or -1 */
long spaces_known(struct spaces *spaces, pid_t tgid);

/**
 * spaces_first() - is this the group whose page tables stand for the space's
 * @spaces: as read
 * @index: as returned by spaces_known()
 * @tgid: the group
 *
 * True for the first group of a space that is asked for, and for no other.
 */
bool spaces_first(struct spaces *spaces, long index, pid_t tgid);

#endif
