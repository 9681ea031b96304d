// SPDX-License-Identifier: GPL-2.0
/*
 * isolation: in a group of processes, then in a group of threads, one follows a
 * wild pointer into another's variable, one crashes, one calls exit, one changes
 * the directory and a limit. Who is left alive, and who notices?
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/actor.h"
#include "experiments/claims.h"
#include "experiments/finding.h"
#include "measure/sight.h"
#include "read/formats.h"
#include "read/snapshot.h"

#define OTHERS	3	/* besides the one that crashes */
#define RIGHT	17
#define WRONG	66
#define EXITED	7	/* the status of one that calls exit */
#define NO_THREAD 1	/* of a group that could not have its threads */

/* Where the wild write goes: a variable that its owner trusts to be RIGHT. */
static volatile int trusted;

/* Tasks left of the group, as they are listed and by /proc/PID/task, and the crash's signal. */
struct crash {
	ssize_t before, after, after_proc;	/* -1: could not be counted */
	int ended_by;
	bool damaged;		/* the wild write reached the variable of the owner */
};

static int crash_now(void *arg)
{
	static const struct rlimit no_core;
	volatile int *volatile nowhere = NULL;

	(void)arg;
	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGSEGV, SIG_DFL);
	actor_ready();
#ifndef __clang_analyzer__	/* it is right, and this is what it is for */
	*nowhere = 1;
#endif
	return 0;
}

static int exit_now(void *arg)
{
	(void)arg;
	actor_ready();
	_exit(EXITED);
}

static int write_wildly(void *arg)
{
	(void)arg;
	trusted = WRONG;
	return 0;
}

static bool damages(enum actor_kind kind)
{
	struct actor *actor;

	trusted = RIGHT;
	actor = actor_start(kind, write_wildly, NULL);
	if (actor)
		actor_join(actor);
	return trusted != RIGHT;
}

/* Living tasks of these thread groups; an exiting one has lost its mm. */
static ssize_t count_tasks(const pid_t *tgids, size_t count)
{
	struct snapshot tasks;
	ssize_t living = 0;

	if (sight_read(&tasks, &format_tasks, NULL, 0))
		return -1;
	for (size_t i = 0; i < tasks.count; i++) {
		const struct task_record *task = (const struct task_record *)tasks.records + i;

		for (size_t j = 0; j < count; j++)
			living += task->tgid == tgids[j] && task->object[OBJECT_MM];
	}
	snapshot_free(&tasks);
	return living;
}

static ssize_t count_tasks_proc(const pid_t *tgids, size_t count)
{
	ssize_t living = 0;

	for (size_t i = 0; i < count; i++) {
		const struct dirent *entry;
		char path[32];
		DIR *dir;

		snprintf(path, sizeof(path), "/proc/%d/task", tgids[i]);
		dir = opendir(path);
		if (!dir && errno != ENOENT)
			return -1;
		while (dir && (entry = readdir(dir)))
			living += entry->d_name[0] != '.';
		if (dir)
			closedir(dir);
	}
	return living;
}

/* A process with OTHERS threads and itself; one more thread of it ends by @arg. */
static int ending_group(void *arg)
{
	int (*end)(void *) = arg;
	struct actor *thread, *others[OTHERS - 1];

	for (size_t i = 0; i < OTHERS - 1; i++) {
		others[i] = actor_start(ACTOR_THREAD, actor_idle, NULL);
		if (!others[i])
			return NO_THREAD;
	}
	thread = actor_start(ACTOR_THREAD, end, NULL);
	if (!thread)
		return NO_THREAD;
	actor_await(thread);
	actor_ready();
	actor_release(thread);
	actor_join(thread);
	return 0;
}

static bool end_thread(struct crash *crash, int (*end)(void *))
{
	struct actor *group = actor_start(ACTOR_PROCESS, ending_group, end);
	pid_t tgid;

	if (!group)
		return false;
	actor_await(group);
	tgid = actor_tid(group);
	crash->before = count_tasks(&tgid, 1);
	actor_release(group);
	crash->ended_by = actor_join(group);
	crash->after = count_tasks(&tgid, 1);
	crash->after_proc = count_tasks_proc(&tgid, 1);
	return crash->ended_by != NO_THREAD;
}

