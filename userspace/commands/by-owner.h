/* SPDX-License-Identifier: GPL-2.0 */
/* The tables of --by mm and --by group, and their columns. */
#ifndef SHARESTAT_COMMANDS_BY_OWNER_H
#define SHARESTAT_COMMANDS_BY_OWNER_H

#include "commands/command.h"
#include "model/accounts.h"

enum by { BY_NOTHING, BY_MM, BY_GROUP };

#define BY_RANKS 3

/* A line: what was counted for an address space or a thread group. */
struct account_view {
	const struct account_record *record;
	double seconds;			/* of the interval; 0 for totals */
	unsigned int digits;		/* of its id */
};

/* How one of the files *_mms is shown. */
struct by_kind {
	unsigned int file;			/* ACCOUNTS_SWITCHES ... */
	const struct column *columns;
	/* What puts a row first: the largest, the next one decides a draw. */
	void (*rank)(uint64_t rank[BY_RANKS], const struct account_record *record);
};

/**
 * by_parse() - the argument of --by
 * @text: "mm" or "group"
 *
 * Return: BY_MM or BY_GROUP, or BY_NOTHING after an explanation.
 */
enum by by_parse(const char *text);

/**
 * by_print() - print the rows in which something was counted
 * @kind: how
 * @by: BY_GROUP joins the rows first
 * @accounts: sorted and joined in place
 * @command: whose, for the key of JSON: "switches_by_mm"
 * @seconds: of the interval; 0 for totals
 * @options: with the processes of -p
 *
 * Return: 0 or -1.
 */
int by_print(const struct by_kind *kind, enum by by, struct accounts *accounts,
	     const char *command, double seconds, const struct options *options);

/** by_cell() - a count, or its rate */
void by_cell(struct cell *cell, const struct account_view *view, uint64_t value);
/** by_rate() - the same, to convert a member of struct account_record with */
void by_rate(struct cell *cell, const void *view, uint64_t value);

/* What a column shows: one of the counts of an account. */
#define BY_COUNT(index) .field = FIELD(struct account_record, counts[index]), .convert = by_rate

void by_get_mm(struct cell *cell, const void *view);
void by_get_tgid(struct cell *cell, const void *view);
void by_get_comm(struct cell *cell, const void *view);
void by_get_seconds(struct cell *cell, const void *view);

#define BY_COLUMNS_OWNER \
	{ "MM", "id of the address space (with --by mm)", COLUMN_STRING, 4, \
	  .get = by_get_mm }, \
	{ "TGID", "process id", COLUMN_NUMBER, 5, .standard = true, .get = by_get_tgid }

#define BY_COLUMNS_END \
	{ "SECONDS", "length of the interval", COLUMN_FLOAT, 5, .get = by_get_seconds }, \
	{ "COMM", "name; in [ ] what belongs to no one address space", COLUMN_STRING, 15, \
	  .standard = true, .truncate = true, .get = by_get_comm }

#endif
