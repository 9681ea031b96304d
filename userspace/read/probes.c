// SPDX-License-Identifier: GPL-2.0
/*
 * Attaches probes for as long as this program runs. What was attached before
 * is put back at exit, and when a signal ends it: a line made beforehand is
 * written to a descriptor opened beforehand.
 *
 * Two such programs at once: the one that came first detaches its probes from
 * under the other. The module has one set of probes and keeps no account of
 * who wants them.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/at-end.h"
#include "read/formats.h"
#include "read/open.h"
#include "read/probes.h"
#include "read/snapshot.h"
#include "read/whole-file.h"

static char restore_line[128];	/* as to be written to `enable`; "" for nothing */
static int restore_fd = -1;
static pid_t owner;		/* children inherit all this, but must not restore */

void probes_restore(void)
{
	size_t length = strlen(restore_line);

	if (restore_fd < 0 || owner != getpid())
		return;
	if (length && write(restore_fd, restore_line, length) < 0) {
		static const char text[] = "sharestat: cannot detach the probes again\n";

		(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	}
	close(restore_fd);
	restore_fd = -1;
	restore_line[0] = '\0';
}

static const struct probe_record *find(const struct snapshot *probes, const char *name)
{
	const struct probe_record *records = probes->records;

	for (size_t i = 0; i < probes->count; i++)
		if (!strcmp(records[i].name, name))
			return &records[i];
	return NULL;
}

int probe_attached(const char *name)
{
	struct snapshot probes;
	const struct probe_record *probe;
	int result = -1;

	if (snapshot_read(&probes, &format_enable, NULL, 0))
		return -1;
	probe = find(&probes, name);
	if (probe)
		result = probe->attached;
	else
		warnx("the module has no probe '%s'", name);
	snapshot_free(&probes);
	return result;
}

static bool remembered(const char *name)
{
	const char *at = strstr(restore_line, name);

	return at && at > restore_line && strcspn(at, "\n ") == strlen(name);
}

/* The first state of a probe is the one to go back to. */
static void remember(const char *name, bool attached)
{
	char *end = strchr(restore_line, '\n');
	size_t used = end ? (size_t)(end - restore_line) : 0;

	if (!remembered(name))
		snprintf(restore_line + used, sizeof(restore_line) - used,
			 "%s%c%s\n", used ? " " : "", attached ? '+' : '-', name);
}

static int remember_changes(const struct snapshot *probes, const char *words)
{
	char copy[128], *rest, *word;

	snprintf(copy, sizeof(copy), "%s", words);
	for (word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		const struct probe_record *probe = find(probes, word + 1);

		if (!probe) {
			warnx("the module has no probe '%s'", word + 1);
			return -1;
		}
		if (probe->attached != (*word == '+'))
			remember(probe->name, probe->attached);
	}
	return 0;
}

int probes_enable(const char *words)
{
	struct snapshot probes;
	int result;

	if (owner != getpid())		/* a child starts anew */
		restore_line[0] = '\0';
	if (restore_fd < 0 || owner != getpid())
		restore_fd = source_open_control("enable");
	if (restore_fd < 0 || snapshot_read(&probes, &format_enable, NULL, 0))
		return -1;
	result = remember_changes(&probes, words);
	snapshot_free(&probes);
	if (result)
		return result;
	owner = getpid();
	at_end(probes_restore);
	return source_write("enable", words);
}
