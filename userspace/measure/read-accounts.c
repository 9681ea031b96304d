// SPDX-License-Identifier: GPL-2.0
/* The files *_mms together. */
#include <stddef.h>

#include "measure/read-accounts.h"
#include "model/accounts.h"
#include "read/formats.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

static int read_file(struct accounts *accounts, const struct format *format)
{
	struct snapshot file;

	if (snapshot_read(&file, format, NULL, 0))
		return -1;
	for (size_t i = 0; i < file.count; i++)
		accounts_add_counted(accounts, snapshot_record(&file, i));
	snapshot_free(&file);
	return 0;
}

int accounts_read(struct accounts *accounts, unsigned int files)
{
	static const struct format *const formats[] = {
		&format_switches_mms, &format_tlb_mms, &format_births_mms,
	};

	*accounts = (struct accounts) { 0 };
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (!(files & 1U << i) || !read_file(accounts, formats[i]))
			continue;
		accounts_free(accounts);
		return -1;
	}
	return 0;
}
