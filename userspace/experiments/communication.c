// SPDX-License-Identifier: GPL-2.0
/*
 * communication: two tasks on one CPU pass messages by pipe, socket, System V
 * queue and shared memory (processes) and by plain memory (threads). Measured are the round trip
 * of a short message, the bandwidth of a stream of long ones, each built by the
 * sender and read by the receiver, and the system calls a long one needs.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "experiments/message-channel.h"
#include "lib/quantity.h"
#include "measure/clock.h"
#include "measure/pin.h"
#include "model/statistics.h"

#define REPEATS		21
#define WARM_UP		37	/* not timed: each slot of a ring twice, what a fork has to copy */
#define ROUND_TRIPS	53
#define MESSAGES	31
#define SHORT_MESSAGE	8

/* One way to communicate, between two tasks of one kind. */
struct way {
	const char *name;
	enum actor_kind kind;
	enum channel_kind channel;
	struct channel *there, *back;
	double round_trip_ns[REPEATS];
	double bandwidth[REPEATS];	/* bytes a second */
	struct summary round_trip, rate;
	bool fine;			/* it opened, and no message was lost or changed */
	double calls;			/* system calls a long message, both ends */
	uint64_t syscw;			/* write calls of the sender, by the kernel */
};

enum { PIPE, SOCKET, QUEUE, SHARED, THREAD_PIPE, MEMORY, WAYS };

static const struct way ways_to_try[WAYS] = {
	[PIPE] = { .name = "processes, pipe", ACTOR_PROCESS, CHANNEL_PIPE },
	[SOCKET] = { .name = "processes, socket", ACTOR_PROCESS, CHANNEL_SOCKET },
	[QUEUE] = { .name = "processes, System V queue", ACTOR_PROCESS, CHANNEL_QUEUE },
	[SHARED] = { .name = "processes, shared memory", ACTOR_PROCESS, CHANNEL_SHARED_MEMORY },
	[THREAD_PIPE] = { .name = "threads, pipe", ACTOR_THREAD, CHANNEL_PIPE },
	[MEMORY] = { .name = "threads, plain memory", ACTOR_THREAD, CHANNEL_MEMORY },
};

static bool send_message(struct channel *channel, size_t size, uint64_t word)
{
	uint64_t *message = channel_next(channel);

	for (size_t i = 0; message && i < size / sizeof(*message); i++)
		message[i] = word;
	if (message)
		channel_send(channel, size);
	return message;
}

static bool receive_message(struct channel *channel, size_t size, uint64_t word)
{
	const uint64_t *message = channel_receive(channel, size);
	uint64_t different = 0;

	for (size_t i = 0; message && i < size / sizeof(*message); i++)
		different |= message[i] ^ word;
	channel_done(channel);
	return message && !different;
}

/* First sends each short message back, then takes the stream. */
static int partner(void *arg)
{
	struct way *way = arg;
	bool right = true;

	actor_ready();
	for (size_t i = 0; right && i < WARM_UP + ROUND_TRIPS; i++) {
		right = receive_message(way->there, SHORT_MESSAGE, i) &&
			send_message(way->back, SHORT_MESSAGE, i);
		channel_flush(way->back);
	}
	for (size_t i = 0; right && i < MESSAGES; i++)
		right = receive_message(way->there, CHANNEL_MESSAGE, i);
	right = right && send_message(way->back, SHORT_MESSAGE, MESSAGES);
	channel_flush(way->back);
	if (!right)
		channel_break(way->back);
	return !right;
}

static bool make_round_trips(struct way *way, size_t from, size_t to)
{
	bool right = true;

	for (size_t i = from; right && i < to; i++) {
		right = send_message(way->there, SHORT_MESSAGE, i);
		channel_flush(way->there);
		right = right && receive_message(way->back, SHORT_MESSAGE, i);
	}
	return right;
}

static bool time_round_trips(struct way *way, double *ns)
{
	bool right = make_round_trips(way, 0, WARM_UP);
	uint64_t start = now_ns();

	right = right && make_round_trips(way, WARM_UP, WARM_UP + ROUND_TRIPS);
	*ns = (double)(now_ns() - start) / ROUND_TRIPS;
	return right;
}

