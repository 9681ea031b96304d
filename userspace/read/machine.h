/* SPDX-License-Identifier: GPL-2.0 */
/* What machine the report was made on. */
#ifndef SHARESTAT_ENVIRONMENT_H
#define SHARESTAT_ENVIRONMENT_H

#include <stdbool.h>

#include "model/finding.h"

struct json_object;

/* A probe: offered or not and why not, attached or not. */
struct environment_probe {
	char name[16];
	bool offered, on;
	char why[80];
	double cost;			/* ns an event; negative when not measured */
};

#define ENVIRONMENT_PROBES 4

struct environment {
	unsigned long abi;
	char module[32], kernel[96], arch[32];
	char machine[32];		/* emulated, virtual, metal */
	char cpu[96];			/* model name */
	bool pcid, pti;
	char thp[16];			/* always, madvise, never */
	unsigned long page_size, cpus;
	unsigned int pinned_cpu;	/* of timed work */
	struct environment_probe probes[ENVIRONMENT_PROBES];
};

/**
 * environment_read() - ask the module and the kernel, once
 *
 * Return: 0, or -1 explained.
 */
int environment_read(void);
/**
 * environment_read_probes() - ask which probes are attached, while they are
 *
 * Return: 0, or -1 explained.
 */
int environment_read_probes(void);
/** environment_offers() - can this kernel have the probe @name */
bool environment_offers(const char *name);
/**
 * environment_attach() - attach the probes switches, tlb, births while we run
 *
 * Those that this kernel offers; who needs another one asks environment_offers().
 *
 * Return: 0, or -1 explained.
 */
int environment_attach(void);
/** environment_json() - the stamp as an object; the caller puts it */
struct json_object *environment_json(void);
/** environment() - what environment_read() found */
const struct environment *environment(void);

/**
 * finding_needs_probe() - is a probe there for this experiment
 * @finding: becomes NOT MEASURABLE HERE, with the reason, when it is not
 * @name: "switches", "tlb" ...
 */
bool finding_needs_probe(struct finding *finding, const char *name);

#endif
