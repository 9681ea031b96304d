// SPDX-License-Identifier: GPL-2.0
/* The bits of a page-table entry as letters. */
#include <stdio.h>

#include "show/pte-letters.h"
#include "uapi/sharestat.h"

/* The level that the entry stands on, and whether others have its table. */
static char level(unsigned int pte)
{
	if (pte & SHARESTAT_PTE_PUD)
		return 'H';
	if (pte & SHARESTAT_PTE_TABLE)
		return 't';
	return pte & SHARESTAT_PTE_PMD ? 'h' : '.';
}

void pte_text(char text[8], unsigned int pte)
{
	snprintf(text, 8, "%c%c%c%c%c%c", pte & SHARESTAT_PTE_WRITE ? 'w' : '.',
		 pte & SHARESTAT_PTE_EXEC ? 'x' : '.', pte & SHARESTAT_PTE_DIRTY ? 'd' : '.',
		 pte & SHARESTAT_PTE_YOUNG ? 'y' : '.', pte & SHARESTAT_PTE_SPECIAL ? 's' : '.',
		 level(pte));
}
