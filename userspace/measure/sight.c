// SPDX-License-Identifier: GPL-2.0
/* The module's eyes, or the witnesses'. */
#include <linux/kcmp.h>
#include <unistd.h>

#include "measure/sight.h"
#include "measure/witnessed.h"
#include "model/machine.h"
#include "read/formats.h"
#include "read/whole-file.h"
#include "witness/kcmp.h"
#include "witness/pagemap.h"

static bool witnesses_show(enum sight what)
{
	switch (what) {
	case SEE_OBJECTS:
		return kcmp_same(getpid(), getpid(), KCMP_FILES) == 1;
	case SEE_FRAMES:
		return pagemap_shows_frames();
	default:
		return false;
	}
}

const char *sight_lacks(enum sight what)
{
	static const char *const lacks[] = {
		[SEE_OBJECTS] = "who shares what the module tells, or kcmp(2): neither can be asked here",
		[SEE_FRAMES] = "frames are shown by the module, or by /proc/PID/pagemap and kpagecount to root alone",
		[SEE_MODULE] = "only the module shows it, and it is not there",
	};

	return environment()->without_module && !witnesses_show(what) ? lacks[what] : NULL;
}

int sight_read(struct snapshot *snapshot, const struct format *format, const pid_t *tgids,
	       size_t count)
{
	if (!environment()->without_module)
		return snapshot_read(snapshot, format, tgids, count);
	*snapshot = (struct snapshot) { .format = format };
	if (format == &format_tasks)
		return witnessed_tasks(snapshot);
	if (format == &format_vmas)
		return witnessed_vmas(snapshot, tgids, count);
	return format == &format_frames ? witnessed_frames(snapshot, tgids, count) : -1;
}

int sight_page(pid_t tgid, const void *address, struct page_facts *facts)
{
	struct snapshot frames;
	int error;

	if (!environment()->without_module)
		return page_lookup(tgid, address, facts);
	if (witnessed_frames(&frames, &tgid, 1))
		return -1;
	error = page_in(&frames, tgid, address, facts);
	snapshot_free(&frames);
	return error;
}
