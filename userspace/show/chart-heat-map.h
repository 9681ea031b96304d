/* SPDX-License-Identifier: GPL-2.0 */
/* Who shares how much with whom, for more address spaces than edges can be told apart. */
#ifndef SHARESTAT_SHOW_CHART_HEAT_MAP_H
#define SHARESTAT_SHOW_CHART_HEAT_MAP_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define HEAT_MAP_DRAWN 300	/* address spaces, at most */

struct heat_member {
	pid_t tgid;
	const char *name;
	uint64_t rss;			/* bytes */
};

struct heat_pair {
	uint32_t one, other;		/* indices of members */
	uint64_t bytes;			/* of frames that both map */
};

/**
 * svg_heat_map() - a square for each pair, the darker the more it has in common
 * @out: the page
 * @id: unique on the page
 * @title: what it is
 * @members: the address spaces; those that share nothing are not drawn
 * @nmembers: how many
 * @pairs: what they share; those of one pair are added up
 * @npairs: how many
 *
 * Address spaces of one name stand together, the names that share most first. The figure
 * around it, and the table of its numbers, are the caller's.
 *
 * Return: 0 or -1 (memory).
 */
int svg_heat_map(FILE *out, const char *id, const char *title,
		 const struct heat_member *members, size_t nmembers,
		 const struct heat_pair *pairs, size_t npairs);

#endif