/* Ends when the partner says that it has read all. */
static bool time_stream(struct way *way, double *bytes_a_second)
{
	uint64_t start = now_ns();
	bool right = true;

	for (size_t i = 0; right && i < MESSAGES; i++)
		right = send_message(way->there, CHANNEL_MESSAGE, i);
	channel_flush(way->there);
	right = right && receive_message(way->back, SHORT_MESSAGE, MESSAGES);
	*bytes_a_second = (double)MESSAGES * CHANNEL_MESSAGE * 1e9 / (now_ns() - start);
	return right;
}

#define IO_ACCOUNT "/proc/thread-self/io"

/* How often this task called write(2), by the kernel's account of its I/O. */
static uint64_t write_calls(void)
{
	FILE *in = fopen(IO_ACCOUNT, "re");
	unsigned long long calls = 0;
	char line[64];

	while (in && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "syscw: %llu", &calls) == 1)
			break;
	}
	if (in)
		fclose(in);
	return calls;
}

static bool measure_stream(struct way *way, double *bytes_a_second)
{
	uint64_t calls = channel_calls(way->there), writes = write_calls();
	bool right = time_stream(way, bytes_a_second);

	way->syscw += write_calls() - writes;
	way->calls += (double)(channel_calls(way->there) - calls) / MESSAGES / REPEATS;
	return right;
}

static bool measure_repeat(struct way *way, size_t repeat)
{
	struct actor *actor = actor_start(way->kind, partner, way);
	bool right;

	if (!actor)
		return false;
	actor_await(actor);
	actor_release(actor);
	right = time_round_trips(way, &way->round_trip_ns[repeat]) &&
		measure_stream(way, &way->bandwidth[repeat]);
	return !actor_join(actor) && right;
}

static bool way_open(struct way *way)
{
	way->there = channel_open(way->channel);
	way->back = channel_open(way->channel);
	return way->there && way->back;
}

static void way_close(struct way *way)
{
	if (way->there)
		channel_close(way->there);
	if (way->back)
		channel_close(way->back);
}

/* Those that no verdict hangs on may be missing: a kernel without System V queues. */
static bool needed(const struct way *way)
{
	return way->channel != CHANNEL_SOCKET && way->channel != CHANNEL_QUEUE;
}

/* Ways take turns, so that a slow moment of the machine meets all of them. */
static bool measure_ways(struct way *ways)
{
	bool right = true;

	for (size_t i = 0; i < WAYS; i++)
		ways[i].fine = way_open(&ways[i]);
	for (size_t repeat = 0; repeat < REPEATS; repeat++) {
		for (size_t i = 0; i < WAYS; i++)
			ways[i].fine = ways[i].fine && measure_repeat(&ways[i], repeat);
	}
	for (size_t i = 0; i < WAYS; i++) {
		way_close(&ways[i]);
		right &= ways[i].fine || !needed(&ways[i]);
	}
	return right;
}

static void tell(struct finding *finding, struct way *way)
{
	struct series series = { .of_threads = way->kind == ACTOR_THREAD, .unit = "ns" };
	char time[32], rate[32];

	if (!way->fine) {
		finding_evidence(finding, "clock_gettime(2)",
				 "%s: not measured: it could not be opened, or a message was lost",
				 way->name);
		return;
	}
	way->round_trip = summarize(way->round_trip_ns, REPEATS);
	way->rate = summarize(way->bandwidth, REPEATS);
	snprintf(series.name, sizeof(series.name), "round trip, %s", way->name);
	finding_point(finding, &series, 0, way->round_trip);
	snprintf(series.name, sizeof(series.name), "bandwidth, %s", way->name);
	series.unit = "bytes/s";
	finding_point(finding, &series, 0, way->rate);
	format_quantity(time, sizeof(time), way->round_trip.median, "ns");
	format_quantity(rate, sizeof(rate), way->rate.median, "bytes");
	finding_evidence(finding, "clock_gettime(2)",
			 "%s: round trip %s; stream of 64 KiB messages %s/s, %.2f system calls a message",
			 way->name, time, rate, way->calls);
}

/* The kernel counts write(2) too: the sender of the pipe must have no other count. */
static void ask_proc(struct finding *finding, const struct way *way)
{
	/* CONFIG_TASK_IO_ACCOUNTING */
	if (access(IO_ACCOUNT, F_OK)) {
		finding_evidence(finding, IO_ACCOUNT,
				 "not in this kernel, so nobody else counted the system calls");
		return;
	}
	finding_witness(finding, IO_ACCOUNT,
			way->syscw >= MESSAGES * REPEATS && way->syscw <= 1.1 * MESSAGES * REPEATS,
			"%s: %d messages, %llu write calls of the sender", way->name,
			MESSAGES * REPEATS, (unsigned long long)way->syscw);
}

