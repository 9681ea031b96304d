/* SPDX-License-Identifier: GPL-2.0 */
/* Opens the module's files, live in debugfs or recorded in a folder. */
#ifndef SHARESTAT_READ_OPEN_H
#define SHARESTAT_READ_OPEN_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/**
 * source_set_root() - read recorded files instead of debugfs
 * @dir: folder with files of the same names, or NULL for debugfs
 */
void source_set_root(const char *dir);

/**
 * source_path() - where a file is, for messages
 * @name: "enable", ...
 *
 * Return: a path that the next call overwrites.
 */
const char *source_path(const char *name);

/** source_recorded() - is --root in force: nothing can be switched or filtered */
bool source_recorded(void);

/**
 * source_there() - can the module's files be read
 *
 * Return: true; or false, after an explanation on standard error.
 */
bool source_there(void);

/**
 * source_open() - open one of the module's files for reading
 * @name: "tasks", "mms", ...
 *
 * Explains a failure on standard error, with what to do about it (not root,
 * debugfs not mounted, module not loaded, lockdown, no such recording).
 *
 * Return: the stream, or NULL.
 */
FILE *source_open(const char *name);

/**
 * source_open_for() - open vmas or frames with a filter of this opening's own
 * @name: "vmas", "frames"
 * @tgids: thread groups, or NULL for those that the file covers anyway (those
 *	of set_pid, or all)
 * @count: how many
 *
 * Never touches set_pid. A recording is opened whole, and so is a file that
 * lockdown forbids to open for writing: the reader filters.
 *
 * Return: the stream, or NULL after an explanation (a dead pid is named).
 */
FILE *source_open_for(const char *name, const pid_t *tgids, size_t count);

/**
 * source_open_words() - the same with words of the filter
 * @name: "frames.bin"
 * @words: "", or what the ABI offers for the file: "shared"
 * @tgids: as for source_open_for()
 * @count: how many
 *
 * As for thread groups, it is the reader who filters a recording, what lockdown
 * left open only for reading, and what covers more groups than a filter can.
 */
FILE *source_open_words(const char *name, const char *words, const pid_t *tgids,
			size_t count);

/**
 * source_open_process() - the same for one process that may be gone by now
 * @name: "vmas", "frames"
 * @tgid: the process
 * @gone: set to whether it is
 *
 * Return: the stream, or NULL: without a word when the process is gone.
 */
FILE *source_open_process(const char *name, pid_t tgid, bool *gone);

/**
 * source_open_control() - open a control file for writing
 * @name: "enable"
 *
 * Return: a descriptor, or -1 after an explanation.
 */
int source_open_control(const char *name);

#endif
