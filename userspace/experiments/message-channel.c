// SPDX-License-Identifier: GPL-2.0
/* Pipe, socket and memory behind one interface; see message-channel.h. */
#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "experiments/message-channel.h"
#include "lib/at-end.h"

#define SLOTS 16
#define QUEUE_PART 8192		/* the usual msgmax: longer messages go in parts */

struct queue_part {
	long type;
	char bytes[QUEUE_PART];
};

/*
 * What both ends see. For memory it is a ring with one sender and one receiver:
 * `sent` and `received` only grow. An end sleeps on the other's counter when it
 * can do no more, and is woken when the other can do no more or says flush:
 * messages go over in batches, without a system call for each.
 */
struct common {
	atomic_uint sent, received;
	atomic_uint receiver_sleeps, sender_sleeps;
	atomic_ulong calls;
	char slots[][CHANNEL_MESSAGE];
};

struct channel {
	enum channel_kind kind;
	int ends[2];		/* read, write; -1 for memory */
	int queue;		/* or -1 */
	size_t size;		/* of what is mapped at common */
	struct common *common;
	char *buffer;		/* messages of pipes and sockets; one for each end */
};

#define QUEUES 16		/* more than there are at a time */

/* The kernel keeps a queue whoever ends: those that there are, plus one; see channels_begin(). */
static atomic_int *queues;

static void remove_queue(int queue)
{
	msgctl(queue, IPC_RMID, NULL);
	for (size_t i = 0; queues && i < QUEUES; i++) {
		int known = queue + 1;

		atomic_compare_exchange_strong(&queues[i], &known, 0);
	}
}

static int make_queue(void)
{
	int queue = msgget(IPC_PRIVATE, 0600);

	for (size_t i = 0; queues && queue >= 0 && i < QUEUES; i++) {
		int none = 0;

		if (atomic_compare_exchange_strong(&queues[i], &none, queue + 1))
			break;
	}
	return queue;
}

