// SPDX-License-Identifier: GPL-2.0
/* What runs in a process of its own: what is left of it when that is killed. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/message-channel.h"
#include "experiments/picture-samples.h"
#include "experiments/run.h"
#include "tap.h"

/* In place of the tool's: nobody has five minutes here. */
unsigned int experiment_patience(void)
{
	return 1;
}

/* In memory that is shared with children. */
static struct shared {
	struct finding finding;
	int queue;		/* what was made last, or -1 */
} *shared;

/* The one to which this process has sent last: a machine has those of others, too. */
static int queue_of(struct channel *channel)
{
	struct msqid_ds queue;
	struct msginfo info;
	int most = msgctl(0, MSG_INFO, (struct msqid_ds *)&info);

	channel_next(channel);
	channel_send(channel, sizeof(long));
	channel_flush(channel);
	for (int i = 0; i <= most; i++) {
		int id = msgctl(i, MSG_STAT, &queue);

		if (id >= 0 && queue.msg_lspid == getpid())
			return id;
	}
	return -1;
}

static bool is_there(int queue)
{
	struct msqid_ds status;

	return !msgctl(queue, IPC_STAT, &status);
}

static void hang_with_queue(struct finding *finding)
{
	struct channel *channel = channel_open(CHANNEL_QUEUE);

	(void)finding;
	if (channel)
		shared->queue = queue_of(channel);
	for (;;)
		pause();
}

static void close_queue(struct finding *finding)
{
	struct channel *channel = channel_open(CHANNEL_QUEUE);

	(void)finding;
	shared->queue = queue_of(channel);
	channel_close(channel);
}

static void run(void (*measure)(struct finding *finding))
{
	struct claim claim = { .id = "none", .measure = measure };

	shared->queue = -1;
	shared->finding = (struct finding) { .claim = &claim };
	experiment_run(&shared->finding);
}

/* The report itself is ended. */
static bool is_ended(int number)
{
	pid_t child = fork();
	int status = 0;

	shared->queue = -1;
	if (!child) {
		run(hang_with_queue);
		_exit(0);
	}
	for (int i = 0; i < 60000 && shared->queue < 0; i++)
		usleep(1000);
	kill(child, number);
	return waitpid(child, &status, 0) == child && WIFSIGNALED(status);
}

static void test_queues(void)
{
	/* First, so that the queues are the child's to remove. */
	CHECK(is_ended(SIGTERM) && shared->queue >= 0 && !is_there(shared->queue),
	      "apart: a report that is ended leaves no queue");
	run(close_queue);
	CHECK(shared->queue >= 0 && !is_there(shared->queue), "apart: a queue that is closed");
	run(hang_with_queue);
	CHECK(strstr(shared->finding.reason, "did not end within 1 s"),
	      "apart: who hangs is killed: %s", shared->finding.reason);
	CHECK(shared->queue >= 0 && !is_there(shared->queue), "apart: and leaves no queue");
}

static int (*family)(struct overlap *overlap);

/* In place of the tool's, which need the module. */
int picture_family(struct overlap *overlap)
{
	return family(overlap);
}

int picture_latencies(struct latencies *latencies)
{
	latencies->buckets[1][LATENCY_BUCKETS - 1] = 7;
	return 0;
}

__attribute__((noreturn)) static int family_hangs(struct overlap *overlap)
{
	overlap->ngroups = 1;
	for (;;)
		pause();
}

static int family_is_seen(struct overlap *overlap)
{
	*overlap = (struct overlap) { .nspaces = 2, .ngroups = 2 };
	overlap->groups = calloc(2, sizeof(*overlap->groups));
	overlap->groups[1].frames = 11;
	return 0;
}

static void test_picture(void)
{
	struct picture picture;

	family = family_hangs;
	picture_measure(&picture);
	CHECK(!picture.has_family && strstr(picture.no_family, "did not end within 1 s"),
	      "apart: a family that hangs is no picture: %s", picture.no_family);
	CHECK(picture.has_latencies && !*picture.no_latencies &&
	      picture.latencies.buckets[1][LATENCY_BUCKETS - 1] == 7,
	      "apart: and the latencies are there");
	family = family_is_seen;
	picture_measure(&picture);
	CHECK(picture.has_family && !*picture.no_family && picture.family.nspaces == 2 &&
	      picture.family.ngroups == 2 && picture.family.groups[1].frames == 11,
	      "apart: of one that is seen all comes back");
	if (picture.has_family)
		overlap_free(&picture.family);
}

void test_apart(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		return;
	test_queues();
	test_picture();
	munmap(shared, sizeof(*shared));
}
