/* SPDX-License-Identifier: GPL-2.0 */
/* Asks module and kernel what machine this is, and attaches the probes. */
#ifndef SHARESTAT_MEASURE_MACHINE_H
#define SHARESTAT_MEASURE_MACHINE_H

/**
 * environment_read() - ask the module and the kernel, once
 *
 * Return: 0, or -1 explained.
 */
int environment_read(void);
/** environment_read_alone() - ask the kernel only: the module is not there */
void environment_read_alone(void);
/**
 * environment_read_probes() - ask which probes are attached, while they are
 *
 * Return: 0, or -1 explained.
 */
int environment_read_probes(void);
/**
 * environment_hold_probes() - hold the probes switches, tlb, births while we run
 *
 * Those that this kernel offers; who needs another one asks environment_offers().
 *
 * Return: 0, or -1 explained.
 */
int environment_hold_probes(void);

#endif