static bool end_process(struct crash *crash, int (*end)(void *))
{
	struct actor *crasher, *others[OTHERS - 1];
	pid_t tgids[OTHERS + 1] = { getpid() };

	for (size_t i = 0; i < OTHERS - 1; i++) {
		others[i] = actor_start(ACTOR_PROCESS, actor_idle, NULL);
		if (!others[i])
			return false;
		actor_await(others[i]);
		tgids[i + 1] = actor_tid(others[i]);
	}
	crasher = actor_start(ACTOR_PROCESS, end, NULL);
	if (!crasher)
		return false;
	actor_await(crasher);
	tgids[OTHERS] = actor_tid(crasher);
	crash->before = count_tasks(tgids, OTHERS + 1);
	actor_release(crasher);
	crash->ended_by = actor_join(crasher);
	crash->after = count_tasks(tgids, OTHERS + 1);
	crash->after_proc = count_tasks_proc(tgids, OTHERS + 1);
	for (size_t i = 0; i < OTHERS - 1; i++)
		actor_join(others[i]);
	return true;
}

/* What else a task can do to itself, and to whom it then happens. */
struct harm {
	bool directory, limit;
};

static int change_directory(void *arg)
{
	(void)arg;
	return chdir("/") ? 1 : 0;
}

/* A limit that nobody is near, and that is not at its least: ulimit -f may be 0. */
static int resource = -1;

static bool choose_limit(struct rlimit *limit)
{
	static const int resources[] = { RLIMIT_FSIZE, RLIMIT_MSGQUEUE, RLIMIT_SIGPENDING };

	for (size_t i = 0; i < sizeof(resources) / sizeof(*resources); i++) {
		resource = resources[i];
		if (!getrlimit(resource, limit) && limit->rlim_cur)
			return true;
	}
	return false;
}

static int lower_limit(void *arg)
{
	struct rlimit limit;

	(void)arg;
	if (getrlimit(resource, &limit))
		return 1;
	limit.rlim_cur = limit.rlim_cur > 1 << 30 ? 1 << 30 : limit.rlim_cur / 2;
	return setrlimit(resource, &limit) ? 1 : 0;
}

static bool act(enum actor_kind kind, int (*body)(void *))
{
	struct actor *actor = actor_start(kind, body, NULL);

	return actor && !actor_join(actor);
}

/* Both are put back. */
static bool measure_harm(struct harm *harm, enum actor_kind kind)
{
	int home = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct rlimit before, after;
	struct stat here, there;
	bool fine;

	if (home < 0 || fchdir(home) || !choose_limit(&before))
		return false;
	/* Away from the root, so that a change can be seen. */
	fine = !chdir("/proc") && !stat(".", &here) && act(kind, change_directory) &&
	       !stat(".", &there);
	/* A root and /proc may have one number: a tmpfs begins with 1, too. */
	harm->directory = fine && (here.st_dev != there.st_dev || here.st_ino != there.st_ino);
	fine = fine && act(kind, lower_limit) && !getrlimit(resource, &after);
	harm->limit = fine && after.rlim_cur != before.rlim_cur;
	setrlimit(resource, &before);
	fine &= !fchdir(home);
	close(home);
	return fine;
}

static void tell_harm(struct finding *finding, const char *what, const struct harm *harm,
		      const struct crash *ended)
{
	finding_evidence(finding, "chdir(2)", "%s changed its directory: the starter's %s", what,
			 harm->directory ? "is another one now" : "stayed");
	finding_evidence(finding, "setrlimit(2)", "%s lowered a limit: the starter's %s",
			 what, harm->limit ? "is lower now" : "stayed");
	finding_evidence(finding, "debugfs:tasks",
			 "%s called exit: %zd tasks before, %zd after it (status %d)", what,
			 ended->before, ended->after, ended->ended_by);
}

