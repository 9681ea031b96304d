/* SPDX-License-Identifier: GPL-2.0 */
/* The module's facts held against those of /proc and kcmp(2). */
#ifndef SHARESTAT_VERIFY_VERIFY_H
#define SHARESTAT_VERIFY_VERIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum check {
	CHECK_FRAME,		/* pagemap: present, on this frame */
	CHECK_MAPS,		/* kpagecount */
	CHECK_FLAGS,		/* kpageflags */
	CHECK_RSS, CHECK_USS, CHECK_PSS, CHECK_LAZYFREE, CHECK_SWAP, CHECK_HUGETLB,	/* smaps */
	CHECK_SUM,		/* vmas against frames.bin */
	CHECK_OBJECTS,		/* kcmp(2) */
	CHECKS
};

/* What the module says, and what the witness. */
struct difference {
	enum check check;
	pid_t pid;
	uint64_t where;			/* virtual address; for objects the other task */
	uint64_t ours, theirs;
	char name[32];			/* of the mapping, its end; or of the object */
};

#define DIFFERENCES_MAX 64		/* in one process; the rest is only counted */

/* One look: what was compared and what differed. */
struct look {
	uint64_t compared[CHECKS], differing[CHECKS];
	uint64_t vmas;
	struct difference list[DIFFERENCES_MAX];
	unsigned int count;
};

/* What all looks came to. */
struct verification {
	bool average_maps;		/* CONFIG_NO_PAGE_MAPCOUNT */
	uint64_t compared[CHECKS];
	uint64_t differing[CHECKS];	/* in each of several looks, in the same way */
	uint64_t changing[CHECKS];	/* in the last look, but not in the same way before */
	uint64_t vmas, processes;
};

enum verify_result { VERIFY_DONE, VERIFY_GONE, VERIFY_FAILED };

/**
 * verify_process() - compare all mappings of a process
 * @verification: added to
 * @tgid: the process
 * @found: filled with the differences that stayed
 *
 * Processes run meanwhile, so that a difference counts only when it is the same
 * in each of several looks.
 *
 * Return: VERIFY_FAILED after an explanation; nothing is added then, and when
 * the process is gone.
 */
enum verify_result verify_process(struct verification *verification, pid_t tgid,
				  struct look *found);

/**
 * verify_tasks() - compare what tasks share, as ids, with kcmp(2)
 * @verification: added to
 * @found: filled with the differences that stayed
 *
 * Return: as verify_process().
 */
enum verify_result verify_tasks(struct verification *verification, struct look *found);

/** look_compare() - note that two values were compared; a difference when unequal */
void look_compare(struct look *look, const struct difference *compared);

/**
 * look_again() - look several times, or until a look finds nothing
 * @verification: added to
 * @look_once: one look; the last argument is to be filled
 * @tgid: handed to it
 * @found: filled with the differences that every look had
 *
 * Return: VERIFY_DONE, or what a look returned otherwise: nothing is added then.
 */
enum verify_result look_again(struct verification *verification,
			      enum verify_result (*look_once)(const struct verification *,
							      pid_t, struct look *),
			      pid_t tgid, struct look *found);

/** average_mapcounts() - is CONFIG_NO_PAGE_MAPCOUNT on: 1, 0, or -1 not known */
int average_mapcounts(void);

#endif
