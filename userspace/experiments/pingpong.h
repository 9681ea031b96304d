/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two tasks on one CPU that throw a byte to and fro over two pipes: each byte is
 * a switch. Each task can touch some pages of its own at each turn.
 */
#ifndef SHARESTAT_EXPERIMENTS_PINGPONG_H
#define SHARESTAT_EXPERIMENTS_PINGPONG_H

#include "experiments/actor.h"
#include "model/counters.h"

struct pingpong {
	int there[2], back[2], alone[2];
	size_t rounds, pages;
	char *sets[2];			/* of the two, when pages is not 0 */
};

/* What all plays with one kind of partner gave. */
struct pingpong_match {
	struct counters counters;	/* of this CPU, summed over the plays */
	uint64_t flushes, kept;		/* of them, those at a switch of task */
	uint64_t left;			/* how often this task left the CPU, by the kernel */
};

/* What one play took. */
struct pingpong_time {
	double turn_ns;			/* switch, pipe and pages */
	/*
	 * Pipe and pages without a switch, while the partner sleeps: what a pipe costs
	 * depends on how many use the table of files.
	 */
	double pipe_ns;
	uint64_t left;			/* how often this task left the CPU meanwhile */
};

/**
 * pingpong_open() - get ready
 * @game: filled; pingpong_close() gives everything back
 * @rounds: of each play
 * @pages: that each touches at each turn
 *
 * Return: false when there are no descriptors or no memory.
 */
bool pingpong_open(struct pingpong *game, size_t rounds, size_t pages);
void pingpong_close(struct pingpong *game);

/**
 * pingpong_play() - one play with a partner that is started for it
 * @game: open; the calling task is pinned
 * @kind: of the partner
 * @match: added to; NULL: nothing is counted
 * @time: filled
 */
bool pingpong_play(struct pingpong *game, enum actor_kind kind, struct pingpong_match *match,
		   struct pingpong_time *time);

#endif
