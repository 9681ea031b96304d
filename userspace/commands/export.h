/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of `export`: each writes the metrics of one subject. */
#ifndef SHARESTAT_COMMANDS_EXPORT_H
#define SHARESTAT_COMMANDS_EXPORT_H

#include "model/accounts.h"
#include "model/sums-by-name.h"
#include "show/openmetrics.h"

struct export_choice {
	const char *file;		/* NULL: standard output */
	const char *state;		/* file for export_state(), or NULL */
	bool per_cpu, memory;
	size_t limit;			/* of names in the label comm */
};

/** export_machine() - what machine this is, what is attached. Return: 0, or -1 explained */
int export_machine(struct exposition *to);
/** export_counters() - switches, TLB, births, latency. Return: 0, or -1 explained */
int export_counters(struct exposition *to, const struct export_choice *choice);
/** export_comms() - what there is by name of a program. Return: 0, or -1 explained */
int export_comms(struct exposition *to, const struct export_choice *choice);

/** export_has() - is a file there: one that a recording may lack */
bool export_has(const char *name);

/**
 * export_state() - counters by name that never go back
 * @sums: filled: COMM_BEGUN and COMM_RECEIVED, since the file was begun
 * @now: what the module has; used up
 * @path: where the last call left its readings
 * @limit: of names; once they are taken, a new one is COMMS_OTHER for ever
 *
 * The module drops what it knows of a dead address space once it was read and
 * room is needed, so that plain sums by name fall now and then. Here each
 * reading is held against the one before.
 *
 * Return: 0, or -1 after an explanation.
 */
int export_state(struct comms *sums, struct accounts *now, const char *path, size_t limit);

#endif
