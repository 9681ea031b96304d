/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All files of sharestat, as the Makefile takes them out of the ABI's stanzas, so
 * that a file that is added there is in every test that goes through all of them.
 * And frames.bin as a table, so that what is asked of a table can be asked of it.
 */
#ifndef FILES_TEST_H
#define FILES_TEST_H

#include "sharestat-test.h"

#define ALL_PROBES "+switches +tlb +births +latency"

/**
 * struct abi_file - what a stanza promises
 * @name: of the file
 * @mode: permissions
 * @columns: separated by blanks, or "" where it is no table
 */
struct abi_file {
	const char *name;
	mode_t mode;
	const char *columns;
};

#define READABLE(id, name, mode, columns) { name, mode, columns },
#define WRITE_ONLY READABLE
static const struct abi_file abi_files[] = {
#include "abi-files.h"
};

#undef READABLE
#undef WRITE_ONLY

#define ABI_FILES (sizeof(abi_files) / sizeof(*abi_files))

/* file_gives_text() - can it be read */
static inline bool file_gives_text(const struct abi_file *file)
{
	return file->mode & 0400;
}

/* file_has_filter() - does an opening take thread groups of its own */
static inline bool file_has_filter(const char *name)
{
	return !strcmp(name, "vmas") || !strcmp(name, "frames") || !strcmp(name, "frames.bin");
}

/* file_has_column() - is there a column of this name */
static inline bool file_has_column(const struct abi_file *file, const char *column)
{
	const char *at = file->columns;
	size_t size = strlen(column);

	while ((at = strstr(at, column))) {
		bool begins = at == file->columns || at[-1] == ' ';

		if (begins && (at[size] == ' ' || !at[size]))
			return true;
		at += size;
	}
	return false;
}

/* A record of frames.bin, by the text of the ABI. */
struct bin_record {
	uint64_t va, pfn, flags;
	uint32_t pages, refs, maps, tgid;
	uint8_t type, class, pte, reserved[5];
};

enum { BIN_HEADER = 1, BIN_PAGES, BIN_END };

#define BIN_MAGIC 0x54414853U

/* The classes stand in the records by number, in the order of the columns of vmas. */
static inline const char *bin_class(unsigned int number)
{
	static char classes[512], *names[64];
	static size_t count;
	size_t i;

	for (i = 0; i < ABI_FILES && !count; i++) {
		if (strcmp(abi_files[i].name, "vmas"))
			continue;
		snprintf(classes, sizeof(classes), "%s", strstr(abi_files[i].columns, "private"));
		*strstr(classes, " swap") = '\0';
		count = split_line(classes, names, 64);
	}
	if (number >= count)
		fail("frames.bin: class %u of %zu", number, count);
	return names[number];
}

static inline int bin_count(char *text, size_t size, const struct bin_record *record,
			    uint32_t count)
{
	return record->refs ? snprintf(text, size, " %u", count) : snprintf(text, size, " -");
}

/* A record as frames would show it. */
static inline size_t bin_row(char *text, size_t size, const struct bin_record *record)
{
	static const char letters[] = "wxdysh";
	size_t at = snprintf(text, size, "%u %llx %llx %u", record->tgid,
			     (unsigned long long)record->va, (unsigned long long)record->pfn,
			     record->pages), i;

	at += bin_count(text + at, size - at, record, record->refs);
	at += bin_count(text + at, size - at, record, record->maps);
	text[at++] = ' ';
	for (i = 0; i < 6; i++)
		text[at++] = record->pte >> i & 1 ? letters[i] : '.';
	if (record->pte >> 6)
		text[at - 1] = record->pte >> 7 ? 't' : 'H';
	return at + snprintf(text + at, size - at, " %llx %s\n",
			     (unsigned long long)record->flags, bin_class(record->class));
}

static inline char *bin_read(int fd, size_t *size)
{
	size_t room = 1 << 16;
	char *bytes = malloc(room);
	ssize_t got;

	*size = 0;
	while (bytes && (got = read(fd, bytes + *size, room - *size))) {
		if (got < 0)
			fail("frames.bin: read: %s", strerror(errno));
		*size += got;
		if (*size == room)
			bytes = realloc(bytes, room *= 2);
	}
	if (!bytes)
		fail("frames.bin: no memory");
	return bytes;
}

/* The records between header and end, which have to say what there is. */
static inline size_t bin_check(const struct bin_record *records, size_t size)
{
	size_t count = size / sizeof(*records), i;
	const struct bin_record *end = &records[count - 1];
	uint64_t pages = 0;

	if (count < 2 || size % sizeof(*records))
		fail("frames.bin: %zu bytes", size);
	if (records->type != BIN_HEADER || records->pages != BIN_MAGIC ||
	    records->va != PAGE || records->tgid != sizeof(*records))
		fail("frames.bin: no header");
	for (i = 1; i < count - 1; i++) {
		if (records[i].type != BIN_PAGES)
			fail("frames.bin: record %zu is of type %u", i, records[i].type);
		pages += records[i].pages;
	}
	if (end->type != BIN_END || end->flags != count - 2 || end->pfn != pages)
		fail("frames.bin: the end has %ju records of %ju pages, not %zu of %ju",
		     (uintmax_t)end->flags, (uintmax_t)end->pfn, count - 2, (uintmax_t)pages);
	return count - 2;
}

#define BIN_ROW_MAX 160

/* bin_text() - frames.bin with the heading and the rows of frames */
static inline char *bin_text(const void *bytes, size_t size)
{
	const struct bin_record *records = bytes;
	size_t count = bin_check(records, size), at, i;
	char *text = malloc((count + 2) * BIN_ROW_MAX);

	if (!text)
		fail("frames.bin: no memory");
	at = sprintf(text, "# sharestat frames.bin %u\n"
		     "# tgid va pfn pages refs maps pte flags class\n", records->refs);
	for (i = 0; i < count; i++)
		at += bin_row(text + at, BIN_ROW_MAX, &records[1 + i]);
	return text;
}

/* table_of() - a table of what was read of a file, which ends with a NUL */
static inline struct table table_of(const char *file, char *bytes, size_t size)
{
	char *text = bytes;

	if (!strcmp(file, "frames.bin")) {
		text = bin_text(bytes, size);
		free(bytes);
	}
	return table_parse(file, text);
}

/* text_read_fd() - the rest of an open file as text; frames.bin as that of frames */
static inline char *text_read_fd(int fd, const char *file)
{
	char *bytes, *text;
	size_t size;

	if (strcmp(file, "frames.bin"))
		return read_whole(fd, file);
	bytes = bin_read(fd, &size);
	text = bin_text(bytes, size);
	free(bytes);
	return text;
}

/* table_read_fd() - the same as a table */
static inline struct table table_read_fd(int fd, const char *file)
{
	return table_parse(file, text_read_fd(fd, file));
}

#endif /* FILES_TEST_H */