void channels_begin(void)
{
	void *shared;

	if (queues)
		return;
	shared = mmap(NULL, QUEUES * sizeof(*queues), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return;
	queues = shared;
	at_end(channels_clear);
}

void channels_clear(void)
{
	for (size_t i = 0; queues && i < QUEUES; i++) {
		int known = atomic_exchange(&queues[i], 0);

		if (known)
			msgctl(known - 1, IPC_RMID, NULL);
	}
}

static bool in_memory(const struct channel *channel)
{
	return channel->kind == CHANNEL_MEMORY || channel->kind == CHANNEL_SHARED_MEMORY;
}

static bool ends_open(struct channel *channel)
{
	if (channel->kind == CHANNEL_PIPE)
		return !pipe(channel->ends);
	if (channel->kind == CHANNEL_SOCKET)
		return !socketpair(AF_UNIX, SOCK_STREAM, 0, channel->ends);
	if (channel->kind == CHANNEL_QUEUE) {
		channel->queue = make_queue();
		return channel->queue >= 0;
	}
	return true;
}

/* Plain memory for threads; else shared, be it only for the tally of calls. */
static bool common_map(struct channel *channel)
{
	int flags = channel->kind == CHANNEL_MEMORY ? MAP_PRIVATE : MAP_SHARED;

	channel->size = sizeof(struct common);
	if (in_memory(channel))
		channel->size += SLOTS * CHANNEL_MESSAGE;
	channel->common = mmap(NULL, channel->size, PROT_READ | PROT_WRITE,
			       flags | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	return channel->common != MAP_FAILED;
}

struct channel *channel_open(enum channel_kind kind)
{
	struct channel *channel = calloc(1, sizeof(*channel));

	if (!channel)
		return NULL;
	channel->kind = kind;
	channel->ends[0] = -1;
	channel->ends[1] = -1;
	channel->queue = -1;
	channel->buffer = calloc(2, CHANNEL_MESSAGE);
	if (!channel->buffer)
		goto free_channel;
	if (!common_map(channel))
		goto free_buffer;
	if (!ends_open(channel))
		goto unmap_common;
	return channel;

unmap_common:
	munmap(channel->common, channel->size);
free_buffer:
	free(channel->buffer);
free_channel:
	free(channel);
	return NULL;
}

void channel_close(struct channel *channel)
{
	for (size_t i = 0; i < 2; i++) {
		if (channel->ends[i] >= 0)
			close(channel->ends[i]);
	}
	if (channel->queue >= 0)
		remove_queue(channel->queue);
	munmap(channel->common, channel->size);
	free(channel->buffer);
	free(channel);
}

uint64_t channel_calls(const struct channel *channel)
{
	return atomic_load(&channel->common->calls);
}

static void count_call(struct channel *channel)
{
	atomic_fetch_add_explicit(&channel->common->calls, 1, memory_order_relaxed);
}

/* The other side may have died, or have another memory: nobody waits for ever. */
#define PATIENCE_S 10

/* FUTEX_PRIVATE_FLAG would do for threads only; the same code serves both. */
static long futex(struct channel *channel, int operation, atomic_uint *word, unsigned int value)
{
	static const struct timespec patience = { .tv_sec = PATIENCE_S };

	count_call(channel);
	return syscall(SYS_futex, word, operation, value, &patience, NULL, 0);
}

static void wake(struct channel *channel, atomic_uint *sleeps, atomic_uint *word)
{
	if (atomic_exchange(sleeps, 0))
		futex(channel, FUTEX_WAKE, word, 1);
}

/*
 * The flag goes up before the last look at the word, so no wake-up is lost. Gives
 * false when the word is still the same after all that patience.
 */
static bool sleep_while(struct channel *channel, atomic_uint *sleeps, atomic_uint *word,
			unsigned int value)
{
	bool late;

	atomic_store(sleeps, 1);
	late = atomic_load(word) == value && futex(channel, FUTEX_WAIT, word, value) &&
	       errno == ETIMEDOUT;
	atomic_store(sleeps, 0);
	return !late || atomic_load(word) != value;
}

static char *slot(struct common *common, unsigned int index)
{
	return common->slots[index % SLOTS];
}

void *channel_next(struct channel *channel)
{
	struct common *common = channel->common;
	unsigned int sent = atomic_load(&common->sent), received;

	if (!in_memory(channel))
		return channel->buffer;
	while (received = atomic_load(&common->received), sent - received == SLOTS) {
		wake(channel, &common->receiver_sleeps, &common->sent);
		if (!sleep_while(channel, &common->sender_sleeps, &common->received, received))
			return NULL;
	}
	return slot(common, sent);
}

static void write_all(struct channel *channel, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got;

		count_call(channel);
		got = write(channel->ends[1], channel->buffer + done, size - done);
		if (got < 0 && errno != EINTR)
			return;
		done += got > 0 ? got : 0;
	}
}

/* Who waits for memory has patience of his own, and who waits for a pipe the report's. */
void channel_break(struct channel *channel)
{
	if (channel->queue >= 0)
		remove_queue(channel->queue);
	else if (channel->kind == CHANNEL_SOCKET)
		shutdown(channel->ends[1], SHUT_RDWR);
}

static size_t part_of(size_t left)
{
	return left < QUEUE_PART ? left : QUEUE_PART;
}

static void queue_send(struct channel *channel, size_t size)
{
	for (size_t done = 0; done < size; done += part_of(size - done)) {
		struct queue_part part = { .type = 1 };

		memcpy(part.bytes, channel->buffer + done, part_of(size - done));
		count_call(channel);
		while (msgsnd(channel->queue, &part, part_of(size - done), 0)) {
			if (errno == EINTR)
				continue;
			channel_break(channel);
			return;
		}
	}
}

static const void *queue_receive(struct channel *channel, size_t size)
{
	char *message = channel->buffer + CHANNEL_MESSAGE;

	for (size_t done = 0; done < size; done += part_of(size - done)) {
		struct queue_part part;

		count_call(channel);
		while (msgrcv(channel->queue, &part, sizeof(part.bytes), 0, 0) < 0) {
			if (errno != EINTR)
				return NULL;
		}
		memcpy(message + done, part.bytes, part_of(size - done));
	}
	return message;
}

void channel_send(struct channel *channel, size_t size)
{
	if (in_memory(channel))
		atomic_fetch_add(&channel->common->sent, 1);
	else if (channel->queue >= 0)
		queue_send(channel, size);
	else
		write_all(channel, size);
}

void channel_flush(struct channel *channel)
{
	if (in_memory(channel))
		wake(channel, &channel->common->receiver_sleeps, &channel->common->sent);
}

static const void *read_all(struct channel *channel, size_t size)
{
	char *message = channel->buffer + CHANNEL_MESSAGE;

	for (size_t done = 0; done < size;) {
		ssize_t got;

		count_call(channel);
		got = read(channel->ends[0], message + done, size - done);
		if (got == 0 || (got < 0 && errno != EINTR))
			return NULL;
		done += got > 0 ? got : 0;
	}
	return message;
}

const void *channel_receive(struct channel *channel, size_t size)
{
	struct common *common = channel->common;
	unsigned int received = atomic_load(&common->received);

	if (channel->queue >= 0)
		return queue_receive(channel, size);
	if (!in_memory(channel))
		return read_all(channel, size);
	while (atomic_load(&common->sent) == received) {
		wake(channel, &common->sender_sleeps, &common->received);
		if (!sleep_while(channel, &common->receiver_sleeps, &common->sent, received))
			return NULL;
	}
	return slot(common, received);
}

void channel_done(struct channel *channel)
{
	if (in_memory(channel))
		atomic_fetch_add(&channel->common->received, 1);
}
