// SPDX-License-Identifier: GPL-2.0
/* What memory can be had, by a machine and by groups that are made of files. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"
#include "witness/available-memory.h"

static char root[64];

/* A file below the root, with its folders. */
static void put(const char *name, const char *text)
{
	char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		mkdir(path, 0700);
	}
	out = fopen(path, "w");
	if (out) {
		fputs(text, out);
		fclose(out);
	}
}

static void check(double mib, const char *what)
{
	char proc[80], cgroups[80];
	double found;

	snprintf(proc, sizeof(proc), "%s/proc", root);
	snprintf(cgroups, sizeof(cgroups), "%s/cgroup", root);
	found = available_memory(proc, cgroups) / (1 << 20);
	if (!CHECK(found == mib, "memory: %s: %.0f MiB", what, mib))
		printf("# found %f\n", found);
}

static void test_version_2(void)
{
	put("proc/self/cgroup", "0::/outer/inner\n");
	put("cgroup/outer/inner/memory.max", "max\n");
	put("cgroup/outer/inner/memory.current", "1048576\n");
	check(4096, "a group without a limit");
	put("cgroup/outer/memory.max", "104857600\n");
	put("cgroup/outer/memory.current", "83886080\n");
	check(20, "a limit of the group around it");
	put("cgroup/outer/memory.stat", "anon 5\nactive_file 1048576\ninactive_file 10485760\n");
	check(30, "and file pages that are given up");
	put("cgroup/outer/inner/memory.max", "8388608\n");
	check(7, "the least limit counts");
	put("cgroup/outer/inner/memory.current", "9437184\n");
	check(0, "more than all is used");
}

static void test_version_1(void)
{
	put("proc/self/cgroup", "9:cpu,cpuacct:/outer\n4:memory:/one\n");
	put("cgroup/memory/one/memory.limit_in_bytes", "104857600\n");
	put("cgroup/memory/one/memory.usage_in_bytes", "52428800\n");
	put("cgroup/memory/one/memory.stat", "inactive_file 1\ntotal_inactive_file 3145728\n");
	check(53, "version 1");
	put("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
	put("cgroup/memory/memory.usage_in_bytes", "1048576\n");
	check(53, "the root has no limit");
	put("proc/meminfo", "MemTotal: 9 kB\nMemFree: 1024 kB\nMemAvailable: 2048 kB\n");
	check(2, "the machine has less than the group may use");
}

void test_memory(void)
{
	char command[96];

	snprintf(root, sizeof(root), "/tmp/sharestat-memory.XXXXXX");
	if (!CHECK(mkdtemp(root), "memory: a folder of its own"))
		return;
	check(0, "nothing is known");
	put("proc/meminfo", "MemTotal: 9 kB\nMemFree: 1024 kB\nMemAvailable: 4194304 kB\n");
	check(4096, "what is available, not what is free");
	test_version_2();
	test_version_1();
	snprintf(command, sizeof(command), "rm -r '%s'", root);
	CHECK(!system(command), "memory: the folder is gone");
}
