/* SPDX-License-Identifier: GPL-2.0 */
/* PID:ADDR, and what is there. */
#ifndef SHARESTAT_PLACE_H
#define SHARESTAT_PLACE_H

#include "read/frame-runs.h"
#include "read/snapshot.h"

/* An address of a process, as a user names it. */
struct place {
	pid_t tgid;
	uint64_t va;			/* of the page, once page_size is known */
};

/**
 * place_parse() - read "PID:ADDR", the address hexadecimal with or without 0x
 * @place: filled
 * @text: as the user gave it
 *
 * Return: 0, or -1 after an explanation.
 */
int place_parse(struct place *place, const char *text);

/** hex_parse() - a hexadecimal number, 0x or not. Return: 0, or -1, silent */
int hex_parse(uint64_t *value, const char *text);

/**
 * place_vma() - the mapping that has an address
 * @vmas: a snapshot of `vmas`
 * @tgid: the process
 * @va: the address
 *
 * Return: the record, or NULL.
 */
const struct vma_record *place_vma(const struct snapshot *vmas, pid_t tgid, uint64_t va);

/** pte_text() - the letters of `frames`: "w.dy.." */
void pte_text(char text[8], unsigned int pte);

#endif
