/* SPDX-License-Identifier: GPL-2.0 */
/* Are two addresses one frame, and why or why not. Pure. */
#ifndef SHARESTAT_MODEL_SAME_FRAME_H
#define SHARESTAT_MODEL_SAME_FRAME_H

#include "read/records.h"

enum verdict_same { SAME_FRAME, DIFFERENT_FRAMES, NO_FRAME };

/* All that is known of one address. */
struct same_side {
	pid_t tgid;
	uint64_t va;			/* of the page */
	bool present;
	uint64_t pfn;
	struct frame_run run;		/* that has it, when present */
	bool mapped;			/* in some mapping, */
	char perms[5];			/* of these permissions */
	uint64_t start;			/* that begins here */
	const char *name;		/* and is this; "" when not mapped */
	object_id mm;			/* 0: not known */
	/* Of a file, from /proc/PID/maps; inode 0: none, or not known. */
	uint64_t device, inode, offset;	/* offset of the page */
	bool swapped;			/* says /proc/PID/pagemap */
};

/** same_verdict() - do two addresses have one frame */
enum verdict_same same_verdict(const struct same_side *one, const struct same_side *other);

/**
 * same_reason() - why, in one sentence
 * @text: where to write it
 * @size: of it; 512 is enough
 * @one: an address
 * @other: the other
 */
void same_reason(char *text, size_t size, const struct same_side *one,
		 const struct same_side *other);

#endif
