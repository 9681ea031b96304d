/* SPDX-License-Identifier: GPL-2.0 */
/* The rows of `frames` page by page, and the other ways to ask for them. */
#ifndef LAYOUT_ROWS_H
#define LAYOUT_ROWS_H

#include "files-test.h"
#include "frames-test.h"

/* Where one is in a table; @shared leaves out pages with one mapping. */
struct rows {
	const struct table *table;
	bool shared;
	size_t row;
	unsigned long page;
	struct run run;
};

/* peek_page() - the page at hand, as a run of one; false at the end */
static inline bool peek_page(struct rows *rows, struct run *run)
{
	for (;;) {
		if (rows->row == rows->table->rows)
			return false;
		if (!rows->page)
			rows->run = run_at(rows->table, rows->row);
		if (rows->page < rows->run.pages && (!rows->shared || rows->run.maps > 1))
			break;
		rows->row++;
		rows->page = 0;
	}
	*run = rows->run;
	run->va += rows->page * PAGE;
	run->pfn = run_pfn(&rows->run, rows->page);
	run->pages = 1;
	return true;
}

/* next_page() - the same, and go on */
static inline bool next_page(struct rows *rows, struct run *run)
{
	bool more = peek_page(rows, run);

	rows->page += more;
	return more;
}

/* Alike in all but what changes by itself. */
static inline bool same_page(const struct run *a, const struct run *b)
{
	return a->tgid == b->tgid && a->va == b->va && a->pfn == b->pfn && a->refs == b->refs &&
	       a->maps == b->maps && !((a->flags ^ b->flags) & COMPARED_FLAGS) &&
	       !strcmp(a->pte, b->pte) && !strcmp(a->class, b->class);
}

/* Could the second row have been a part of the first? */
static inline bool is_torn(const struct run *first, const struct run *second)
{
	return first->va + first->pages * PAGE == second->va && first->tgid == second->tgid &&
	       second->pfn == run_pfn(first, first->pages) && first->refs == second->refs &&
	       first->maps == second->maps && first->flags == second->flags &&
	       !strcmp(first->pte, second->pte) && !strcmp(first->class, second->class);
}

/* table_filtered() - a file with a filter of this opening's own */
static inline __attribute__((format(printf, 2, 3)))
struct table table_filtered(const char *file, const char *format, ...)
{
	char path[64], text[64];
	struct table table;
	va_list arguments;
	int fd, size;

	va_start(arguments, format);
	size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	snprintf(path, sizeof(path), SHARESTAT_DIR "%s", file);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || write(fd, text, size) != size)
		fail("%s: %s: %s", path, text, strerror(errno));
	table = table_read_fd(fd, file);
	close(fd);
	return table;
}

/* bin_totals() - what the word "totals" gives: the sums of the end record alone */
static inline void bin_totals(pid_t pid, uint64_t *records, uint64_t *pages)
{
	int fd = open(SHARESTAT_DIR "frames.bin", O_RDWR | O_CLOEXEC), length;
	struct bin_record *bytes;
	char text[32];
	size_t size;

	length = snprintf(text, sizeof(text), "%d totals", pid);
	if (fd < 0 || write(fd, text, length) != length)
		fail("frames.bin: %s: %s", text, strerror(errno));
	bytes = (void *)bin_read(fd, &size);
	close(fd);
	if (size != 2 * sizeof(*bytes) || bytes[0].type != BIN_HEADER || bytes[1].type != BIN_END)
		fail("frames.bin: totals are %zu bytes", size);
	*records = bytes[1].flags;
	*pages = bytes[1].pfn;
	free(bytes);
}

#endif /* LAYOUT_ROWS_H */
