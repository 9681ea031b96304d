/* SPDX-License-Identifier: GPL-2.0 */
/* Writing to the module's files what they may refuse: the errno is the answer. */
#ifndef CONTROL_TEST_H
#define CONTROL_TEST_H

#include "sharestat-test.h"

#define TEXT_MAX 16384		/* of a write */

/* open_file() - a file of sharestat; the test ends when that fails */
static inline int open_file(const char *name, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), SHARESTAT_DIR "%s", name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

/* try_write_bytes() - like try_write(), of any bytes */
static inline int try_write_bytes(int fd, const void *bytes, size_t size)
{
	ssize_t written = write(fd, bytes, size);

	if (written < 0)
		return -errno;
	return written == (ssize_t)size ? 0 : -EIO;
}

/* try_write_pids() - one pid, or two when @second is not 0, in one write */
static inline int try_write_pids(int fd, pid_t first, pid_t second)
{
	char text[32];
	int size = sprintf(text, second ? "%d %d\n" : "%d\n", first, second);

	return try_write_bytes(fd, text, size);
}

static inline void write_pids(int fd, pid_t first, pid_t second)
{
	int ret = try_write_pids(fd, first, second);

	if (ret)
		fail("writing %d and %d: %s", first, second, strerror(-ret));
}

/* set_pid() - let it hold this one only */
static inline void set_pid(pid_t pid)
{
	int fd = open_file("set_pid", O_WRONLY);

	write_pids(fd, pid, 0);
	close(fd);
}

#endif /* CONTROL_TEST_H */
