/* SPDX-License-Identifier: GPL-2.0 */
/* The files *_mms together. */
#ifndef SHARESTAT_MEASURE_READ_ACCOUNTS_H
#define SHARESTAT_MEASURE_READ_ACCOUNTS_H

#include "model/accounts.h"

/* Which of the files. */
#define ACCOUNTS_SWITCHES	1U
#define ACCOUNTS_TLB		2U
#define ACCOUNTS_BIRTHS		4U
#define ACCOUNTS_ALL		(ACCOUNTS_SWITCHES | ACCOUNTS_TLB | ACCOUNTS_BIRTHS)

/**
 * accounts_read() - read files and join their rows
 * @accounts: filled; free it with accounts_free()
 * @files: ACCOUNTS_SWITCHES ...
 *
 * Return: 0, or -1 after an explanation.
 */
int accounts_read(struct accounts *accounts, unsigned int files);

#endif
