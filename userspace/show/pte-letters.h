/* SPDX-License-Identifier: GPL-2.0 */
/* The bits of a page-table entry as letters. */
#ifndef SHARESTAT_SHOW_PTE_LETTERS_H
#define SHARESTAT_SHOW_PTE_LETTERS_H

/** pte_text() - the letters of `frames`: "w.dy.." */
void pte_text(char text[8], unsigned int pte);

#endif
