/* SPDX-License-Identifier: GPL-2.0 */
/* Holds probes for as long as this program runs. */
#ifndef SHARESTAT_READ_PROBES_H
#define SHARESTAT_READ_PROBES_H

/**
 * probes_hold() - have probes attached until probes_let_go() or the end, of any kind
 * @words: as `enable` wants them, "=switches =tlb =births"; added to what is held already
 *
 * Others may hold them, too, or let go: that changes nothing for this program. Nobody
 * can reset the counters meanwhile, so what was read first is the base line.
 *
 * Return: 0, or -1 explained.
 */
int probes_hold(const char *words);
void probes_let_go(void);

/** probe_attached() - Return: 1 yes, 0 no, -1 after an explanation */
int probe_attached(const char *name);

/**
 * probes_pause() - hold a probe no more, for what it would be in the way of
 * @name: "tlb"; left as it is when somebody has it switched on for all
 *
 * This process or the one that it was forked from holds it, or nobody. probes_hold()
 * takes it again.
 *
 * Return: 0, or -1 explained.
 */
int probes_pause(const char *name);

#endif
