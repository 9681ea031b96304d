// SPDX-License-Identifier: GPL-2.0
/*
 * Why a file of the module cannot be opened: each reason in words of its own, which say
 * what to do. The system calls are doubles.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Whoever else of the unit tests opens a file has the real one. */
static bool acts;

static struct world {
	int error, writing_error;	/* of open(), of opening it for writing, too */
	int filter_error;		/* of write() */
	bool debugfs, loaded, root, dead;
	const char *lockdown;
	char path[256], filter[128];
	int flags;
} world;

static int open_it(const char *path, int flags)
{
	int error = world.error ? world.error :
		    (flags & O_ACCMODE) == O_RDWR ? world.writing_error : 0;

	if (!acts)
		return open(path, flags);
	snprintf(world.path, sizeof(world.path), "%s", path);
	world.flags = flags;
	if (!error)
		return open("/dev/null", O_RDWR | O_CLOEXEC);
	errno = error;
	return -1;
}

static ssize_t write_it(int fd, const void *text, size_t length)
{
	if (!acts)
		return write(fd, text, length);
	snprintf(world.filter, sizeof(world.filter), "%.*s", (int)length, (const char *)text);
	errno = world.filter_error;
	return world.filter_error ? -1 : (ssize_t)length;
}

static int mounted(struct statfs *filesystem)
{
	filesystem->f_type = world.debugfs ? DEBUGFS_MAGIC : TMPFS_MAGIC;
	return 0;
}

static FILE *lockdown_file(void)
{
	char *text = (char *)world.lockdown;

	return text ? fmemopen(text, strlen(text), "r") : NULL;
}

static int kill_it(pid_t pid)
{
	errno = ESRCH;
	return world.dead && pid == 22 ? -1 : 0;
}

#define open(path, flags) open_it(path, flags)
#define write(fd, text, length) write_it(fd, text, length)
#define statfs(path, filesystem) mounted(filesystem)
#define stat(path, status) ((void)(status), world.loaded ? 0 : -1)
#define geteuid() (world.root ? 0U : 1000U)
#define fopen(path, mode) lockdown_file()
#define kill(pid, number) kill_it(pid)
#include "read/open.c"
#undef kill
#undef fopen
#undef geteuid
#undef stat
#undef statfs
#undef write
#undef open
#include "tap.h"

#define LIVE "/sys/kernel/debug/sharestat/"

static void open_tasks(void *opened)
{
	FILE *file = source_open("tasks");

	*(bool *)opened = file;
	if (file)
		fclose(file);
}

static void refused(const char *words, const char *what)
{
	bool opened;
	char *said = capture(stderr, open_tasks, &opened);

	if (!CHECK(!opened && strstr(said, words) && strchr(said, '\n') == strrchr(said, '\n'),
		   "open: %s: one line says so", what))
		printf("# %s\n", said);
	free(said);
}

static void test_reasons(void)
{
	world = (struct world) { .error = ENOENT };
	refused("mount it: sudo mount -t debugfs none /sys/kernel/debug", "debugfs is not mounted");
	world.debugfs = true;
	refused("the module is not loaded; load it: sudo modprobe sharestat", "no module");
	world.loaded = true;
	refused("has no file 'tasks'; this tool is version " SHARESTAT_VERSION, "another version");
	world.error = EACCES;
	refused(LIVE "tasks: only root may use it; run: sudo ", "not root");
	world.root = true;
	refused(LIVE "tasks: Permission denied", "root, and nobody knows why");
	world.lockdown = "none [integrity] confidentiality\n";
	refused("forbidden by kernel lockdown", "lockdown");
	world.lockdown = "none integrity [confidentiality]\n";
	refused("forbidden by kernel lockdown", "the other lockdown");
	world.lockdown = "[none] integrity confidentiality\n";
	world.error = EPERM;
	refused(LIVE "tasks: Operation not permitted", "lockdown that is off");
	world.error = EIO;
	refused(LIVE "tasks: Input/output error", "anything else");
	source_set_root("/a/recording");
	world.error = ENOENT;
	refused("/a/recording/tasks: no such file; --root wants a folder", "not in the recording");
	world.error = EACCES;
	refused("/a/recording/tasks: Permission denied", "a recording of somebody else's");
	source_set_root(NULL);
}

/* An opening for some processes. */
struct filtered {
	pid_t pids[2];
	size_t count;
	bool opened, gone, one;
};

static void open_filter(void *arg)
{
	struct filtered *filtered = arg;
	const pid_t *pids = filtered->pids;
	FILE *file;

	if (filtered->one)
		file = source_open_process("vmas", pids[0], &filtered->gone);
	else
		file = source_open_words("vmas", "shared", pids, filtered->count);
	filtered->opened = file;
	if (file)
		fclose(file);
}

static void filters(struct filtered *filtered, bool opened, const char *words, const char *what)
{
	char *said = capture(stderr, open_filter, filtered);

	if (!CHECK(filtered->opened == opened && (*words ? !!strstr(said, words) : !*said),
		   "open: %s", what))
		printf("# %s\n", said);
	free(said);
}

static void test_filters(void)
{
	struct filtered two = { .pids = { 11, 22 }, .count = 2 };
	struct filtered one = { .pids = { 22 }, .one = true };

	world = (struct world) { .root = true };
	filters(&two, true, "", "a filter of this opening alone");
	CHECK(!strncmp(world.filter, "shared 11 22 ", 13) && !strcmp(world.path, LIVE "vmas") &&
	      (world.flags & O_ACCMODE) == O_RDWR, "open: it is written into the opening");
	world.writing_error = EPERM;
	*world.filter = '\0';
	filters(&two, true, "", "where lockdown forbids writing all is read");
	CHECK(!*world.filter && (world.flags & O_ACCMODE) == O_RDONLY, "open: without a filter");
	world.writing_error = EACCES;
	filters(&two, false, "Permission denied", "not allowed at all");
	world = (struct world) { .filter_error = ESRCH, .dead = true, .root = true };
	filters(&two, false, "process 22 has ended", "who has ended is named");
	filters(&one, false, "", "but not when that was to be expected");
	CHECK(one.gone, "open: then it is only noted");
	world.filter_error = E2BIG;
	filters(&two, false, "too many processes: 2", "too many");
	filters(&one, false, "too many processes: 1", "of one process something else is told");
	CHECK(!one.gone, "open: and it is not gone");
	world.filter_error = EINVAL;
	filters(&two, false, LIVE "vmas: Invalid argument", "the module refuses it");
}

static void open_enable(void *fd)
{
	*(int *)fd = source_open_control("enable");
}

static void ask_whether(void *there)
{
	*(int *)there = source_there();
}

static void test_control(void)
{
	char *said;
	int fd;

	world = (struct world) { .root = true };
	open_enable(&fd);
	CHECK(fd >= 0 && !strcmp(world.path, LIVE "enable") &&
	      (world.flags & O_ACCMODE) == O_WRONLY && (world.flags & O_CLOEXEC),
	      "open: a control file, which no command inherits");
	close(fd);
	source_set_root("/a/recording");
	said = capture(stderr, open_enable, &fd);
	CHECK(fd < 0 && strstr(said, "nothing can be switched on in it"),
	      "open: in a recording there is nothing to control");
	free(said);
	source_set_root(NULL);
	CHECK(source_there(), "open: the module is there");
	world.error = EIO;
	said = capture(stderr, ask_whether, &fd);
	CHECK(!fd && strstr(said, LIVE "version: "), "open: or it is not, and it says why");
	free(said);
}

void test_open(void)
{
	acts = true;
	test_reasons();
	test_filters();
	test_control();
	acts = false;
}
