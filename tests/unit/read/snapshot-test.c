// SPDX-License-Identifier: GPL-2.0
/* Whole files out of a recorded tree, counters and their differences. */
#include <stdlib.h>
#include <string.h>

#include "measure/read-counters.h"
#include "model/counters.h"
#include "read/formats.h"
#include "read/open.h"
#include "read/probes.h"
#include "read/snapshot.h"
#include "read/whole-file.h"
#include "tap.h"

struct attempt {
	const struct format *format;
	pid_t tgid;
	int result;
};

static void try(void *arg)
{
	struct attempt *attempt = arg;
	struct snapshot snapshot;

	attempt->result = snapshot_read(&snapshot, attempt->format, &attempt->tgid, 1);
	if (!attempt->result)
		snapshot_free(&snapshot);
}

static void test_filter(void)
{
	const pid_t wanted[] = { 401, 300 };
	struct attempt nobody = { &format_vmas, 99999, 0 };
	struct snapshot tasks, vmas;
	char *text;

	if (CHECK(!snapshot_read(&tasks, &format_tasks, wanted, 2), "snapshot: tasks")) {
		CHECK(tasks.count == 4, "snapshot: only the threads of those processes");
		CHECK(snapshot_task(&tasks, 302) && !snapshot_task(&tasks, 400),
		      "snapshot: a task is found by its tid");
		snapshot_free(&tasks);
	}
	if (CHECK(!snapshot_read(&vmas, &format_vmas, wanted, 1), "snapshot: vmas")) {
		const struct vma_record *first = snapshot_record(&vmas, 0);

		CHECK(vmas.count == 13 && first->tgid == 401 &&
		      !strcmp(first->name, "/usr/bin/bash"), "snapshot: vmas of one process");
		snapshot_free(&vmas);
	}
	text = capture(stderr, try, &nobody);
	CHECK(nobody.result == -1 && strstr(text, "process 99999 has ended"),
	      "snapshot: of a process that has ended there is nothing, which is an error");
	free(text);
}

static void test_version(void)
{
	struct snapshot version;

	if (!CHECK(!snapshot_read(&version, &format_version, NULL, 0), "snapshot: version"))
		return;
	CHECK(!strcmp(snapshot_version(&version, "machine"), "emulated"), "version: a key");
	CHECK(!snapshot_version(&version, "mach"), "version: no such key");
	CHECK(page_size() == 4096, "version: the recording's page size");
	snapshot_free(&version);
}

static void read_probe(void *arg)
{
	*(int *)arg = probes_hold("=births");
}

static void test_recording_is_read_only(void)
{
	int result;
	char *text = capture(stderr, read_probe, &result);

	CHECK(result == -1 && strstr(text, "--root reads a recording"),
	      "probes: nothing can be switched on in a recording");
	free(text);
	CHECK(probe_attached("tlb") == 1 && probe_attached("births") == 0,
	      "probes: what a recording says was attached");
}

static void test_counters(void)
{
	struct counters now, before;

	if (!CHECK(!counters_read(&now), "counters: read"))
		return;
	CHECK(now.switches[SWITCH_THREAD] == 107, "counters: switches are summed over the CPUs");
	CHECK(now.switch_ns[SWITCH_THREAD] == ABSENT, "counters: no time without latency");
	CHECK(now.tlb[TLB_REASON_TASK_SWITCH][TLB_OUTCOME_KEPT] == 22 &&
	      now.tlb[TLB_REASON_TASK_SWITCH][TLB_OUTCOME_FULL] == 14, "counters: tlb");
	CHECK(now.tlb_pages[TLB_REASON_REMOTE_SHOOTDOWN] == 61, "counters: pages of ranges");
	CHECK(now.births[BIRTH_THREAD] == 1009 && now.birth_vmas[BIRTH_FORK] == 403,
	      "counters: births");
	CHECK(!counters_read_cpu(&before, 1) && before.switches[SWITCH_THREAD] == 7 &&
	      before.tlb_pages[TLB_REASON_REMOTE_SHOOTDOWN] == 31, "counters: of one CPU");
	counters_since(&now, &before);
	CHECK(now.switches[SWITCH_THREAD] == 100 && now.switches[SWITCH_PROCESS] == 250,
	      "counters: difference");
	CHECK(now.switch_ns[SWITCH_THREAD] == ABSENT, "counters: the unknown stays unknown");
}

static void test_arithmetic(void)
{
	uint64_t sum = ABSENT;

	CHECK(counter_since(10, 3) == 7, "counter: difference");
	CHECK(counter_since(4, 9) == 4, "counter: after a reset it began at 0");
	CHECK(counter_since(ABSENT, 9) == ABSENT, "counter: not known now");
	CHECK(counter_since(5, ABSENT) == 5, "counter: not known before");
	counter_add(&sum, ABSENT);
	CHECK(sum == ABSENT, "counter: unknown and unknown is unknown");
	counter_add(&sum, 3);
	counter_add(&sum, ABSENT);
	counter_add(&sum, 4);
	CHECK(sum == 7, "counter: the known ones are summed");
}

void test_snapshot(void)
{
	source_set_root(getenv("RECORDING"));
	test_filter();
	test_version();
	test_recording_is_read_only();
	test_counters();
	test_arithmetic();
}
