/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests share: reading a debugfs file as a table whose columns are
 * found by name, as the ABI wants its readers to do, and writing to the
 * control files. A file that breaks the format fails the test right here.
 */
#ifndef SHARESTAT_TEST_H
#define SHARESTAT_TEST_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "../../module/uapi/sharestat.h"
#include "../workload/page.h"

#define SHARESTAT_DIR "/sys/kernel/debug/sharestat/"
#define PROBES_OFF "-switches -tlb -births -latency"

/* fail() - say why and end the test; for helpers, which cannot ASSERT */
static inline __attribute__((noreturn, format(printf, 1, 2)))
void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("# ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	_exit(1);
}

/* A file of sharestat, whole: cells[row * columns + column]. */
struct table {
	const char *file;
	char *text;
	char **names, **cells;
	size_t columns, rows;
};

static inline void table_free(struct table *table)
{
	free(table->text);
	free(table->names);
	free(table->cells);
	memset(table, 0, sizeof(*table));
}

static inline char *read_whole(int fd, const char *file)
{
	size_t size = 0, room = 1 << 16;
	char *text = malloc(room);

	for (;;) {
		ssize_t got;

		if (!text)
			fail("%s: no memory", file);
		got = read(fd, text + size, room - size - 1);
		if (got < 0)
			fail("%s: read: %s", file, strerror(errno));
		if (!got)
			break;
		size += got;
		if (room - size < 2) {
			room *= 2;
			text = realloc(text, room);
		}
	}
	text[size] = '\0';
	if (strlen(text) != size)
		fail("%s: has a NUL byte", file);
	if (!size || text[size - 1] != '\n')
		fail("%s: the last line has no end", file);
	return text;
}

/* Cuts a line into words; returns how many, at most @limit + 1 when too many. */
static inline size_t split_line(char *line, char **words, size_t limit)
{
	size_t count = 0;
	char *state, *word;

	for (word = strtok_r(line, " ", &state); word; word = strtok_r(NULL, " ", &state)) {
		if (count == limit)
			return limit + 1;
		words[count++] = word;
	}
	return count;
}

static inline size_t count_lines(const char *text)
{
	size_t lines = 0;

	for (; (text = strchr(text, '\n')); text++)
		lines++;
	return lines;
}

static inline char *next_line(char **at)
{
	return strsep(at, "\n");
}

static inline void parse_header(struct table *table, char **at)
{
	char wanted[64], *line = next_line(at);

	snprintf(wanted, sizeof(wanted), "# sharestat %s %d", table->file, SHARESTAT_ABI);
	if (strcmp(line, wanted))
		fail("%s: line 1 is '%s', not '%s'", table->file, line, wanted);
	line = next_line(at);
	if (!line || strncmp(line, "# ", 2))
		fail("%s: line 2 does not begin with '# '", table->file);
	table->names = calloc(strlen(line), sizeof(*table->names));
	table->columns = split_line(line + 2, table->names, strlen(line));
}

/*
 * table_spoil() - SHARESTAT_SPOIL=FILE:COLUMN makes another value of each one of a column
 *
 * By that columns.sh finds out whether a test holds a column against anything: it must
 * fail then. Rows are spoiled in three ways, or equal ids would stay so.
 */
static inline void table_spoil(struct table *table)
{
	const char *spoil = getenv("SHARESTAT_SPOIL");
	size_t size = strlen(table->file), row, column;

	if (!spoil || strncmp(spoil, table->file, size) || spoil[size] != ':')
		return;
	for (column = 0; column < table->columns; column++)
		if (!strcmp(table->names[column], spoil + size + 1))
			break;
	for (row = 0; row < table->rows && column < table->columns; row++) {
		char *cell = table->cells[row * table->columns + column];
		char *last = cell + strlen(cell) - 1;	/* no cell is empty */

		if (*last >= '0' && *last <= '9')
			*last = '0' + (*last - '0' + 1 + row % 3) % 10;
		else if (!cell[strspn(cell, "0123456789abcdef")])
			*last = '0' + row % 3;
		else
			*last = *last == '.' ? 'w' : *last == '~' ? '!' : '~';
	}
}

static inline struct table table_parse(const char *file, char *text)
{
	struct table table = { .file = file, .text = text };
	size_t lines = count_lines(text), row;
	char *at = text;

	parse_header(&table, &at);
	table.rows = lines - 2;
	table.cells = calloc(table.rows * table.columns + 1, sizeof(*table.cells));
	if (!table.cells)
		fail("%s: no memory", file);
	for (row = 0; row < table.rows; row++) {
		char **cells = table.cells + row * table.columns;
		size_t got = split_line(next_line(&at), cells, table.columns);

		if (got != table.columns)
			fail("%s: line %zu has %s%zu columns, not %zu", file, row + 3,
			     got > table.columns ? "more than " : "",
			     got > table.columns ? table.columns : got, table.columns);
	}
	table_spoil(&table);
	return table;
}

