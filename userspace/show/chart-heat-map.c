// SPDX-License-Identifier: GPL-2.0
/* A matrix of squares, the darker the more two address spaces share. */
#include <stdlib.h>
#include <string.h>

#include "show/chart-heat-map.h"
#include "show/html.h"

#define HEIGHT 660.0		/* pixels, of all rows together where they are many */
#define ROW_LEAST 3.0
#define ROW_MOST 24.0
#define ROW_NAMED 12.0		/* a row so high has room for a name of its own */
#define LEVELS 6

/* Shades begin at these parts of the smaller of the two. */
static const double levels[LEVELS] = { 0, 0.05, 0.2, 0.4, 0.6, 0.8 };

struct row {
	const struct heat_member *member;
	uint64_t shared;		/* with all others; bytes */
	uint64_t group_shared;		/* with all others by those of its name */
	size_t group;			/* rows of its name */
	uint32_t index;
};

struct map {
	struct row *rows;
	size_t count, left_out;
	uint32_t *row_of;		/* by index of the member; UINT32_MAX: not drawn */
	uint8_t *shades;		/* count x count */
	double height;			/* of a row */
};

static int by_shared(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	if (a->shared != b->shared)
		return a->shared > b->shared ? -1 : 1;
	return (a->member->tgid > b->member->tgid) - (a->member->tgid < b->member->tgid);
}

static int by_name(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	return strcmp(a->member->name, b->member->name);
}

static bool is_several(const struct row *row)
{
	return row->group > 1;
}

/* Names of several processes first; of these those that share most. */
static int by_group(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	if (is_several(a) != is_several(b))
		return is_several(a) ? -1 : 1;
	if (a->group_shared != b->group_shared)
		return a->group_shared > b->group_shared ? -1 : 1;
	if (by_name(a, b))
		return by_name(a, b);
	return (a->member->tgid > b->member->tgid) - (a->member->tgid < b->member->tgid);
}

static void order_rows(struct map *map)
{
	qsort(map->rows, map->count, sizeof(*map->rows), by_name);
	for (size_t i = 0, next; i < map->count; i = next) {
		struct row *rows = map->rows;
		uint64_t shared = 0;

		for (next = i; next < map->count && !by_name(&rows[i], &rows[next]); next++)
			shared += rows[next].shared;
		for (size_t j = i; j < next; j++) {
			rows[j].group = next - i;
			rows[j].group_shared = shared;
		}
	}
	qsort(map->rows, map->count, sizeof(*map->rows), by_group);
	for (size_t i = 0; i < map->count; i++)
		map->row_of[map->rows[i].index] = (uint32_t)i;
}

/* Those that share most, and nobody that shares nothing. */
static void choose_rows(struct map *map, const struct heat_member *members, size_t nmembers,
			const struct heat_pair *pairs, size_t npairs)
{
	size_t sharers = 0;

	for (size_t i = 0; i < nmembers; i++) {
		map->rows[i] = (struct row) { .member = &members[i], .index = (uint32_t)i };
		map->row_of[i] = UINT32_MAX;
	}
	for (size_t i = 0; i < npairs; i++) {
		map->rows[pairs[i].one].shared += pairs[i].bytes;
		map->rows[pairs[i].other].shared += pairs[i].bytes;
	}
	qsort(map->rows, nmembers, sizeof(*map->rows), by_shared);
	while (sharers < nmembers && map->rows[sharers].shared)
		sharers++;
	map->count = sharers < HEAT_MAP_DRAWN ? sharers : HEAT_MAP_DRAWN;
	map->left_out = sharers - map->count;
	order_rows(map);
}

/* 1 to LEVELS; 0 is nothing in common. */
static uint8_t shade_of(uint64_t bytes, uint64_t one, uint64_t other)
{
	uint64_t least = one < other ? one : other;
	uint8_t shade = LEVELS;

	if (!bytes)
		return 0;
	while (shade > 1 && (double)bytes < levels[shade - 1] * (double)least)
		shade--;
	return shade;
}

static int fill_shades(struct map *map, const struct heat_pair *pairs, size_t npairs)
{
	uint64_t *bytes = calloc(map->count * map->count + 1, sizeof(*bytes));

	map->shades = calloc(map->count * map->count + 1, 1);
	if (!bytes || !map->shades) {
		free(bytes);
		return -1;
	}
	for (size_t i = 0; i < npairs; i++) {
		uint32_t one = map->row_of[pairs[i].one], other = map->row_of[pairs[i].other];

		if (one == UINT32_MAX || other == UINT32_MAX)
			continue;
		bytes[one * map->count + other] += pairs[i].bytes;
		bytes[other * map->count + one] += pairs[i].bytes;
	}
	for (size_t i = 0; i < map->count * map->count; i++)
		map->shades[i] = shade_of(bytes[i], map->rows[i / map->count].member->rss,
					  map->rows[i % map->count].member->rss);
	free(bytes);
	return 0;
}

