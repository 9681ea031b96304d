/* SPDX-License-Identifier: GPL-2.0 */
/* Attaches probes for as long as this program runs. */
#ifndef SHARESTAT_READ_PROBES_H
#define SHARESTAT_READ_PROBES_H

/**
 * probes_enable() - attach probes, remembering which were attached before
 * @words: as written to `enable`, e.g. "+switches +tlb +births"
 *
 * Return: 0, or -1 explained. probes_restore() puts back what was before; it
 * is called at exit and on SIGINT/SIGTERM by itself.
 */
int probes_enable(const char *words);
void probes_restore(void);

/** probe_attached() - Return: 1 yes, 0 no, -1 after an explanation */
int probe_attached(const char *name);

#endif
