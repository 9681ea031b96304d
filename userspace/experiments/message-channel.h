/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One way to pass messages to another task, with one interface for all ways.
 * Messages are built and read in place, so that a way without copies can show
 * that it has none.
 */
#ifndef SHARESTAT_EXPERIMENTS_MESSAGE_CHANNEL_H
#define SHARESTAT_EXPERIMENTS_MESSAGE_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum channel_kind {
	CHANNEL_PIPE,
	CHANNEL_SOCKET,		/* a connected pair of AF_UNIX stream sockets */
	CHANNEL_QUEUE,		/* a System V message queue */
	CHANNEL_SHARED_MEMORY,	/* MAP_SHARED|MAP_ANONYMOUS, for processes */
	CHANNEL_MEMORY,		/* plain memory, for threads */
	CHANNEL_KINDS
};

#define CHANNEL_MESSAGE	65536	/* the longest message, in bytes */

struct channel;

struct channel *channel_open(enum channel_kind kind);
void channel_close(struct channel *channel);

/*
 * The sender: where to build the next message, or NULL when the receiver takes none
 * any more; then send; flush ends a batch.
 */
void *channel_next(struct channel *channel);
void channel_send(struct channel *channel, size_t size);
void channel_flush(struct channel *channel);

/* The receiver: the next message, valid until done; NULL on an error or when none comes. */
const void *channel_receive(struct channel *channel, size_t size);
void channel_done(struct channel *channel);

/** channel_break() - whoever waits at the other end of it need wait no more */
void channel_break(struct channel *channel);

/**
 * channels_begin() - from now on it is known what a child opens
 *
 * At the end of who calls this, channels_clear() is done.
 */
void channels_begin(void);

/** channels_clear() - what children that were killed have left in the kernel */
void channels_clear(void);

/** channel_calls() - system calls that both ends made on it so far */
uint64_t channel_calls(const struct channel *channel);

#endif
