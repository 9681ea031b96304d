// SPDX-License-Identifier: GPL-2.0
/*
 * Opens the module's files. The only place that knows where they are and that
 * opens them, so the only one that has to explain why they are not there.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "read/ended.h"
#include "read/open.h"
#include "uapi/sharestat.h"

#define DEBUGFS "/sys/kernel/debug"
#define LIVE_ROOT DEBUGFS "/sharestat"
#define LOCKDOWN "/sys/kernel/security/lockdown"
#define FILTER_MAX 1024		/* processes in one filter, says the ABI */

static const char *root;	/* of --root, or NULL */

void source_set_root(const char *dir)
{
	root = dir;
}

bool source_recorded(void)
{
	return root;
}

const char *source_path(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", root ? root : LIVE_ROOT, name);
	return path;
}

static bool debugfs_mounted(void)
{
	struct statfs filesystem;

	return !statfs(DEBUGFS, &filesystem) &&
	       filesystem.f_type == DEBUGFS_MAGIC;
}

static bool locked_down(void)
{
	char line[128] = "";
	FILE *file = fopen(LOCKDOWN, "re");

	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		*line = '\0';
	fclose(file);
	return strstr(line, "[integrity]") || strstr(line, "[confidentiality]");
}

static void explain_missing(const char *name)
{
	struct stat status;

	if (root)
		warnx("%s: no such file; --root wants a folder with copies of the module's files",
		      source_path(name));
	else if (!debugfs_mounted())
		warnx("debugfs is not mounted; mount it: sudo mount -t debugfs none " DEBUGFS);
	else if (stat(LIVE_ROOT, &status))
		warnx("the module is not loaded; load it: sudo modprobe sharestat, or from its build folder: sudo insmod sharestat.ko");
	else
		warnx("the loaded module has no file '%s'; this tool is version %s: use module and tool of one version",
		      name, SHARESTAT_VERSION);
}

static void explain_forbidden(const char *name)
{
	if (root)
		warn("%s", source_path(name));
	else if (geteuid())
		warnx("%s: only root may use it; run: sudo %s ...", source_path(name),
		      program_invocation_short_name);
	else if (locked_down())
		warnx("%s: forbidden by kernel lockdown (see " LOCKDOWN ")",
		      source_path(name));
	else
		warn("%s", source_path(name));
}

/* Uses errno. */
static void explain(const char *name)
{
	if (errno == ENOENT || errno == ENOTDIR)
		explain_missing(name);
	else if (errno == EACCES || errno == EPERM)
		explain_forbidden(name);
	else
		warn("%s", source_path(name));
}

static int open_or_explain(const char *name, int flags)
{
	int fd = open(source_path(name), flags | O_CLOEXEC);

	if (fd < 0)
		explain(name);
	return fd;
}

bool source_there(void)
{
	int fd = open_or_explain("version", O_RDONLY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static FILE *stream(const char *name, int fd)
{
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (!file && fd >= 0) {
		warn("%s", source_path(name));
		close(fd);
	}
	return file;
}

FILE *source_open(const char *name)
{
	return stream(name, open_or_explain(name, O_RDONLY));
}

/* Uses errno: they were there when they were asked for. */
static void explain_filter(const char *name, const pid_t *tgids, size_t count)
{
	int error = errno;

	for (size_t i = 0; error == ESRCH && i < count; i++) {
		if (count > 1 && (!kill(tgids[i], 0) || errno != ESRCH))
			continue;
		process_ended(tgids[i]);
		return;
	}
	if (error == E2BIG)
		warnx("too many processes: %zu", count);
	else
		warnx("%s: %s", source_path(name), strerror(error));
}

static int write_filter(int fd, const char *words, const pid_t *tgids, size_t count)
{
	char *line = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&line, &length);
	int result = -1;

	if (!out)
		return -1;
	fprintf(out, "%s ", words);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%d ", tgids[i]);
	fputc('\n', out);
	if (!fclose(out))
		result = write(fd, line, length) == (ssize_t)length ? 0 : -1;
	free(line);
	return result;
}

/* @gone: NULL, or set instead of an explanation when a process is not there. */
static FILE *open_filtered(const char *name, const char *words, const pid_t *tgids,
			   size_t count, bool *gone)
{
	int fd;

	if (root || (!count && !*words) || count > FILTER_MAX)
		return source_open(name);
	fd = open(source_path(name), O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == EPERM)
		return source_open(name);
	if (fd < 0) {
		explain(name);
		return NULL;
	}
	if (!write_filter(fd, words, tgids, count))
		return stream(name, fd);
	if (gone && errno == ESRCH)
		*gone = true;
	else
		explain_filter(name, tgids, count);
	close(fd);
	return NULL;
}

FILE *source_open_for(const char *name, const pid_t *tgids, size_t count)
{
	return open_filtered(name, "", tgids, count, NULL);
}

FILE *source_open_words(const char *name, const char *words, const pid_t *tgids,
			size_t count)
{
	return open_filtered(name, words, tgids, count, NULL);
}

FILE *source_open_process(const char *name, pid_t tgid, bool *gone)
{
	*gone = false;
	return open_filtered(name, "", &tgid, 1, gone);
}

int source_open_control(const char *name)
{
	if (root) {
		warnx("--root reads a recording: nothing can be switched on in it");
		return -1;
	}
	return open_or_explain(name, O_WRONLY);
}
