/* SPDX-License-Identifier: GPL-2.0 */
/* Runs a command that waits to be let go, so that all it does can be counted. */
#ifndef SHARESTAT_MEASURE_LAUNCH_H
#define SHARESTAT_MEASURE_LAUNCH_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct launch {
	char **command;
	pid_t pid;
	int status;			/* as a shell gives it, once it has ended */
	bool ended;
	int go[2], error[2];		/* pipes: let it go; why it cannot execute */
	sigset_t signals;		/* as they were blocked before */
};

/**
 * launch_start() - fork a child that waits for launch_go()
 * @launch: filled; launch_end() gives everything back
 * @command: its words, ends with NULL
 *
 * Signals are blocked until launch_end(): launch_ended() takes them.
 *
 * Return: 0, or -1 after an explanation.
 */
int launch_start(struct launch *launch, char **command);
/** launch_go() - let it execute its command. Return: 0 or -1 */
int launch_go(struct launch *launch);
/** launch_executed() - is it on its way as the command, and not as a copy of us */
bool launch_executed(const struct launch *launch);
/**
 * launch_ended() - wait for its end
 * @launch: let go; SIGTERM and SIGHUP are handed on to it
 * @time: of now_seconds(), when to stop waiting
 *
 * Return: whether it has ended, with its status then.
 */
bool launch_ended(struct launch *launch, double time);
/** launch_end() - wait for it, if need be. Return: 0, or -1 when it was never executed */
int launch_end(struct launch *launch);

/** launch_block_signals() - those that launch_sleep() takes; @old as they were */
void launch_block_signals(sigset_t *old);
/** launch_sleep() - Return: the signal that came by @time, or 0 */
int launch_sleep(double time);

#endif
