// SPDX-License-Identifier: GPL-2.0
/* export: the environment stamp, the probes, the longest hold of a lock. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/export.h"
#include "lib/parse-number.h"
#include "read/formats.h"
#include "read/open.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

static const struct metric environment_metric = {
	"sharestat_environment", METRIC_INFO, NULL,
	"What the figures were measured on; figures of emulated and of real machines do not compare.",
};

static const struct metric offered_metric = {
	"sharestat_probe_offered", METRIC_GAUGE, NULL,
	"Whether this kernel offers the probe.",
};

static const struct metric attached_metric = {
	"sharestat_probe_attached", METRIC_GAUGE, NULL,
	"Whether the probe is attached; the counters of one that is not stand still.",
};

static const struct metric hold_metric = {
	"sharestat_longest_mmap_lock_hold_seconds", METRIC_GAUGE, "seconds",
	"Longest time that a walk of the module held the mmap_lock of a process, since the load or the last reset.",
};

bool export_has(const char *name)
{
	return !source_recorded() || !access(source_path(name), F_OK);
}

static const char *value_of(const struct snapshot *version, const char *key)
{
	const char *value = snapshot_version(version, key);

	return value ? value : "unknown";
}

static void put_environment(struct exposition *to, const struct snapshot *version)
{
	exposition_metric(to, &environment_metric);
	exposition_count(to, 1,
			 "module", value_of(version, "module"),
			 "abi", value_of(version, "abi"),
			 "kernel", value_of(version, "kernel"),
			 "arch", value_of(version, "arch"),
			 "machine", value_of(version, "machine"),
			 "pcid", value_of(version, "pcid"),
			 "pti", value_of(version, "pti"), NULL);
}

/* "probe_NAME yes", or "probe_NAME no WHY". */
static void put_offered(struct exposition *to, const struct snapshot *version)
{
	static const char prefix[] = "probe_";
	const struct version_record *records = version->records;

	exposition_metric(to, &offered_metric);
	for (size_t i = 0; i < version->count; i++) {
		if (strncmp(records[i].key, prefix, strlen(prefix)))
			continue;
		exposition_count(to, !strncmp(records[i].value, "yes", 3),
				 "probe", records[i].key + strlen(prefix), NULL);
	}
}

/* "-", or not there at all in an older recording: then nothing is said. */
static void put_hold(struct exposition *to, const struct snapshot *version)
{
	const char *value = snapshot_version(version, "longest_hold_ns");
	uint64_t nanoseconds;

	if (!value || !parse_whole(&nanoseconds, value, 0, UINT64_MAX))
		return;
	exposition_metric(to, &hold_metric);
	exposition_real(to, (double)nanoseconds / 1e9, NULL);
}

static void put_attached(struct exposition *to, const struct snapshot *enable)
{
	const struct probe_record *records = enable->records;

	exposition_metric(to, &attached_metric);
	for (size_t i = 0; i < enable->count; i++)
		exposition_count(to, records[i].attached, "probe", records[i].name, NULL);
}

int export_machine(struct exposition *to)
{
	struct snapshot version, enable;

	if (snapshot_read(&version, &format_version, NULL, 0))
		return -1;
	put_environment(to, &version);
	put_offered(to, &version);
	put_hold(to, &version);
	snapshot_free(&version);
	if (snapshot_read(&enable, &format_enable, NULL, 0))
		return -1;
	put_attached(to, &enable);
	snapshot_free(&enable);
	return 0;
}
