// SPDX-License-Identifier: GPL-2.0
/* Export: labels, names that are too many, counters that never go back. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/export.h"
#include "model/accounts.h"
#include "tap.h"

#define BEGUN	ACCOUNT_FLUSHES(REMOTE_SEND_IPI, RANGE)
#define RECEIVED ACCOUNT_FLUSHES(REMOTE_SHOOTDOWN, FULL)

static const struct metric counter = { "things", METRIC_COUNTER, "bytes", "Some things." };

/* What is written of a label's value, in one of the formats. */
static char *written(bool prometheus, const char *value)
{
	char *text = NULL;
	size_t length;
	struct exposition to = { .prometheus = prometheus };

	to.out = open_memstream(&text, &length);
	exposition_metric(&to, &counter);
	exposition_count(&to, 7, "left_out", NULL, "name", value, NULL);
	exposition_count(&to, UINT64_MAX, NULL);
	fclose(to.out);
	return text;
}

static void test_formats(void)
{
	char *text = written(false, "a\\b\"c\nd");

	CHECK(!strcmp(text, "# HELP things Some things.\n# TYPE things counter\n"
		      "# UNIT things bytes\nthings_total{name=\"a\\\\b\\\"c\\\\x0ad\"} 7\n"
		      "things_total 18446744073709551615\n"),
	      "export: OpenMetrics declares a counter without _total; labels are escaped");
	free(text);
	text = written(true, "x");
	CHECK(!strcmp(text, "# HELP things_total Some things.\n# TYPE things_total counter\n"
		      "things_total{name=\"x\"} 7\nthings_total 18446744073709551615\n"),
	      "export: the older text declares it with _total, and has no units");
	free(text);
}

static void test_histogram(void)
{
	static const struct metric histogram = { "wait_seconds", METRIC_HISTOGRAM, NULL, "W." };
	const double bounds[] = { 0.25, 1 };
	const uint64_t counts[] = { 3, 0, 4 };
	char *text = NULL;
	size_t length;
	struct exposition to = { 0 };

	to.out = open_memstream(&text, &length);
	exposition_metric(&to, &histogram);
	exposition_histogram(&to, bounds, counts, 2, 9.5, "class", "a");
	fclose(to.out);
	CHECK(strstr(text, "\nwait_seconds_bucket{class=\"a\",le=\"0.25\"} 3\n"
		     "wait_seconds_bucket{class=\"a\",le=\"1\"} 3\n"
		     "wait_seconds_bucket{class=\"a\",le=\"+Inf\"} 7\n"
		     "wait_seconds_sum{class=\"a\"} 9.5\nwait_seconds_count{class=\"a\"} 7\n"),
	      "export: buckets of a histogram are cumulative and end with the count");
	free(text);
}

#define LONG "/kubepods.slice/kubepods-burstable.slice/pod0123456789abcdef.slice/cri-"

static uint64_t tasks(const struct comm *comm)
{
	return comm->sums[COMM_TASKS];
}

static void test_limit(void)
{
	struct comms comms = { 0 };

	for (uint64_t i = 1; i <= 5; i++) {
		char name[8];

		snprintf(name, sizeof(name), "p%d", (int)i);
		comms_get(&comms, name)->sums[COMM_TASKS] = i;
	}
	comms_get(&comms, "")->sums[COMM_TASKS] = 9;
	comms_limit(&comms, 2, tasks);
	CHECK(comms.count == 3, "comms: no more than asked for, and the rest");
	CHECK(tasks(comms_find(&comms, "p5")) == 5 && tasks(comms_find(&comms, "")) == 9,
	      "comms: the greatest are kept; an empty name has one");
	CHECK(tasks(comms_find(&comms, COMMS_OTHER)) == 10, "comms: the rest loses nothing");
	comms_free(&comms);
	comms_get(&comms, LONG "1")->sums[COMM_TASKS] = 1;
	comms_get(&comms, LONG "2")->sums[COMM_TASKS] = 2;
	CHECK(comms.count == 2 && tasks(comms_find(&comms, LONG "1")) == 1 &&
	      !strcmp(comms.list[1].name, LONG "2"), "comms: long names differ at their ends");
	comms_free(&comms);
}

/* One reading of the module: two address spaces of "sh", the dead, the folded. */
static void read_state(struct comms *sums, const char *path, uint64_t first, uint64_t second,
		       uint64_t gone, const char *third)
{
	const struct { object_id mm; pid_t tgid; uint64_t count; const char *comm; } rows[] = {
		{ 0xa, 7, first, "sh" }, { 0xb, 8, second, "sh" }, { 0, 0, gone, "[gone]" },
		{ 0xc, 9, third ? 1000 : 0, third ? third : "none" },
	};
	struct accounts now = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct account_record row = { .mm = rows[i].mm, .tgid = rows[i].tgid };

		row.counts[BEGUN] = rows[i].count;
		row.counts[RECEIVED] = 2 * rows[i].count;
		strcpy(row.comm, rows[i].comm);
		if (rows[i].count)
			accounts_add(&now, &row);
	}
	*sums = (struct comms) { 0 };
	CHECK(!export_state(sums, &now, path, 2), "state: a reading");
	accounts_free(&now);
}

static bool has(struct comms *sums, const char *name, uint64_t count)
{
	const struct comm *comm = comms_find(sums, name);
	bool good = comm && comm->sums[COMM_BEGUN] == count &&
		    comm->sums[COMM_RECEIVED] == 2 * count;

	comms_free(sums);
	return good;
}

static void test_state(void)
{
	char folder[] = "/tmp/sharestat-unit-XXXXXX", path[64];
	struct comms sums;

	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof(path), "%s/state", folder);
	read_state(&sums, path, 100, 50, 0, NULL);
	CHECK(has(&sums, "sh", 150), "state: the first reading counts whole");
	read_state(&sums, path, 100, 50, 0, NULL);
	CHECK(has(&sums, "sh", 150), "state: what stands still adds nothing");
	read_state(&sums, path, 130, 0, 50, NULL);
	CHECK(has(&sums, "sh", 180), "state: an address space that is dropped takes nothing away");
	read_state(&sums, path, 130, 0, 57, NULL);
	CHECK(has(&sums, "[gone]", 7), "state: what nobody saw in time is [gone]'s, once");
	read_state(&sums, path, 5, 0, 0, NULL);
	CHECK(has(&sums, "sh", 185), "state: after a reset all is new");
	read_state(&sums, path, 5, 0, 0, "late");
	CHECK(has(&sums, COMMS_OTHER, 1000), "state: a name that comes too late is other");
	read_state(&sums, path, 6, 0, 0, "late");
	CHECK(has(&sums, "sh", 186), "state: a name that has a label keeps it");
	unlink(path);
	rmdir(folder);
}

void test_export(void)
{
	test_formats();
	test_histogram();
	test_limit();
	test_state();
}
