/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of the program and of its library: a prime number of pages each. */
#ifndef SHARE_AREAS_H
#define SHARE_AREAS_H

#include "page.h"

#define PROGRAM_TEXT_PAGES	13
#define PROGRAM_RODATA_PAGES	11
#define LIBRARY_TEXT_PAGES	7
#define LIBRARY_RODATA_PAGES	5

#define AREA_STRING(value) #value
#define AREA_STRING_OF(value) AREA_STRING(value)

/* A page-aligned area of its own in a section of the program. */
#define AREA(name, section, flags, pages)					\
	__asm__(".pushsection " section ",\"" flags "\",@progbits\n"		\
		".balign " AREA_STRING_OF(PAGE_BYTES) "\n.globl " #name "\n"	\
		".type " #name ",@object\n"					\
		".size " #name ", " AREA_STRING_OF(PAGE_BYTES) " * " AREA_STRING_OF(pages) "\n" \
		#name ":\n.fill " AREA_STRING_OF(PAGE_BYTES) " * " AREA_STRING_OF(pages) ", 1, 0xcc\n"	\
		".popsection")

extern const char program_text[], program_rodata[];

#endif
