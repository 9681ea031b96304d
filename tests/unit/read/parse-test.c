// SPDX-License-Identifier: GPL-2.0
/* Good files: what each field becomes. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "read/formats.h"
#include "read/parse-text.h"
#include "read/record.h"
#include "read/records.h"
#include "tap.h"

static int keep(const void *record, void *arg)
{
	struct parsed *parsed = arg;
	size_t size = parsed->format->size;

	parsed->records = reallocarray(parsed->records, parsed->count + 1, size);
	memcpy(parsed->records + parsed->count * size, record, size);
	return record_own(parsed->format, parsed->records + parsed->count++ * size);
}

struct parsed parse_text(const struct format *format, const char *text, size_t length)
{
	struct parsed parsed = { .format = format };
	FILE *in = length ? fmemopen((void *)text, length, "r") : fopen("/dev/null", "r");

	if (!in)
		err(EXIT_FAILURE, "fmemopen");
	parsed.result = parse_file(in, format, keep, &parsed, &parsed.error);
	fclose(in);
	return parsed;
}

void parsed_free(struct parsed *parsed)
{
	for (size_t i = 0; i < parsed->count; i++)
		record_free(parsed->format, parsed->records + i * parsed->format->size);
	free(parsed->records);
}

char *read_recording(const char *name, size_t *length)
{
	char path[512], *text = NULL;
	size_t capacity = 0;
	ssize_t got;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", getenv("RECORDING"), name);
	file = fopen(path, "r");
	if (!file)
		err(EXIT_FAILURE, "%s", path);
	got = getdelim(&text, &capacity, '\0', file);
	if (got < 0)
		err(EXIT_FAILURE, "%s", path);
	*length = (size_t)got;
	fclose(file);
	return text;
}

static void test_task(void)
{
	static const char text[] =
		"# sharestat tasks 1\n"
		"# tid tgid ppid flags mm files fs sighand signal nsproxy io sysvsem mm_users files_users fs_users sighand_users signal_users nsproxy_users io_users nvcsw nivcsw pc sp stack tls comm\n"
		"12 11 1 LV 0123456789abcd 00000000000001 - - ffffffffffffff - - - 2 1 - 1 1 - - 18446744073709551614 7 7fff00001234 0 - - a\\040b\\377\n"
		"13 13 0 - - - - - - - - - - - - - - - - 1 2 - - - -\x20\n";
	struct parsed parsed = parse_text(&format_tasks, text, strlen(text));
	const struct task_record *task = (void *)parsed.records;

	if (!CHECK(!parsed.result && parsed.count == 2, "tasks: both lines are read: %s",
		   parsed.error.why))
		return;
	CHECK(task->tid == 12 && task->tgid == 11 && task->ppid == 1, "tasks: process ids");
	CHECK(!strcmp(task->flags, "LV"), "tasks: flags");
	CHECK(task->object[OBJECT_MM] == 0x0123456789abcd && task->object[OBJECT_FILES] == 1 &&
	      task->object[OBJECT_SIGNAL] == 0xffffffffffffff, "tasks: ids");
	CHECK(task->object[OBJECT_FS] == 0, "tasks: an absent id is 0");
	CHECK(task->users[OBJECT_MM] == 2 && task->users[OBJECT_FS] == ABSENT, "tasks: users");
	CHECK(task->nvcsw == UINT64_MAX - 1, "tasks: the greatest number");
	CHECK(task->pc == 0x7fff00001234 && task->sp == 0 && task->stack == ABSENT,
	      "tasks: hexadecimal, 0 is not absent");
	CHECK(!strcmp(task->comm, "a b\xef\xbf\xbd"), "tasks: comm is unescaped, valid UTF-8");
	CHECK(!strcmp(task[1].flags, "") && !strcmp(task[1].comm, ""),
	      "tasks: no flags, and a task with an empty name");
	parsed_free(&parsed);
}

static void test_any_order(void)
{
	static const char text[] = "# sharestat switches 1\n"
		"#   ns cpu future count   class\n"
		"-  3  whatever(17)   5  return_other \x20\n";
	struct parsed parsed = parse_text(&format_switches, text, strlen(text));
	const struct switch_record *record = (void *)parsed.records;

	if (CHECK(!parsed.result && parsed.count == 1,
		  "an unknown column, another order, more spaces: %s", parsed.error.why))
		CHECK(record->cpu == 3 && record->count == 5 && record->ns == ABSENT &&
		      record->class == SWITCH_RETURN_OTHER,
		      "columns are found by their names");
	parsed_free(&parsed);
}

static void test_vma(void)
{
	size_t length;
	char *text = read_recording("vmas", &length);
	struct parsed parsed = parse_text(&format_vmas, text, length);
	const struct vma_record *vma = (void *)parsed.records;
	uint64_t sum = 0;

	if (CHECK(!parsed.result && parsed.count > 10, "vmas: %s", parsed.error.why)) {
		for (int class = 0; class < SHARING_CLASSES; class++)
			sum += vma[8].pages[class];
		CHECK(sum == vma[8].present, "vmas: the classes add up to present");
		CHECK(!strcmp(vma[5].name, "/dev/zero (deleted)") && !strcmp(vma[5].perms, "rw-s"),
		      "vmas: name and permissions");
		CHECK(record_tgid(&format_vmas, vma) == 400, "vmas: record_tgid()");
	}
	parsed_free(&parsed);
	free(text);
}

static void test_rest(void)
{
	static const char version[] = "# sharestat version 1\n# key value\n"
		"probe_latency no  why not\nempty\x20\n";
	static const char enable[] =
		"# sharestat enable 1\n# probe switched\n+tlb on\n-births off\n";
	struct parsed parsed = parse_text(&format_version, version, strlen(version));
	const struct version_record *key = (void *)parsed.records;
	const struct probe_record *probe;

	if (CHECK(!parsed.result && parsed.count == 2, "version: %s", parsed.error.why))
		CHECK(!strcmp(key->value, "no  why not") && !strcmp(key[1].value, ""),
		      "version: a value is the rest of its line");
	parsed_free(&parsed);
	parsed = parse_text(&format_enable, enable, strlen(enable));
	probe = (void *)parsed.records;
	if (CHECK(!parsed.result && parsed.count == 2, "enable: %s", parsed.error.why))
		CHECK(!strcmp(probe->name, "tlb") && probe->attached && !probe[1].attached,
		      "enable: + is attached, - is not");
	CHECK(record_tgid(&format_enable, probe) == -1, "enable: has no tgid");
	parsed_free(&parsed);
}

static int stop_at_second(const void *record, void *arg)
{
	(void)record;
	return ++*(int *)arg == 2 ? 42 : 0;
}

static void test_stop(void)
{
	size_t length;
	char *text = read_recording("frames", &length);
	FILE *in = fmemopen(text, length, "r");
	struct parse_error error;
	int calls = 0;

	CHECK(parse_file(in, &format_frames, stop_at_second, &calls, &error) == 42 && calls == 2,
	      "the callback can stop, and its value comes back");
	fclose(in);
	free(text);
}

void test_parse(void)
{
	test_task();
	test_any_order();
	test_vma();
	test_rest();
	test_stop();
}
