/* SPDX-License-Identifier: GPL-2.0 */
/* The lines of `top`, and its screen. */
#ifndef SHARESTAT_SHOW_TOP_H
#define SHARESTAT_SHOW_TOP_H

#include "model/top-sample.h"

enum top_view { TOP_PROCESSES, TOP_CPUS, TOP_VIEWS };

#define TOP_COLUMNS_MAX 12

/* A column of a view; the first one is the number of the process or CPU. */
struct top_column {
	const char *name, *help;
	int width;
};

/** top_columns() - those of a view; the last one has no name */
const struct top_column *top_columns(enum top_view view);

/* What the user chose. */
struct top_choice {
	enum top_view view;
	size_t sort[TOP_VIEWS];		/* a column of each view */
	bool reverse;
	const pid_t *pids;		/* of -p: only these processes, if any */
	size_t npids;
	double delay;
};

/* Lines of text; whoever shows them may mark the heading. */
struct top_page {
	char **lines;
	size_t count;
	size_t heading;			/* which line names the columns */
	size_t sort_at, sort_width;	/* where in it the column that is sorted by is */
};

/**
 * top_render() - one interval as lines
 * @page: filled; free it with top_page_free()
 * @sample: of an interval
 * @choice: what is shown and how it is sorted
 * @width: of the terminal; names are cut to it
 * @height: how many lines there is room for
 */
void top_render(struct top_page *page, const struct top_sample *sample,
		const struct top_choice *choice, size_t width, size_t height);
void top_page_free(struct top_page *page);

/** top_rate() - a rate in at most 5 columns: 0, 0.5, 12.3, 1234, 123k, 12.3M */
void top_rate(char *text, size_t size, double rate);
/** top_name() - a name in at most @width columns, without what a terminal obeys */
void top_name(char *text, size_t size, const char *name, size_t width);

/* Where the figures of the screen come from. */
struct top_live {
	int (*read)(struct top_sample *sample);	/* 0, or -1 explained */
	double (*now)(void);			/* the clock of their times */
};

/**
 * top_screen() - show it on the terminal until the user has enough
 * @choice: what is shown first; the user may change it
 * @figures: where the figures come from
 * @count: how many intervals; UINT64_MAX: no end
 *
 * Return: 0, or -1 explained.
 */
int top_screen(struct top_choice *choice, const struct top_live *figures, uint64_t count);

#endif
