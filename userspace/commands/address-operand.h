/* SPDX-License-Identifier: GPL-2.0 */
/* PID:ADDR, an address of a process as a user names it. */
#ifndef SHARESTAT_COMMANDS_ADDRESS_OPERAND_H
#define SHARESTAT_COMMANDS_ADDRESS_OPERAND_H

#include <stdint.h>
#include <sys/types.h>

/* An address of a process, as a user names it. */
struct place {
	pid_t tgid;
	uint64_t va;			/* of the page, once page_size is known */
};

/**
 * place_parse() - read "PID:ADDR", the address hexadecimal with or without 0x
 * @place: filled
 * @text: as the user gave it; the number of a thread means its process
 *
 * Return: 0, or -1 after an explanation.
 */
int place_parse(struct place *place, const char *text);

#endif
