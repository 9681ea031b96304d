/* SPDX-License-Identifier: GPL-2.0 */
/* One TAP stream out of all unit tests: a result for each CHECK. */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stdio.h>

#include "read/formats.h"
#include "read/parse-text.h"

/**
 * tap_result() - print one result
 * @good: did the check hold
 * @file: where the check is
 * @line: where the check is
 * @format: what was checked
 *
 * Return: @good.
 */
bool tap_result(bool good, const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The reason stands in the name: it says what has to be so. */
#define CHECK(condition, ...) tap_result(condition, __FILE__, __LINE__, __VA_ARGS__)

/**
 * capture() - what a function prints
 * @stream: stdout or stderr
 * @print: the function
 * @arg: handed to it
 *
 * Return: the text; free() it.
 */
char *capture(FILE *stream, void (*print)(void *arg), void *arg);

/** shell() - system(3) of a line that is put together as by printf(3) */
int shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What became of a text that was parsed. */
struct parsed {
	int result;
	struct parse_error error;
	size_t count;			/* of records */
	const struct format *format;
	char *records;
};

/** parse_text() - parse a string of @length bytes; parsed_free() the answer */
struct parsed parse_text(const struct format *format, const char *text, size_t length);
void parsed_free(struct parsed *parsed);
/** read_recording() - a file of the recorded tree; free() it */
char *read_recording(const char *name, size_t *length);

void test_lib(void);
void test_look(void);
void test_verify(void);
void test_verify_command(void);
void test_report_quiz(void);
void test_memory(void);
void test_safe_text(void);
void test_text(void);
void test_parse(void);
void test_parse_broken(void);
void test_stats(void);
void test_table(void);
void test_sharing(void);
void test_snapshot(void);
void test_bin(void);
void test_accounts(void);
void test_family(void);
void test_export(void);
void test_cow(void);
void test_overlap(void);
void test_space_size(void);
void test_process_tree(void);
void test_set_sums(void);
void test_heat_map(void);
void test_hash(void);
void test_launch(void);
void test_apart(void);
void test_record(void);
void test_several_looks(void);
void test_stop_process(void);
void test_kcmp_tasks(void);
void test_birth_trace(void);
void test_smaps(void);
void test_maps(void);
void test_find_vma(void);
void test_find_spaces(void);
void test_open(void);
void test_same_frame(void);
void test_program_watch(void);
void test_program(void);
void test_verdict(void);

#endif
