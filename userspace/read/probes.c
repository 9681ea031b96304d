// SPDX-License-Identifier: GPL-2.0
/*
 * The module attaches a probe for whoever holds it by an open descriptor of `enable`,
 * and lets go of it when the descriptor is closed: by this program, or by the kernel
 * when it ends. A child of fork(2) holds on for as long as it lives, one that executes
 * another program does not.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "read/formats.h"
#include "read/open.h"
#include "read/probes.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

static int holding = -1;	/* a descriptor of `enable` */

void probes_let_go(void)
{
	if (holding >= 0)
		close(holding);
	holding = -1;
}

int probes_hold(const char *words)
{
	ssize_t length = (ssize_t)strlen(words);

	if (holding < 0)
		holding = source_open_control("enable");
	if (holding < 0)
		return -1;
	errno = 0;
	if (write(holding, words, (size_t)length) == length)
		return 0;
	warn("%s: cannot write '%s'", source_path("enable"), words);
	if (errno == EBUSY)
		warnx("switch the tracing of functions on: sysctl kernel.ftrace_enabled=1");
	return -1;
}

int probes_pause(const char *name)
{
	struct snapshot probes;
	char word[24];
	int result = 0;

	if (holding < 0)
		return 0;
	if (snapshot_read(&probes, &format_enable, NULL, 0))
		return -1;
	snprintf(word, sizeof(word), "-%s", name);
	for (size_t i = 0; !result && i < probes.count; i++) {
		const struct probe_record *probe = snapshot_record(&probes, i);

		if (!strcmp(probe->name, name) && !strcmp(probe->switched, "off"))
			result = probes_hold(word);
	}
	snapshot_free(&probes);
	return result;
}

int probe_attached(const char *name)
{
	struct snapshot probes;
	int result = -1;

	if (snapshot_read(&probes, &format_enable, NULL, 0))
		return -1;
	for (size_t i = 0; i < probes.count; i++) {
		const struct probe_record *probe = snapshot_record(&probes, i);

		if (!strcmp(probe->name, name))
			result = probe->attached;
	}
	if (result < 0)
		warnx("the module has no probe '%s'", name);
	snapshot_free(&probes);
	return result;
}
