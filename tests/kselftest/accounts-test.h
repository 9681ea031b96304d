/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of the files *_mms share: the row of a process, the sums that
 * must agree with the files per CPU, and a trace of sched_switch as the witness.
 */
#ifndef ACCOUNTS_TEST_H
#define ACCOUNTS_TEST_H

#include "trace-test.h"

static const char *const switch_classes[] = { SHARESTAT_SWITCH_CLASSES(SHARESTAT_NAME) };
static const char *const tlb_reasons[] = { SHARESTAT_TLB_REASONS(SHARESTAT_NAME) };
static const char *const tlb_outcomes[] = { SHARESTAT_TLB_OUTCOMES(SHARESTAT_NAME) };
static const char *const birth_kinds[] = { SHARESTAT_BIRTH_KINDS(SHARESTAT_NAME) };

/* account_of() - a column of a process's rows, whether it lives or not */
static inline uint64_t account_of(const struct table *table, pid_t tgid, const char *column)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", tgid);
	return table_sum(table, column, "tgid", text, NULL);
}

/* account_special() - a column of [nobody], [gone], [overflow] */
static inline uint64_t account_special(const struct table *table, const char *name,
				       const char *column)
{
	return table_sum(table, column, "mm", "-", "tgid", "-", "comm", name, NULL);
}

/* account_all() - all that a special row of switches_mms has */
static inline uint64_t account_all(const struct table *table, const char *name)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < SWITCH_CLASSES; i++)
		sum += account_special(table, name, switch_classes[i]);
	return sum;
}

static inline void same_sum(const char *what, uint64_t accounts, uint64_t cpus)
{
	if (accounts != cpus)
		fail("%s: %llu by address space, %llu by CPU", what,
		     (unsigned long long)accounts, (unsigned long long)cpus);
}

static inline uint64_t switches_add_up(void)
{
	struct table accounts = table_read("switches_mms"), cpus = table_read("switches");
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < SWITCH_CLASSES; i++) {
		uint64_t count = table_sum(&cpus, "count", "class", switch_classes[i], NULL);

		same_sum(switch_classes[i], table_sum(&accounts, switch_classes[i], NULL), count);
		sum += count;
	}
	table_free(&accounts);
	table_free(&cpus);
	return sum;
}

static inline void all_absent(const struct table *table, size_t first, size_t columns)
{
	size_t row, i;

	for (row = 0; row < table->rows; row++)
		for (i = 0; i < columns; i++)
			if (strcmp(table->cells[row * table->columns + first + i], "-"))
				fail("%s: row %zu has a count that nobody can know", table->file,
				     row);
}

static inline uint64_t tlb_add_up(void)
{
	struct table accounts = table_read("tlb_mms"), cpus = table_read("tlb");
	uint64_t sum = 0, sums = 0;
	size_t i, j;

	if (!flushes_are_traced()) {
		all_absent(&cpus, table_column(&cpus, "count"), 2);
		all_absent(&accounts, 2, accounts.columns - 3);
		table_free(&accounts);
		table_free(&cpus);
		return 0;
	}
	for (i = 0; i < TLB_REASONS; i++)
		for (j = 0; j < TLB_OUTCOMES; j++) {
			char name[64];
			uint64_t count = table_sum(&cpus, "count", "reason", tlb_reasons[i],
						   "outcome", tlb_outcomes[j], NULL);

			snprintf(name, sizeof(name), "%s_%s", tlb_reasons[i], tlb_outcomes[j]);
			same_sum(name, table_sum(&accounts, name, NULL), count);
			sum += count;
		}
	for (j = 0; j < TLB_OUTCOMES; j++)
		sums += table_sum(&accounts, tlb_outcomes[j], NULL);
	same_sum("kept, range, full", sums, sum);
	sums = table_sum(&accounts, "at_switch", NULL) + table_sum(&accounts, "local", NULL) +
	       table_sum(&accounts, "received", NULL) + table_sum(&accounts, "begun", NULL) +
	       table_sum(&accounts, "other", NULL);
	same_sum("at_switch, local, received, begun, other", sums, sum);
	sums = 0;
	for (i = 0; i < TLB_REASONS; i++)
		sums += table_sum(&cpus, "pages", "reason", tlb_reasons[i], "outcome", "range",
				  NULL);
	same_sum("pages", table_sum(&accounts, "pages", NULL), sums);
	table_free(&accounts);
	table_free(&cpus);
	return sum;
}

static inline uint64_t births_add_up(void)
{
	static const char *const made[] = { "pgtables", "vmas", "pages" };
	struct table accounts = table_read("births_mms"), kinds = table_read("births");
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < BIRTH_KINDS; i++) {
		uint64_t count = table_sum(&kinds, "count", "kind", birth_kinds[i], NULL);

		same_sum(birth_kinds[i], table_sum(&accounts, birth_kinds[i], NULL), count);
		sum += count;
	}
	for (i = 0; i < sizeof(made) / sizeof(*made); i++)
		same_sum(made[i], table_sum(&accounts, made[i], NULL),
			 table_sum(&kinds, made[i], NULL));
	table_free(&accounts);
	table_free(&kinds);
	return sum;
}

/*
 * all_add_up() - the files by address space against those by CPU
 *
 * With the probes off, so that both are of one moment. Return: the switches.
 */
static inline uint64_t all_add_up(void)
{
	tlb_add_up();
	births_add_up();
	return switches_add_up();
}

/* Tasks of one address space. */
struct group {
	pid_t tids[4];
	size_t count;
};

static inline bool in_group(const struct group *group, pid_t tid)
{
	size_t i;

	for (i = 0; group && i < group->count; i++)
		if (group->tids[i] == tid)
			return true;
	return !group;
}

/*
 * traced() - switches from one of @prev to one of @next; NULL is anybody
 *
 * Up to the first mark: attaching and detaching probes makes switches, too.
 */
static inline uint64_t traced(const char *text, const struct group *prev,
			      const struct group *next)
{
	char *copy = strdup(text), *at = copy;
	struct trace_event event = { .section = BEFORE_A };
	uint64_t count = 0;

	while (trace_next(&at, "sched_switch", &event) && event.section == BEFORE_A) {
		const char *from = strstr(event.text, "prev_pid=");
		const char *to = strstr(event.text, "next_pid=");

		if (!from || !to)
			fail("no sched_switch: '%s'", event.text);
		count += in_group(prev, atoi(from + 9)) && in_group(next, atoi(to + 9));
	}
	free(copy);
	return count;
}

/* arrivals() - all switches to a process, of any class */
static inline uint64_t arrivals(const struct table *table, pid_t tgid)
{
	return account_of(table, tgid, "thread") + account_of(table, tgid, "process") +
	       account_of(table, tgid, "return") + account_of(table, tgid, "return_other");
}

#endif /* ACCOUNTS_TEST_H */
