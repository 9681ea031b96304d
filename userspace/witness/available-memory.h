/* SPDX-License-Identifier: GPL-2.0 */
/* How much memory can still be had. */
#ifndef SHARESTAT_WITNESS_AVAILABLE_MEMORY_H
#define SHARESTAT_WITNESS_AVAILABLE_MEMORY_H

/**
 * available_memory() - by the machine and by each control group that this process is in
 * @proc: "/proc"
 * @cgroups: "/sys/fs/cgroup", of either version
 *
 * Return: bytes that may be touched before anything is reclaimed but file pages that nobody
 * used lately, or anybody killed; 0 when the machine does not say.
 */
double available_memory(const char *proc, const char *cgroups);

#endif
