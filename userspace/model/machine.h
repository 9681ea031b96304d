/* SPDX-License-Identifier: GPL-2.0 */
/* The environment stamp: figures mean nothing without the machine. */
#ifndef SHARESTAT_MODEL_MACHINE_H
#define SHARESTAT_MODEL_MACHINE_H

#include <stdbool.h>

/* A probe: offered or not and why not, attached or not. */
struct environment_probe {
	char name[16];
	bool offered, on;
	char why[80];
	double cost;			/* ns an event; negative when not measured */
};

#define ENVIRONMENT_PROBES 4

struct environment {
	bool without_module;		/* seen by /proc and kcmp(2) alone */
	unsigned long abi;
	char module[32], kernel[96], arch[32];
	char machine[32];		/* emulated, virtual, metal */
	char cpu[96];			/* model name */
	bool pcid, pti;
	char unproven[32];		/* why nobody knows the module on this kernel, or empty */
	char thp[16];			/* always, madvise, never */
	unsigned long page_size, cpus;
	unsigned int pinned_cpu;	/* of timed work */
	struct environment_probe probes[ENVIRONMENT_PROBES];
};

/** environment() - this machine; all unknown before environment_read() */
const struct environment *environment(void);
/** environment_set() - what environment_read() found */
void environment_set(const struct environment *machine);
/** environment_probe() - one of its probes by name, or NULL */
const struct environment_probe *environment_probe(const char *name);
/** environment_offers() - can this kernel have the probe @name */
bool environment_offers(const char *name);

#endif
