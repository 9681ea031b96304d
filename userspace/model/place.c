// SPDX-License-Identifier: GPL-2.0
/* PID:ADDR, and what is there. */
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "model/place.h"

int hex_parse(uint64_t *value, const char *text)
{
	char *end;

	if (!strncasecmp(text, "0x", 2))
		text += 2;
	if (!*text || text[strspn(text, "0123456789abcdefABCDEF")])
		return -1;
	errno = 0;
	*value = strtoull(text, &end, 16);
	return errno ? -1 : 0;
}

int place_parse(struct place *place, const char *text)
{
	char *colon;
	long pid;

	errno = 0;
	pid = strtol(text, &colon, 10);
	if (!errno && colon != text && *colon == ':' && *text >= '0' && *text <= '9' &&
	    pid > 0 && pid <= INT_MAX && !hex_parse(&place->va, colon + 1)) {
		place->tgid = (pid_t)pid;
		return 0;
	}
	warnx("'%s' is not PID:ADDR, a process number and a hexadecimal address such as 1234:7f0012345000",
	      text);
	return -1;
}

const struct vma_record *place_vma(const struct snapshot *vmas, pid_t tgid, uint64_t va)
{
	const struct vma_record *records = vmas->records;

	for (size_t i = 0; i < vmas->count; i++)
		if (records[i].tgid == tgid && va >= records[i].start && va < records[i].end)
			return &records[i];
	return NULL;
}

void pte_text(char text[8], unsigned int pte)
{
	snprintf(text, 8, "%c%c%c%c%c%c", pte & SHARESTAT_PTE_WRITE ? 'w' : '.',
		 pte & SHARESTAT_PTE_EXEC ? 'x' : '.', pte & SHARESTAT_PTE_DIRTY ? 'd' : '.',
		 pte & SHARESTAT_PTE_YOUNG ? 'y' : '.', pte & SHARESTAT_PTE_SPECIAL ? 's' : '.',
		 pte & SHARESTAT_PTE_PUD ? 'H' : pte & SHARESTAT_PTE_PMD ? 'h' : '.');
}