static void tell(struct finding *finding, const char *what, const struct crash *crash)
{
	finding_evidence(finding, "wait(2)", "%s that crashed ended by signal %d (SIGSEGV is %d)",
			 what, -crash->ended_by, SIGSEGV);
	finding_evidence(finding, "debugfs:tasks", "%s: %zd tasks before the crash, %zd after it",
			 what, crash->before, crash->after);
	if (crash->after_proc < 0)
		finding_unwitnessed(finding, "/proc/PID/task", "%s: cannot be read", what);
	else
		finding_witness(finding, "/proc/PID/task", crash->after == crash->after_proc,
				"%s: %zd tasks after the crash", what, crash->after_proc);
	finding_evidence(finding, "memory", "%s wrote %d to another's variable, whose owner now reads %s",
			 what, WRONG, crash->damaged ? "that" : "what it had before");
}

static void fill_side(struct side *side, const struct crash *crash)
{
	side_count(side, crash->after, "tasks");
	side_label(side, "%zd of %d survive a crash, a wild write %s",
		   crash->after, OTHERS, crash->damaged ? "hits" : "misses");
}

/* What was seen of one kind. */
struct fate {
	struct crash crash, ended;
	struct harm harm;
};

static bool counted(const struct crash *crash)
{
	return crash->before >= 0 && crash->after >= 0;
}

static void require_lonely(struct finding *finding, const struct fate *process)
{
	finding_require(finding, process->crash.before == OTHERS + 1,
			"%d processes live before one crashes", OTHERS + 1);
	finding_require(finding, process->crash.ended_by == -SIGSEGV,
			"a process that crashes ends by SIGSEGV");
	finding_require(finding, process->crash.after == OTHERS,
			"the other processes live after a crash");
	finding_require(finding, process->ended.after == OTHERS,
			"the other processes live after one has called exit");
	finding_require(finding, !process->crash.damaged,
			"a process's wild write does not reach another's variable");
	finding_require(finding, !process->harm.directory,
			"a process's change of directory is its own");
	finding_require(finding, !process->harm.limit, "a process's lower limit is its own");
}

static void require_together(struct finding *finding, const struct fate *thread)
{
	finding_require(finding, thread->crash.ended_by == -SIGSEGV,
			"a thread that crashes ends its process by SIGSEGV");
	finding_require(finding, thread->crash.before == OTHERS + 1,
			"%d threads live before one crashes", OTHERS + 1);
	finding_require(finding, thread->crash.after == 0, "no thread lives after a crash");
	finding_require(finding, thread->ended.after == 0,
			"no thread lives after one has called exit");
	finding_require(finding, thread->crash.damaged,
			"a thread's wild write reaches another's variable");
	finding_require(finding, thread->harm.directory,
			"a thread's change of directory is that of all");
	finding_require(finding, thread->harm.limit, "a thread's lower limit is that of all");
}

static void decide(struct finding *finding, const struct fate *process, const struct fate *thread)
{
	if (!counted(&process->crash) || !counted(&process->ended) ||
	    !counted(&thread->crash) || !counted(&thread->ended)) {
		finding_impossible(finding, "the tasks could not be read, so nobody was counted");
		return;
	}
	fill_side(&finding->process, &process->crash);
	fill_side(&finding->thread, &thread->crash);
	require_lonely(finding, process);
	require_together(finding, thread);
	finding_decide(finding, "after a crash %zd of %d other processes and %zd of %d other threads live",
		       process->crash.after, OTHERS, thread->crash.after, OTHERS);
}

void measure_isolation(struct finding *finding)
{
	struct fate process = { 0 }, thread = { 0 };

	if (!end_process(&process.crash, crash_now) || !end_thread(&thread.crash, crash_now) ||
	    !end_process(&process.ended, exit_now) || !end_thread(&thread.ended, exit_now)) {
		finding_impossible(finding, "cannot start %d processes and %d threads", OTHERS,
				   OTHERS);
		return;
	}
	process.crash.damaged = damages(ACTOR_PROCESS);
	thread.crash.damaged = damages(ACTOR_THREAD);
	if (!measure_harm(&process.harm, ACTOR_PROCESS) ||
	    !measure_harm(&thread.harm, ACTOR_THREAD)) {
		finding_impossible(finding, "cannot change the directory, or there is no limit that could be lower");
		return;
	}
	tell(finding, "a process", &process.crash);
	tell(finding, "a thread", &thread.crash);
	tell_harm(finding, "a process", &process.harm, &process.ended);
	tell_harm(finding, "a thread", &thread.harm, &thread.ended);
	decide(finding, &process, &thread);
}
