/* SPDX-License-Identifier: GPL-2.0 */
/* The processes that a user names: by -p, and in PID:ADDR. */
#ifndef SHARESTAT_COMMANDS_PROCESSES_H
#define SHARESTAT_COMMANDS_PROCESSES_H

#include "commands/command.h"
#include "read/snapshot.h"

/* What is asked of a process. */
enum process_need {
	NEEDS_TASKS,		/* that it is there */
	NEEDS_MEMORY,		/* and has memory of its own */
};

/**
 * processes_among() - are they there?
 * @pids: numbers of processes, or of threads: these become their process's, which is
 *	said on standard error
 * @count: how many
 * @tasks: all that there are
 * @need: what they must have
 *
 * Return: 0, or -1 after an explanation.
 */
int processes_among(pid_t *pids, size_t count, const struct snapshot *tasks,
		    enum process_need need);

/** processes_find() - the same among those of this moment, or of the recording */
int processes_find(pid_t *pids, size_t count, enum process_need need);

/**
 * options_processes() - the processes of -p, each once
 * @options: with those that are asked for; without any, all is well
 * @need: what they must have
 *
 * For every command that takes -p, before it does anything.
 *
 * Return: 0, or -1 after an explanation.
 */
int options_processes(struct options *options, enum process_need need);

#endif