static void fill_sides(struct finding *finding, struct way *ways)
{
	char rate[32];

	format_quantity(rate, sizeof(rate), ways[PIPE].rate.median, "bytes/s");
	side_number(&finding->process, ways[PIPE].round_trip_ns, REPEATS, "ns");
	side_label(&finding->process, "pipe, %s", rate);
	format_quantity(rate, sizeof(rate), ways[MEMORY].rate.median, "bytes/s");
	side_number(&finding->thread, ways[MEMORY].round_trip_ns, REPEATS, "ns");
	side_label(&finding->thread, "memory, %s", rate);
}

/*
 * Faster: more bandwidth by a fifth with at most half the system calls, and a
 * round trip, which is mostly switches of task, that is not a quarter longer.
 */
static bool is_faster(double rate, double pipe_rate, double round_trip, double pipe_round_trip)
{
	return rate > 1.2 * pipe_rate && round_trip < 1.25 * pipe_round_trip;
}

static bool faster_median(const struct way *memory, const struct way *pipe)
{
	return is_faster(memory->rate.median, pipe->rate.median, memory->round_trip.median,
			 pipe->round_trip.median);
}

static bool faster_at_best(const struct way *memory, const struct way *pipe)
{
	return is_faster(memory->rate.max, pipe->rate.max, memory->round_trip.min,
			 pipe->round_trip.min);
}

/* What the intervals leave room for. */
static bool faster_perhaps(const struct way *memory, const struct way *pipe)
{
	return is_faster(memory->rate.high, pipe->rate.low, memory->round_trip.low,
			 pipe->round_trip.high);
}

static bool scatters(const struct way *memory, const struct way *pipe)
{
	const bool faster = faster_median(memory, pipe);

	return faster != faster_at_best(memory, pipe) ||
	       (!faster && faster_perhaps(memory, pipe));
}

/*
 * Memory against a pipe, with the same kind of tasks at both: who it is must not be
 * taken for how. In the median and at best; noise only slows, so it is too much when
 * they disagree, or when the intervals leave room for what the medians deny. It does not
 * change the number of system calls.
 */
static void decide(struct finding *finding, const struct way *ways)
{
	static const char *const whose[2] = { "memory that processes share", "threads' memory" };
	const struct way *pipes[2] = { &ways[PIPE], &ways[THREAD_PIPE] };
	const struct way *memories[2] = { &ways[SHARED], &ways[MEMORY] };

	for (int kind = ACTOR_THREAD; kind >= ACTOR_PROCESS; kind--)
		finding_require(finding, memories[kind]->calls < pipes[kind]->calls / 2,
				"%s takes less than half the system calls of a pipe", whose[kind]);
	if (!*finding->failed && (scatters(memories[0], pipes[0]) ||
				  scatters(memories[1], pipes[1]))) {
		finding_impossible(finding, "the times scatter too much to tell them apart: is the machine busy?");
		return;
	}
	for (int kind = ACTOR_THREAD; kind >= ACTOR_PROCESS; kind--)
		finding_require(finding, faster_median(memories[kind], pipes[kind]),
				"%s is faster than a pipe between them", whose[kind]);
	finding_decide(finding, "memory has %.1f times the bandwidth of a pipe between threads, and %.1f times between processes, which may share memory too; %.2f and %.2f of the round trip",
		       memories[1]->rate.median / pipes[1]->rate.median,
		       memories[0]->rate.median / pipes[0]->rate.median,
		       memories[1]->round_trip.median / pipes[1]->round_trip.median,
		       memories[0]->round_trip.median / pipes[0]->round_trip.median);
}

void measure_communication(struct finding *finding)
{
	struct way ways[WAYS];

	memcpy(ways, ways_to_try, sizeof(ways));
	pin_to(measuring_cpu());
	if (measure_ways(ways)) {
		for (size_t i = 0; i < WAYS; i++)
			tell(finding, &ways[i]);
		ask_proc(finding, &ways[PIPE]);
		fill_sides(finding, ways);
		decide(finding, ways);
	} else {
		finding_impossible(finding, "a pipe or memory could not be had, or a message was lost or changed on its way");
	}
	unpin();
}