/* All squares of one shade are one path, neighbours in a row one stroke of it. */
static void draw_shade(FILE *out, const struct map *map, uint8_t shade)
{
	fprintf(out, "<path class=\"heat\" style=\"--shade:var(--heat%u)\" d=\"", shade);
	for (size_t row = 0; row < map->count; row++) {
		const uint8_t *cells = map->shades + row * map->count;

		for (size_t from = 0, to; from < map->count; from = to + 1) {
			for (to = from; to < map->count && cells[to] == shade; to++)
				;
			if (to > from)
				fprintf(out, "M%zu %zuh%zuv1h-%zuz", from, row, to - from,
					to - from);
		}
	}
	fputs("\"/>\n", out);
}

/* The name of @count rows from @from on. */
static void print_label(FILE *out, const struct map *map, size_t from, size_t count, bool others)
{
	const struct heat_member *member = map->rows[from].member;

	fprintf(out, "<li style=\"top:%.1fpx;height:%.1fpx\"><span>", map->height * (double)from,
		map->height * (double)count);
	if (others)
		html_text(out, "%zu others", count);
	else if (count > 1)
		html_text(out, "%zu %s", count, member->name);
	else
		html_text(out, "%d %s", member->tgid, member->name);
	fputs("</span></li>\n", out);
}

static void print_labels(FILE *out, const struct map *map)
{
	const bool each = map->height >= ROW_NAMED;

	fputs("<ul class=\"rows\">\n", out);
	for (size_t i = 0, next; i < map->count; i = next) {
		bool others = map->rows[i].group == 1;

		next = others ? map->count : i + map->rows[i].group;
		for (size_t row = i; each && row < next; row++)
			print_label(out, map, row, 1, false);
		if (!each && map->height * (double)(next - i) >= ROW_NAMED)
			print_label(out, map, i, next - i, others && next - i > 1);
	}
	fputs("</ul>\n", out);
}

static void draw(FILE *out, const char *id, const char *title, const struct map *map)
{
	fputs("<div class=\"heat-map\">\n", out);
	print_labels(out, map);
	svg_stretched_begin(out, id, (int)(map->height * (double)map->count), map->count,
			    map->count, title,
			    "A row and a column for each address space, in the same order; a square is the darker the more of the smaller one both map. The table below has the numbers.");
	for (uint8_t shade = 1; shade <= LEVELS; shade++)
		draw_shade(out, map, shade);
	svg_end(out);
	fputs("</div>\n", out);
}

static void print_legend(FILE *out, const struct map *map)
{
	fputs("<p class=\"legend\">In common, of the smaller of the two:", out);
	for (unsigned int i = 0; i < LEVELS; i++)
		fprintf(out, " <span><span class=\"swatch heat\" style=\"--shade:var(--heat%u)\">&nbsp;</span> %s %.0f %%</span>",
			i + 1, i ? "from" : "above", 100 * levels[i]);
	fputs("</p>\n<p class=\"dim\">Columns are in the order of the rows; "
	      "processes of one name stand together.", out);
	if (map->left_out)
		fprintf(out, " The %zu that share most are drawn, %zu more are not.", map->count,
			map->left_out);
	fputs("</p>\n", out);
}

int svg_heat_map(FILE *out, const char *id, const char *title,
		 const struct heat_member *members, size_t nmembers,
		 const struct heat_pair *pairs, size_t npairs)
{
	struct map map = {
		.rows = calloc(nmembers + 1, sizeof(*map.rows)),
		.row_of = calloc(nmembers + 1, sizeof(*map.row_of)),
	};
	int result = -1;

	if (map.rows && map.row_of) {
		choose_rows(&map, members, nmembers, pairs, npairs);
		result = fill_shades(&map, pairs, npairs);
	}
	if (!result && map.count) {
		map.height = HEIGHT / (double)map.count;
		map.height = map.height < ROW_LEAST ? ROW_LEAST :
			     map.height > ROW_MOST ? ROW_MOST : map.height;
		draw(out, id, title, &map);
		print_legend(out, &map);
	}
	free(map.rows);
	free(map.row_of);
	free(map.shades);
	return result;
}
