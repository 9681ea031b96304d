// SPDX-License-Identifier: GPL-2.0
/* Runs the unit tests and prints TAP; the plan comes last. */
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static unsigned int count, failed;

bool tap_result(bool good, const char *file, int line, const char *format, ...)
{
	va_list args;

	count++;
	failed += !good;
	if (!good)
		printf("# %s:%d\n", file, line);
	printf("%s %u - ", good ? "ok" : "not ok", count);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	return good;
}

int shell(const char *format, ...)
{
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	return system(command);
}

char *capture(FILE *stream, void (*print)(void *arg), void *arg)
{
	FILE *file = tmpfile();
	int saved = dup(fileno(stream));
	char *text;
	long size;

	fflush(stream);
	if (!file || saved < 0 || dup2(fileno(file), fileno(stream)) < 0)
		err(EXIT_FAILURE, "capture");
	print(arg);
	fflush(stream);
	dup2(saved, fileno(stream));
	close(saved);
	size = lseek(fileno(file), 0, SEEK_END);
	text = calloc(1, (size_t)size + 1);
	rewind(file);
	if (!text || fread(text, 1, (size_t)size, file) != (size_t)size)
		err(EXIT_FAILURE, "capture");
	fclose(file);
	return text;
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_lib();
	test_safe_text();
	test_text();
	test_parse();
	test_parse_broken();
	test_stats();
	test_table();
	test_sharing();
	test_snapshot();
	test_bin();
	test_accounts();
	test_family();
	test_export();
	test_cow();
	test_overlap();
	test_space_size();
	test_process_tree();
	test_set_sums();
	test_heat_map();
	test_hash();
	test_launch();
	test_apart();
	test_record();
	test_several_looks();
	test_stop_process();
	test_kcmp_tasks();
	test_birth_trace();
	test_smaps();
	test_maps();
	test_find_vma();
	test_find_spaces();
	test_open();
	test_same_frame();
	test_program_watch();
	test_look();
	test_verify();
	test_verify_command();
	test_report_quiz();
	test_memory();
	test_program();
	test_verdict();
	printf("1..%u\n", count);
	return failed != 0;
}
