// SPDX-License-Identifier: GPL-2.0
/*
 * Each experiment in a process of its own: one that crashes or hangs costs its own
 * claim a verdict, and not the report.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "experiments/finding.h"
#include "experiments/message-channel.h"
#include "experiments/run.h"
#include "measure/clock.h"

#define MEASURED	71	/* how it ends when it has come to its end */

/*
 * Where the kernel shares processors among sessions (sched_autogroup), nice counts in a
 * session only, so this one is made to go first. Not root may not; then it is one of many.
 */
static void have_session(void)
{
	FILE *nice;

	if (setsid() < 0)
		return;
	nice = fopen("/proc/self/autogroup", "we");
	if (!nice)
		return;
	fputs("-20", nice);
	fclose(nice);
}

static void __attribute__((noreturn)) be_apart(void (*work)(void *arg), void *arg)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	have_session();
	work(arg);
	_exit(MEASURED);
}

/* Sleeps until it has ended, so as not to disturb what it measures; false when late. */
static bool await_end(pid_t child)
{
	const uint64_t end = now_ns() + experiment_patience() * 1000000000ULL;
	struct pollfd poller = { .fd = syscall(SYS_pidfd_open, child, 0), .events = POLLIN };
	uint64_t now;
	int ready = 0;

	if (poller.fd < 0)
		return true;	/* then for as long as it takes */
	while (now = now_ns(), ready <= 0 && now < end)
		ready = poll(&poller, 1, (int)((end - now) / 1000000 + 1));
	close(poller.fd);
	return ready > 0;
}

static int collect(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Of one that did not come to its end. */
static void explain(struct apart_end *end, bool late, int status)
{
	if (late)
		snprintf(end->why, sizeof(end->why),
			 "the experiment did not end within %u s and was killed",
			 experiment_patience());
	else if (WIFSIGNALED(status))
		snprintf(end->why, sizeof(end->why),
			 "the experiment was killed by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(end->why, sizeof(end->why),
			 "the experiment ended with status %d and no result",
			 WEXITSTATUS(status));
}

bool run_apart(void (*work)(void *arg), void *arg, struct apart_end *end)
{
	bool late;
	pid_t child;
	int status;

	fflush(NULL);
	signal(SIGCHLD, SIG_DFL);	/* who started us may have it ignored */
	channels_begin();
	child = fork();
	if (!child)
		be_apart(work, arg);
	if (child < 0) {
		snprintf(end->why, sizeof(end->why), "no process for the experiment: %s",
			 strerror(errno));
		return false;
	}
	late = !await_end(child);
	if (late)
		kill(child, SIGKILL);
	status = collect(child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == MEASURED)
		return true;
	channels_clear();
	explain(end, late, status);
	return false;
}

static void measure(void *arg)
{
	struct finding *finding = arg;

	finding->claim->measure(finding);
}

/* What it has filled in by then is half of something. */
static void give_up(struct finding *finding)
{
	side_text(&finding->process, "-");
	side_text(&finding->thread, "-");
	finding->nseries = 0;
}

void experiment_run(struct finding *finding)
{
	struct apart_end end;

	if (run_apart(measure, finding, &end))
		return;
	give_up(finding);
	finding_impossible(finding, "%s", end.why);
}
