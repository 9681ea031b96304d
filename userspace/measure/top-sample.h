/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of `top`: what is read, the lines made of it, the screen. */
#ifndef SHARESTAT_TOP_H
#define SHARESTAT_TOP_H

#include "model/accounts.h"

enum top_view { TOP_PROCESSES, TOP_CPUS, TOP_VIEWS };

/* The counters at a moment, or of an interval. */
struct top_sample {
	struct accounts accounts;	/* by thread group */
	struct counters *cpus;		/* by CPU; births are not per CPU */
	size_t ncpus;
	struct counters all;
	double time;			/* or the length of the interval */
};

/** top_read() - Return: 0, or -1 explained; free it with top_free() */
int top_read(struct top_sample *sample);
void top_free(struct top_sample *sample);
/** top_since() - @change becomes what was counted from @before to @now */
void top_since(struct top_sample *change, const struct top_sample *now,
	       const struct top_sample *before);

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

/**
 * top_screen() - show it on the terminal until the user has enough
 * @choice: what is shown first; the user may change it
 * @count: how many intervals; UINT64_MAX: no end
 *
 * Return: 0, or -1 explained.
 */
int top_screen(struct top_choice *choice, uint64_t count);

#endif
