// SPDX-License-Identifier: GPL-2.0
/*
 * The picture of what is shared: address spaces on the left, frames on the
 * right, an edge for each page table that maps them, in the colour of the class.
 */
#include <string.h>

#include "lib/quantity.h"
#include "read/names.h"
#include "show/chart-frame-sets.h"
#include "show/html.h"

#define LEFT_WIDTH 36.0		/* percent */
#define RIGHT_AT 62.0
#define RIGHT_WIDTH 37.8
#define BOX_HEIGHT 34		/* pixels */
#define STEP 42
#define TOP 22

/* Hues that are apart from each other, in the order of the classes. */
static const unsigned int hues[SHARING_CLASSES] = {
	[SHARING_PRIVATE] = 220, [SHARING_COW] = 25, [SHARING_TEXT] = 140,
	[SHARING_RODATA] = 165, [SHARING_LIBTEXT] = 95, [SHARING_LIBRODATA] = 70,
	[SHARING_FILECOW] = 45, [SHARING_MAPFILE] = 190, [SHARING_MAPANON] = 285,
	[SHARING_MEMFD] = 310, [SHARING_POSIXSHM] = 335, [SHARING_SYSVSHM] = 355,
	[SHARING_KSM] = 260, [SHARING_ZERO] = 205, [SHARING_HUGETLB] = 240,
	[SHARING_SPECIAL] = 120, [SHARING_DEVICE] = 10,
};

static void bytes_text(char *text, size_t size, const struct overlap *overlap, uint64_t frames)
{
	format_quantity(text, size, (double)(frames * overlap->page_size), "bytes");
}

/* What is drawn: all that is shared first, as much as fits. */
static size_t drawn_groups(const struct overlap *overlap)
{
	return overlap->ngroups < OVERLAP_DRAWN ? overlap->ngroups : OVERLAP_DRAWN;
}

static size_t drawn_spaces(const struct overlap *overlap)
{
	return overlap->nspaces < OVERLAP_DRAWN ? overlap->nspaces : OVERLAP_DRAWN;
}

static double row_of(size_t index, size_t count, size_t most)
{
	/* The shorter column is spread over the height of the longer one. */
	return TOP + STEP * ((double)index + 0.5) * (double)most / (double)count -
		BOX_HEIGHT / 2.0;
}

static void draw_edges(FILE *out, const struct overlap *overlap, size_t spaces, size_t groups,
		       size_t most)
{
	for (size_t i = 0; i < groups; i++) {
		const struct overlap_group *group = &overlap->groups[i];

		fprintf(out, "<g style=\"--h:%u\">\n", hues[group->sharing]);
		for (size_t j = 0; j < spaces; j++)
			if (group->spaces >> j & 1)
				svg_line(out, "edge", LEFT_WIDTH,
					 row_of(j, spaces, most) + BOX_HEIGHT / 2.0, RIGHT_AT,
					 row_of(i, groups, most) + BOX_HEIGHT / 2.0);
		fputs("</g>\n", out);
	}
}

/* As much of a name as fits into a box; never half of a character of UTF-8. */
static int name_length(const char *name, int most)
{
	int length = 0;

	for (int shown = 0; name[length] && shown < most; shown++) {
		length++;
		while ((name[length] & 0xc0) == 0x80)
			length++;
	}
	return length;
}

static void draw_space(FILE *out, const struct overlap *overlap,
		       const struct overlap_space *space, double y)
{
	char size[32];

	bytes_text(size, sizeof(size), overlap, space_size_all(&space->size));
	svg_rect(out, "box", 0.2, y, LEFT_WIDTH - 0.2, BOX_HEIGHT);
	svg_text(out, 0, 7, y + 14, "strong", "start", "%d %.*s", space->tgid,
		 name_length(space->comm, 10), space->comm);
	svg_text(out, 0, 7, y + 27, "dim small", "start", "%llu task%s, %s",
		 (unsigned long long)space->tasks, space->tasks == 1 ? "" : "s", size);
}

