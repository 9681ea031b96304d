// SPDX-License-Identifier: GPL-2.0
/* How values are written in the files of debugfs. */
#include <linux/ctype.h>

#include "export/export.h"
#include "tasks/tasks.h"

#define NAMES(list) { list(SHARESTAT_NAME) }

const char *const sharing_names[] = NAMES(SHARESTAT_SHARING_CLASSES);
const char *const switch_names[] = NAMES(SHARESTAT_SWITCH_CLASSES);
const char *const tlb_reason_names[] = NAMES(SHARESTAT_TLB_REASONS);
const char *const tlb_outcome_names[] = NAMES(SHARESTAT_TLB_OUTCOMES);
const char *const birth_names[] = NAMES(SHARESTAT_BIRTH_KINDS);

void export_header(struct seq_file *m, const char *file, const char *columns)
{
	seq_printf(m, "# sharestat %s %d\n# %s\n", file, SHARESTAT_ABI, columns);
}

void export_id(struct seq_file *m, const void *object)
{
	if (object)
		seq_printf(m, " %014llx", sharestat_id(object));
	else
		seq_puts(m, " -");
}

void export_name(struct seq_file *m, const char *name)
{
	for (; *name; name++) {
		unsigned char c = *name;

		if (c == '\\' || c <= ' ' || c >= 0x7f)
			seq_printf(m, "\\%03o", c);
		else
			seq_putc(m, c);
	}
}
