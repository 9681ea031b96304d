// SPDX-License-Identifier: GPL-2.0
/* The picture that the page of `matrix` begins with: edges, or a heat map. */
#include <stdlib.h>

#include "commands/matrix-picture.h"
#include "measure/read-frame-sets.h"
#include "model/frame-sets.h"
#include "show/chart-frame-sets.h"
#include "show/chart-heat-map.h"
#include "show/html.h"

#define EDGES_DRAWN 5	/* from so many address spaces on there are no edges */
#define HEAT_MAP_TITLE "Who shares how much with whom"

const struct space *matrix_space(const struct matrix_line *line, bool other)
{
	return &line->machine->spaces.list[other ? line->pair->other : line->pair->one];
}

/* Those of the first lines, each once: as many as can be drawn. */
static size_t choose_drawn(pid_t *tgids, const struct matrix_line *lines, size_t count)
{
	size_t chosen = 0;

	for (size_t i = 0; i < 2 * count && chosen < EDGES_DRAWN; i++) {
		pid_t tgid = matrix_space(&lines[i / 2], i % 2)->tgid;
		size_t known = 0;

		while (known < chosen && tgids[known] != tgid)
			known++;
		if (known == chosen)
			tgids[chosen++] = tgid;
	}
	return chosen;
}

static int draw_edges(FILE *out, const pid_t *tgids, size_t count)
{
	struct overlap overlap;

	if (overlap_read(&overlap, tgids, NULL, count))
		return -1;
	svg_overlap(out, "frames", "The address spaces that share most, and their frames",
		    &overlap);
	overlap_free(&overlap);
	return 0;
}

static int draw_heat_map(FILE *out, const struct matrix_line *lines, size_t count)
{
	const struct matrix_machine *machine = lines->machine;
	size_t nmembers = machine->spaces.count, page = machine->page_size;
	struct heat_member *members = calloc(nmembers + 1, sizeof(*members));
	struct heat_pair *pairs = calloc(count + 1, sizeof(*pairs));
	int result = -1;

	for (size_t i = 0; members && i < nmembers; i++) {
		struct space_size size = matrix_size_of(machine->matrix, (uint32_t)i);

		members[i] = (struct heat_member) {
			.tgid = machine->spaces.list[i].tgid,
			.name = machine->spaces.list[i].comm,
			.rss = space_size_all(&size) * page,
		};
	}
	for (size_t i = 0; pairs && i < count; i++)
		pairs[i] = (struct heat_pair) {
			lines[i].pair->one, lines[i].pair->other,
			lines[i].frames * machine->page_size,
		};
	if (members && pairs)
		result = svg_heat_map(out, "pairs", HEAT_MAP_TITLE, members, nmembers, pairs,
				      count);
	free(members);
	free(pairs);
	return result;
}

int matrix_picture(FILE *out, const struct matrix_line *lines, size_t count, struct table *table)
{
	const char *pairs = "Pairs of address spaces that map the same frames, most first";
	pid_t tgids[EDGES_DRAWN];
	size_t spaces = choose_drawn(tgids, lines, count);
	int result;

	if (spaces < EDGES_DRAWN) {
		result = draw_edges(out, tgids, spaces);
		table_html(table, out, pairs);
		return result;
	}
	html_figure_begin(out, HEAT_MAP_TITLE);
	result = draw_heat_map(out, lines, count);
	table_html(table, out, pairs);
	html_figure_end(out);
	return result;
}
