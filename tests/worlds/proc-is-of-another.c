// SPDX-License-Identifier: GPL-2.0
/* What /proc says of a process by its number is true of init: each witness there lies. */
#include <stdarg.h>

#include "world.h"

/* The path, or that of init in its place. */
static const char *other(const char *path, char *room, size_t size)
{
	char file[32];
	int pid;

	if (sscanf(path, "/proc/%d/%31s", &pid, file) != 2)
		return path;
	snprintf(room, size, "/proc/1/%s", file);
	return room;
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
	char room[64];

	return __real_fopen(other(path, room, sizeof(room)), mode);
}

int __wrap_open(const char *path, int flags, ...)
{
	char room[64];
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	return __real_open(other(path, room, sizeof(room)), flags, mode);
}

DIR *__wrap_opendir(const char *path)
{
	char room[64];

	return __real_opendir(other(path, room, sizeof(room)));
}

int __wrap_access(const char *path, int mode)
{
	char room[64];

	return __real_access(other(path, room, sizeof(room)), mode);
}
