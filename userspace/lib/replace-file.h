/* SPDX-License-Identifier: GPL-2.0 */
/* Files that are there whole or not at all. */
#ifndef SHARESTAT_LIB_REPLACE_FILE_H
#define SHARESTAT_LIB_REPLACE_FILE_H

#include <stddef.h>
#include <sys/types.h>

/**
 * replace_file() - write a file so that readers see the old or the new one
 * @path: may exist; its folder must be writable, and must not fill up
 * @mode: of the new file, whatever the umask
 * @text: all of it
 * @length: of it
 *
 * Written beside @path under another name, synced, then renamed; where a link leads. Into
 * a device or a pipe it is written as it comes.
 *
 * Return: 0, or -1 after an explanation, with the old file untouched.
 */
int replace_file(const char *path, mode_t mode, const char *text, size_t length);

/**
 * replace_check() - can the file be written, before what takes time?
 * @path: as replace_file() will be given it; nothing is written or opened
 *
 * Return: 0, or -1 after an explanation.
 */
int replace_check(const char *path);

/**
 * replace_name() - a name in the same folder that no collector looks at
 * @path: the name to be
 *
 * Return: a template for mkostemp() and mkdtemp(), to be freed; never NULL.
 */
char *replace_name(const char *path);

/** replace_sync_folder() - make what was renamed to @path last */
void replace_sync_folder(const char *path);

#endif
