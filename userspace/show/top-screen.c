// SPDX-License-Identifier: GPL-2.0
/* `top` on a terminal, which is given back as it was whatever ends it. */
#include <curses.h>
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/top-sample.h"
#include "show/top.h"

#define MESSAGE "h: help   q: quit"

static volatile sig_atomic_t caught;
static SCREEN *screen;
static const struct top_live *live;

static void note_signal(int number)
{
	caught = number;
}

/* Without SA_RESTART: the wait for a key ends at once. */
static void catch_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_handler = note_signal };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sigaction(numbers[i], &action, NULL);
}

static void leave_screen(void)
{
	if (screen && !isendwin())
		endwin();
}

static int enter_screen(void)
{
	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO)) {
		warnx("top wants a terminal; for a file or a pipe: top --batch");
		return -1;
	}
	screen = newterm(NULL, stdout, stdin);
	if (!screen) {
		warnx("cannot use this terminal (TERM=%s); try top --batch",
		      getenv("TERM") ? getenv("TERM") : "");
		return -1;
	}
	atexit(leave_screen);	/* also when err() ends the program */
	catch_signals();
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
	return 0;
}

/* In reverse over the whole width, but for the column that is sorted by. */
static void draw_heading(int y, const struct top_page *page)
{
	mvchgat(y, 0, -1, A_REVERSE, 0, NULL);
	mvchgat(y, (int)page->sort_at, (int)page->sort_width, A_BOLD, 0, NULL);
}

static void draw_page(const struct top_page *page)
{
	erase();
	for (size_t i = 0; i < page->count && (int)i < LINES; i++) {
		mvaddnstr((int)i, 0, page->lines[i], -1);
		if (i == page->heading)
			draw_heading((int)i, page);
	}
}

static void draw(const struct top_sample *sample, const struct top_choice *choice,
		 const char *message)
{
	struct top_page page;

	top_render(&page, sample, choice, (size_t)COLS, (size_t)LINES - 1);
	draw_page(&page);
	mvaddnstr(LINES - 1, 0, message, COLS - 1);
	refresh();
	top_page_free(&page);
}

static void draw_help(const struct top_choice *choice)
{
	static const char *const keys[] = {
		"sharestat top: who switches, who flushes the TLB, who is born; events a second",
		"",
		"  p  processes          c  CPUs            q  quit",
		"  <  >  sort by another column             r  reverse the order",
		"  s  sort by switches   t  by shootdowns   b  by births   f  by full flushes",
		"  +  -  longer, shorter interval           space  now",
		"",
	};
	const struct top_column *columns = top_columns(choice->view);
	int line = 0;

	erase();
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		mvaddnstr(line++, 0, keys[i], COLS);
	for (; columns->name && line < LINES - 1; columns++) {
		move(line++, 0);
		printw("  %-10s %.*s", columns->name, COLS > 14 ? COLS - 14 : 0, columns->help);
	}
	mvaddnstr(LINES - 1, 0, "any key: back", COLS - 1);
	refresh();
}

static size_t column_named(enum top_view view, const char *name)
{
	const struct top_column *columns = top_columns(view);

	for (size_t i = 0; columns[i].name; i++)
		if (!strcmp(columns[i].name, name))
			return i;
	return SIZE_MAX;
}

static void sort_by(struct top_choice *choice, const char *name)
{
	size_t column = column_named(choice->view, name);

	if (column == SIZE_MAX)
		return;
	choice->sort[choice->view] = column;
	choice->reverse = false;
}

static void move_sort(struct top_choice *choice, int by)
{
	const struct top_column *columns = top_columns(choice->view);
	size_t *sort = &choice->sort[choice->view];

	if (by < 0 && *sort)
		--*sort;
	else if (by > 0 && columns[*sort + 1].name)
		++*sort;
}

static void change_delay(struct top_choice *choice, double factor)
{
	choice->delay *= factor;
	if (choice->delay < 0.1)
		choice->delay = 0.1;
	if (choice->delay > 3600)
		choice->delay = 3600;
}

enum answer { ANSWER_REDRAW, ANSWER_NOW, ANSWER_HELP, ANSWER_QUIT };

static enum answer take_key(struct top_choice *choice, int key)
{
	static const struct { int key; const char *column; } sorts[] = {
		{ 's', "SWITCHES" }, { 't', "BEGUN" }, { 'b', "BIRTHS" }, { 'f', "FULL" },
	};

	for (size_t i = 0; i < sizeof(sorts) / sizeof(*sorts); i++)
		if (sorts[i].key == key)
			sort_by(choice, sorts[i].column);
	switch (key) {
	case 'q':
	case 'Q':
		return ANSWER_QUIT;
	case 'h':
	case '?':
		return ANSWER_HELP;
	case ' ':
		return ANSWER_NOW;
	case 'p':
	case 'c':
		choice->view = key == 'c' ? TOP_CPUS : TOP_PROCESSES;
		break;
	case 'r':
		choice->reverse = !choice->reverse;
		break;
	case '<':
	case KEY_LEFT:
		move_sort(choice, -1);
		break;
	case '>':
	case KEY_RIGHT:
		move_sort(choice, 1);
		break;
	case '+':
		change_delay(choice, 2);
		break;
	case '-':
		change_delay(choice, 0.5);
		break;
	}
	return ANSWER_REDRAW;
}

static int wait_key(double until)
{
	double left = until - live->now();

	timeout(left <= 0 ? 0 : (int)(left * 1000) + 1);
	return getch();
}

/*
 * Until it is time for the next reading, and all keys have had their answer: where a
 * reading takes longer than the interval it is always time. Return: false to quit.
 */
static bool answer_keys(const struct top_sample *sample, struct top_choice *choice, double since)
{
	bool help = false;
	int key;

	do {
		enum answer answer;

		key = help ? (timeout(-1), getch()) : wait_key(since + choice->delay);
		if (key == ERR)
			continue;
		answer = help && key != KEY_RESIZE ? ANSWER_REDRAW : take_key(choice, key);
		help = answer == ANSWER_HELP || (help && key == KEY_RESIZE);
		if (answer == ANSWER_QUIT)
			return false;
		if (answer == ANSWER_NOW)
			break;
		if (help)
			draw_help(choice);
		else
			draw(sample, choice, MESSAGE);
	} while (!caught && (help || key != ERR || live->now() < since + choice->delay));
	return !caught;
}

/* The first figures come soon, whatever the interval is. */
static bool wait_first(const struct top_choice *choice)
{
	double until = live->now() + (choice->delay < 0.5 ? choice->delay : 0.5);

	mvaddstr(0, 0, "sharestat top: counting ...");
	refresh();
	while (!caught && live->now() < until)
		if (wait_key(until) == 'q')
			return false;
	return !caught;
}

static int show_intervals(struct top_choice *choice, uint64_t count)
{
	struct top_sample before, now, change;
	bool more;

	if (live->read(&before))
		return -1;
	more = wait_first(choice);
	while (more && count--) {
		if (live->read(&now)) {
			top_free(&before);
			return -1;
		}
		top_since(&change, &now, &before);
		top_free(&before);
		before = now;
		draw(&change, choice, MESSAGE);
		more = answer_keys(&change, choice, now.time);
		top_free(&change);
	}
	top_free(&before);
	return 0;
}

int top_screen(struct top_choice *choice, const struct top_live *figures, uint64_t count)
{
	int result;

	live = figures;
	if (enter_screen())
		return -1;
	result = show_intervals(choice, count);
	leave_screen();
	if (caught)	/* at exit the probes are detached; the status is a shell's */
		exit(128 + caught);
	return result;
}