static void draw_group(FILE *out, const struct overlap *overlap,
		       const struct overlap_group *group, double y)
{
	unsigned int members = overlap_members(group);
	char size[32];

	bytes_text(size, sizeof(size), overlap, group->frames);
	fprintf(out, "<g style=\"--h:%u\">\n", hues[group->sharing]);
	svg_rect(out, "class", RIGHT_AT, y, RIGHT_WIDTH, BOX_HEIGHT);
	fputs("</g>\n", out);
	svg_text(out, RIGHT_AT, 6, y + 14, "strong", "start", "%s %s",
		 sharing_names[group->sharing], size);
	svg_text(out, RIGHT_AT, 6, y + 27, "dim small", "start", members > 1 ?
		 "in %u address spaces" : "in one address space", members);
}

static void draw(FILE *out, const char *id, const char *title, const struct overlap *overlap)
{
	size_t spaces = drawn_spaces(overlap), groups = drawn_groups(overlap);
	size_t most = spaces > groups ? spaces : groups;

	svg_begin(out, id, (int)(TOP + most * STEP), title,
		  "Boxes on the left are address spaces, boxes on the right are frames; a line is a page table that maps the frames. The table below says the same in words.");
	svg_text(out, 0, 0, 12, "dim", "start", "address spaces");
	svg_text(out, RIGHT_AT, 0, 12, "dim", "start", "frames");
	draw_edges(out, overlap, spaces, groups, most);
	for (size_t i = 0; i < spaces; i++)
		draw_space(out, overlap, &overlap->spaces[i], row_of(i, spaces, most));
	for (size_t i = 0; i < groups; i++)
		draw_group(out, overlap, &overlap->groups[i], row_of(i, groups, most));
	svg_end(out);
}

static void print_members(FILE *out, const struct overlap *overlap,
			  const struct overlap_group *group)
{
	const char *comma = "";

	for (size_t i = 0; i < overlap->nspaces; i++) {
		if (!(group->spaces >> i & 1))
			continue;
		html_text(out, "%s%d %s", comma, overlap->spaces[i].tgid,
			  overlap->spaces[i].comm);
		comma = ", ";
	}
}

static void print_table(FILE *out, const char *title, const struct overlap *overlap)
{
	html_table_begin(out, title);
	html_heading(out, "sharing class", false);
	html_heading(out, "frames", true);
	html_heading(out, "size", true);
	html_heading(out, "address spaces that map them", false);
	html_rows(out);
	for (size_t i = 0; i < overlap->ngroups; i++) {
		const struct overlap_group *group = &overlap->groups[i];
		char size[32];

		bytes_text(size, sizeof(size), overlap, group->frames);
		fprintf(out, "<tr><th scope=\"row\" class=\"key\" style=\"--h:%u\">%s</th>"
			"<td class=\"r\">%llu</td><td class=\"r\">%s</td><td>",
			hues[group->sharing], sharing_names[group->sharing],
			(unsigned long long)group->frames, size);
		print_members(out, overlap, group);
		fputs("</td></tr>\n", out);
	}
	html_table_end(out);
}

void svg_overlap(FILE *out, const char *id, const char *title, const struct overlap *overlap)
{
	html_figure_begin(out, title);
	draw(out, id, title, overlap);
	if (overlap->ngroups > OVERLAP_DRAWN || overlap->nspaces > OVERLAP_DRAWN ||
	    overlap->left_out)
		fprintf(out, "<p class=\"dim\">Drawn are %zu of %zu address spaces and %zu of %zu sets of frames; the table has %s.</p>\n",
			drawn_spaces(overlap), overlap->nspaces + overlap->left_out,
			drawn_groups(overlap), overlap->ngroups,
			overlap->left_out ? "more" : "all");
	print_table(out, title, overlap);
	html_figure_end(out);
}
