// SPDX-License-Identifier: GPL-2.0
/* The environment stamp: figures mean nothing without the machine. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#ifdef __x86_64__
#include <cpuid.h>
#endif

#include "measure/machine.h"
#include "measure/pin.h"
#include "model/machine.h"
#include "read/formats.h"
#include "read/probes.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

static struct environment here;

static const char *const probe_names[ENVIRONMENT_PROBES] = {
	"switches", "tlb", "births", "latency",
};

static void copy_key(char *to, size_t size, const struct snapshot *version, const char *key)
{
	const char *value = snapshot_version(version, key);

	snprintf(to, size, "%s", value ? value : "unknown");
}

static unsigned long number_key(const struct snapshot *version, const char *key)
{
	const char *value = snapshot_version(version, key);

	return value ? strtoul(value, NULL, 10) : 0;
}

static bool yes_key(const struct snapshot *version, const char *key)
{
	const char *value = snapshot_version(version, key);

	return value && !strncmp(value, "yes", 3);
}

/* "yes", or "no WHY". */
static void read_probe(struct environment_probe *probe, const char *name,
		       const struct snapshot *version)
{
	const char *value;
	char key[32];

	snprintf(key, sizeof(key), "probe_%s", name);
	value = snapshot_version(version, key);
	snprintf(probe->name, sizeof(probe->name), "%s", name);
	probe->offered = value && !strncmp(value, "yes", 3);
	if (!probe->offered)
		snprintf(probe->why, sizeof(probe->why), "%s",
			 value && !strncmp(value, "no ", 3) ? value + 3 : "the module does not say why");
}

/* Nothing of it is said by a module that knows but kernels on which it is proven. */
static void read_proof(const struct snapshot *version)
{
	const char *value = snapshot_version(version, "kernel_proven");

	snprintf(here.unproven, sizeof(here.unproven), "%s",
		 value && !strncmp(value, "no ", 3) ? value + 3 : "");
}

/* Measured only when the module was loaded with measure=1. */
static void read_cost(struct environment_probe *probe, const struct snapshot *version)
{
	const char *value;
	char key[32];

	snprintf(key, sizeof(key), "cost_%s_ns", probe->name);
	value = snapshot_version(version, key);
	probe->cost = value && *value ? strtod(value, NULL) : -1;
}

static void read_version(const struct snapshot *version)
{
	here.abi = number_key(version, "abi");
	copy_key(here.module, sizeof(here.module), version, "module");
	copy_key(here.kernel, sizeof(here.kernel), version, "kernel");
	copy_key(here.arch, sizeof(here.arch), version, "arch");
	copy_key(here.machine, sizeof(here.machine), version, "machine");
	here.pcid = yes_key(version, "pcid");
	here.pti = yes_key(version, "pti");
	read_proof(version);
	here.page_size = number_key(version, "page_size");
	here.cpus = number_key(version, "cpus");
	for (size_t i = 0; i < ENVIRONMENT_PROBES; i++) {
		read_probe(&here.probes[i], probe_names[i], version);
		read_cost(&here.probes[i], version);
	}
}

/* x86 says "model name"; arm64 has numbers, for which lscpu(1) knows names. */
static void read_cpu(void)
{
	FILE *in = fopen("/proc/cpuinfo", "re");
	char line[256], implementer[16] = "";

	snprintf(here.cpu, sizeof(here.cpu), "unknown");
	while (in && fgets(line, sizeof(line), in)) {
		char part[16];

		if (sscanf(line, "CPU implementer : %15s", implementer) == 1)
			continue;
		if (sscanf(line, "model name : %95[^\n]", here.cpu) == 1)
			break;
		if (sscanf(line, "CPU part : %15s", part) != 1)
			continue;
		snprintf(here.cpu, sizeof(here.cpu), "implementer %s part %s", implementer, part);
		break;
	}
	if (in)
		fclose(in);
}

/* The word in brackets: "always [madvise] never". */
static void read_thp(void)
{
	FILE *in = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");
	const char *chosen = NULL;
	char line[64];

	if (in && fgets(line, sizeof(line), in))
		chosen = strchr(line, '[');
	if (!chosen || sscanf(chosen, "[%15[^]]", here.thp) != 1)
		snprintf(here.thp, sizeof(here.thp), "none");
	if (in)
		fclose(in);
}

int environment_read(void)
{
	struct snapshot version;

	if (snapshot_read(&version, &format_version, NULL, 0))
		return -1;
	read_version(&version);
	snapshot_free(&version);
	read_cpu();
	read_thp();
	here.pinned_cpu = measuring_cpu();
	environment_set(&here);
	return 0;
}

static bool cpu_has(const char *flag)
{
	FILE *in = fopen("/proc/cpuinfo", "re");
	size_t size = 0, length = strlen(flag);
	char *line = NULL, *at;
	bool has = false;

	while (in && !has && getline(&line, &size, in) > 0) {
		if (strncmp(line, "flags", 5))
			continue;
		for (at = line; !has && (at = strstr(at, flag)); at += length)
			has = at[-1] == ' ' && isspace(at[length]);
		break;
	}
	free(line);
	if (in)
		fclose(in);
	return has;
}

/* As the module tells them apart: QEMU's emulator names itself where hypervisors do. */
static const char *machine_kind(void)
{
#ifdef __x86_64__
	unsigned int word[4] = { 0 };

	if (!cpu_has("hypervisor"))
		return "metal";
	__cpuid(0x40000000, word[0], word[1], word[2], word[3]);
	return memcmp(&word[1], "TCGTCGTCGTCG", 12) ? "virtual" : "emulated";
#else
	return "unknown";
#endif
}

static void read_uname(void)
{
	struct utsname name;

	if (uname(&name))
		return;
	snprintf(here.kernel, sizeof(here.kernel), "%s", name.release);
	snprintf(here.arch, sizeof(here.arch), "%.31s", name.machine);
}

void environment_read_alone(void)
{
	here = (struct environment) { .without_module = true, .module = "none" };
	read_uname();
	snprintf(here.machine, sizeof(here.machine), "%s", machine_kind());
	here.pcid = cpu_has("pcid");
	here.pti = cpu_has("pti");
	here.page_size = (unsigned long)sysconf(_SC_PAGESIZE);
	here.cpus = (unsigned long)sysconf(_SC_NPROCESSORS_ONLN);
	for (size_t i = 0; i < ENVIRONMENT_PROBES; i++)
		here.probes[i] = (struct environment_probe) {
			.why = "the module is not there", .cost = -1,
		};
	for (size_t i = 0; i < ENVIRONMENT_PROBES; i++)
		snprintf(here.probes[i].name, sizeof(here.probes[i].name), "%s", probe_names[i]);
	read_cpu();
	read_thp();
	here.pinned_cpu = measuring_cpu();
	environment_set(&here);
}

int environment_read_probes(void)
{
	struct snapshot enable;

	if (snapshot_read(&enable, &format_enable, NULL, 0))
		return -1;
	for (size_t i = 0; i < enable.count; i++) {
		const struct probe_record *probe = snapshot_record(&enable, i);

		for (size_t j = 0; j < ENVIRONMENT_PROBES; j++) {
			if (!strcmp(here.probes[j].name, probe->name))
				here.probes[j].on = probe->attached;
		}
	}
	snapshot_free(&enable);
	return 0;
}

int environment_hold_probes(void)
{
	static const char *const wanted[] = { "switches", "tlb", "births" };
	char words[64] = "";

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (environment_offers(wanted[i]))
			strcat(strcat(words, *words ? " =" : "="), wanted[i]);
	if (*words && probes_hold(words))
		return -1;
	return environment_read_probes();
}
