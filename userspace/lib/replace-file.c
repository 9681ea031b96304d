// SPDX-License-Identifier: GPL-2.0
/* Files that are there whole or not at all. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/at-end.h"
#include "lib/replace-file.h"
#include "lib/xalloc.h"

/* The length of the folder's part of a path, with its slash. */
static int folder_length(const char *path)
{
	size_t length = strlen(path);
	const char *slash;

	while (length > 1 && path[length - 1] == '/')
		length--;
	slash = memrchr(path, '/', length);
	return slash ? (int)(slash - path + 1) : 0;
}

/* With a dot in front and no ending: node_exporter reads *.prom. */
char *replace_name(const char *path)
{
	char *name;

	if (asprintf(&name, "%.*s.sharestat-XXXXXX", folder_length(path), path) < 0)
		out_of_memory();
	return name;
}

void replace_sync_folder(const char *path)
{
	char *folder;
	int fd;

	if (asprintf(&folder, "%.*s", folder_length(path), path) < 0)
		return;
	fd = open(*folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(fd, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		text += written;
		length -= (size_t)written;
	}
	return 0;
}

static int fill(int fd, mode_t mode, const char *text, size_t length)
{
	int result = write_all(fd, text, length) || fchmod(fd, mode) || fsync(fd) ? -1 : 0;

	return close(fd) ? -1 : result;
}

/* A device or a pipe is no file that another could take the place of. */
static int write_into(const char *path, const char *text, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool failed = fd < 0 || write_all(fd, text, length);

	if (fd >= 0 && close(fd))
		failed = true;
	if (failed)
		warn("cannot write %s", path);
	return failed ? -1 : 0;
}

static const char *volatile unfinished;	/* what has not got its name yet */

static void remove_unfinished(void)
{
	if (unfinished)
		unlink(unfinished);
}

/* No signal comes between the file and the word that it is there. */
static int make_unfinished(char *name)
{
	sigset_t all, old;
	int fd;

	at_end(remove_unfinished);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unfinished = name;
	sigprocmask(SIG_SETMASK, &old, NULL);
	return fd;
}

static int replace(const char *path, mode_t mode, const char *text, size_t length)
{
	char *name = replace_name(path);
	int fd = make_unfinished(name), result = -1;

	if (fd < 0) {
		warn("cannot write into the folder of %s", path);
	} else if (fill(fd, mode, text, length) || rename(name, path)) {
		warn("cannot write %s", path);
		unlink(name);
	} else {
		replace_sync_folder(path);
		result = 0;
	}
	unfinished = NULL;
	free(name);
	return result;
}

/* As replace() says it, which makes another file in the folder. */
static bool may_replace(const char *path)
{
	char *folder;
	bool may;

	if (asprintf(&folder, "%.*s", folder_length(path), path) < 0)
		out_of_memory();
	may = !eaccess(*folder ? folder : ".", W_OK | X_OK);
	free(folder);
	if (!may)
		warn("cannot write into the folder of %s", path);
	return may;
}

int replace_check(const char *path)
{
	struct stat status;
	char *behind;
	bool may;

	if (!stat(path, &status) && !S_ISREG(status.st_mode)) {
		if (S_ISDIR(status.st_mode))
			errno = EISDIR;
		else if (!eaccess(path, W_OK))
			return 0;
		warn("cannot write %s", path);
		return -1;
	}
	behind = realpath(path, NULL);
	may = may_replace(behind ? behind : path);
	free(behind);
	return may ? 0 : -1;
}

int replace_file(const char *path, mode_t mode, const char *text, size_t length)
{
	struct stat status;
	char *behind;		/* links: they stay */
	int result;

	if (!stat(path, &status) && !S_ISREG(status.st_mode))
		return write_into(path, text, length);
	behind = realpath(path, NULL);
	result = replace(behind ? behind : path, mode, text, length);
	free(behind);
	return result;
}