/* table_read() - a file of sharestat, whole */
static inline struct table table_read(const char *file)
{
	char path[128], *text;
	int fd;

	snprintf(path, sizeof(path), SHARESTAT_DIR "%s", file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	text = read_whole(fd, file);
	close(fd);
	return table_parse(file, text);
}

/* table_read_pid() - the same with a filter of this opening's own */
static inline struct table table_read_pid(const char *file, pid_t tgid)
{
	char path[128], number[16], *text;
	int fd, size = snprintf(number, sizeof(number), "%d\n", tgid);

	snprintf(path, sizeof(path), SHARESTAT_DIR "%s", file);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || write(fd, number, size) != size)
		fail("%s: %d: %s", path, tgid, strerror(errno));
	text = read_whole(fd, file);
	close(fd);
	return table_parse(file, text);
}

static inline size_t table_column(const struct table *table, const char *name)
{
	size_t column;

	for (column = 0; column < table->columns; column++)
		if (!strcmp(table->names[column], name))
			return column;
	fail("%s: no column %s", table->file, name);
}

static inline char *table_text(const struct table *table, size_t row, const char *name)
{
	return table->cells[row * table->columns + table_column(table, name)];
}

/* Digits only: neither strtoull()'s blanks and signs nor a "-". */
static inline uint64_t parse_number(const char *text, int base, const char *what)
{
	const char *digits = base == 16 ? "0123456789abcdef" : "0123456789";
	char *end;
	uint64_t number;

	if (!*text || text[strspn(text, digits)])
		fail("%s: '%s' is no number of base %d", what, text, base);
	errno = 0;
	number = strtoull(text, &end, base);
	if (errno)
		fail("%s: '%s' is out of range", what, text);
	return number;
}

static inline uint64_t table_number(const struct table *table, size_t row, const char *name)
{
	return parse_number(table_text(table, row, name), 10, name);
}

static inline uint64_t table_hex(const struct table *table, size_t row, const char *name)
{
	return parse_number(table_text(table, row, name), 16, name);
}

/*
 * table_sum() - add up a column over the rows that have the given texts:
 * table_sum(&table, "count", "class", "thread", NULL)
 */
static inline __attribute__((sentinel))
uint64_t table_sum(const struct table *table, const char *name, ...)
{
	uint64_t sum = 0;
	size_t row;

	for (row = 0; row < table->rows; row++) {
		const char *key;
		bool fits = true;
		va_list keys;

		va_start(keys, name);
		while ((key = va_arg(keys, const char *)))
			if (strcmp(table_text(table, row, key), va_arg(keys, const char *)))
				fits = false;
		va_end(keys);
		if (fits)
			sum += table_number(table, row, name);
	}
	return sum;
}

/* try_write() - open for writing, write once; 0 or a negative errno */
static inline int try_write(const char *path, const char *text)
{
	size_t size = strlen(text);
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, size) != (ssize_t)size)
		ret = -errno;
	close(fd);
	return ret;
}

static inline void write_file(const char *path, const char *text)
{
	int ret = try_write(path, text);

	if (ret)
		fail("%s: writing '%s': %s", path, text, strerror(-ret));
}

/* version_says() - does `version` have this line: "mms_cpus yes" */
static inline bool version_says(const char *line)
{
	int fd = open(SHARESTAT_DIR "version", O_RDONLY | O_CLOEXEC);
	char *text, wanted[64];
	bool found;

	if (fd < 0)
		fail("version: %s", strerror(errno));
	text = read_whole(fd, "version");
	close(fd);
	snprintf(wanted, sizeof(wanted), "\n%s\n", line);
	found = strstr(text, wanted);
	free(text);
	return found;
}

/* flushes_are_traced() - does this kernel have the probe tlb; arm64 never does */
static inline bool flushes_are_traced(void)
{
	static int answer = -1;

	if (answer < 0)
		answer = version_says("probe_tlb yes");
	return answer;
}

#define WHY_NO_FLUSHES "this kernel does not trace TLB flushes: see probe_tlb in version"

/*
 * probes() - attach and detach; as `enable` wants it: "+switches -tlb"
 *
 * "+tlb" stands for nothing where the kernel does not trace flushes: tests that
 * are about more than these run there all the same.
 */
static inline void probes(const char *words)
{
	char copy[128], *tlb;

	snprintf(copy, sizeof(copy), "%s", words);
	while (!flushes_are_traced() && (tlb = strstr(copy, "+tlb")))
		memset(tlb, ' ', strlen("+tlb"));
	if (copy[strspn(copy, "\n ")])
		write_file(SHARESTAT_DIR "enable", copy);
}

static inline void reset_counters(void)
{
	write_file(SHARESTAT_DIR "reset", "1\n");
}

/* pin_task() - one CPU alone may run it; 0 is the caller */
static inline void pin_task(pid_t tid, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(tid, sizeof(set), &set))
		fail("pinning to CPU %d: %s; the lab has two", cpu, strerror(errno));
}

static inline void pin_to(int cpu)
{
	pin_task(0, cpu);
}

/* swap_on() - on compressed memory, as the lab has no disk; swap_off() takes it away */
static inline void swap_on(void)
{
	if (system("../workload/swap on"))
		fail("swap cannot be switched on");
}

static inline void swap_off(void)
{
	if (system("../workload/swap off"))
		fail("swap cannot be switched off again");
}

#endif /* SHARESTAT_TEST_H */
